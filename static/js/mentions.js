// form[data-mentions]: "@" and letters offer colleagues; one of them is put in place.
const TYPED = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}][^@\n]{0,40})?$/u;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const WAIT = 120;
let timer;

const formOf = (node) => node.closest?.("form[data-mentions]");
const areaOf = (form) => form.querySelector("textarea");
const menuOf = (area) => formOf(area).querySelector(".people");
const isOurs = (area) => area.matches?.("textarea") && formOf(area);

function close(area) {
  clearTimeout(timer);
  menuOf(area).hidden = true;
  menuOf(area).replaceChildren();
  area.removeAttribute("aria-activedescendant");
}

function choose(area, option) {
  for (const each of menuOf(area).children) each.ariaSelected = String(each === option);
  area.setAttribute("aria-activedescendant", option.id);
}

async function offer(area) {
  const typed = TYPED.exec(area.value.slice(0, area.selectionStart));
  if (!typed) return close(area);
  const menu = menuOf(area);
  const values = { q: typed[1] ?? "" };
  await htmx.ajax("GET", formOf(area).dataset.mentions, { target: menu, values });
  if (!menu.children.length || document.activeElement !== area) return close(area);
  menu.hidden = false;
  choose(area, menu.firstElementChild);
}

function put(area, option) {
  const caret = area.selectionStart;
  const from = area.value.slice(0, caret).lastIndexOf("@");
  area.setRangeText(`@${option.dataset.name} `, from, caret, "end");
  close(area);
  area.focus();
}

document.addEventListener("input", (event) => {
  if (!isOurs(event.target)) return;
  clearTimeout(timer);
  timer = setTimeout(offer, WAIT, event.target);
});

document.addEventListener("keydown", (event) => {
  const { key, target: area } = event;
  if (!isOurs(area)) return;
  const send = key === "Enter" && (event.ctrlKey || event.metaKey);
  if (send) return formOf(area).requestSubmit();
  const options = [...menuOf(area).children];
  const at = options.findIndex((each) => each.ariaSelected === "true");
  if (menuOf(area).hidden || at < 0) return;
  if (STEPS[key]) choose(area, options.at((at + STEPS[key]) % options.length));
  else if (key === "Enter" || key === "Tab") put(area, options[at]);
  else if (key === "Escape") close(area);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const form = formOf(event.target);
  const option = event.target.closest(".people [role=option]");
  for (const open of document.querySelectorAll("form:has(.people:not([hidden]))")) {
    if (open !== form) close(areaOf(open));
  }
  if (option) put(areaOf(form), option);
  if (!form || !event.target.closest("[data-at]")) return;
  areaOf(form).focus();
  areaOf(form).setRangeText("@", areaOf(form).selectionStart, areaOf(form).selectionEnd, "end");
  offer(areaOf(form));
});

const show = (root) => root.querySelectorAll("[data-at]").forEach((at) => (at.hidden = false));
show(document);
document.addEventListener("htmx:load", (event) => show(event.target));
