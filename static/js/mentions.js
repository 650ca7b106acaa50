// form[data-mentions]: "@" and letters offer colleagues; one of them is put in place.
const TYPED = /(^|[^\p{L}\p{N}_])@([\p{L}\p{N}][^@\n]{0,40})?$/u;
const WAIT = 120;
let timer;

const formOf = (node) => node.closest?.("form[data-mentions]");
const menuOf = (area) => formOf(area).querySelector(".people");

function close(area) {
  clearTimeout(timer);
  menuOf(area).hidden = true;
  menuOf(area).replaceChildren();
  area.removeAttribute("aria-activedescendant");
}

function choose(area, option) {
  for (const each of menuOf(area).children) {
    each.setAttribute("aria-selected", String(each === option));
  }
  area.setAttribute("aria-activedescendant", option.id);
}

async function offer(area) {
  const typed = TYPED.exec(area.value.slice(0, area.selectionStart));
  if (!typed) return close(area);
  const menu = menuOf(area);
  const values = { q: typed[2] ?? "" };
  await htmx.ajax("GET", formOf(area).dataset.mentions, { target: menu, values });
  menu.hidden = !menu.children.length || document.activeElement !== area;
  if (menu.hidden) close(area);
  else choose(area, menu.firstElementChild);
}

function put(area, option) {
  const caret = area.selectionStart;
  const from = area.value.slice(0, caret).lastIndexOf("@");
  area.setRangeText(`@${option.dataset.name} `, from, caret, "end");
  close(area);
  area.focus();
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea") || !formOf(event.target)) return;
  clearTimeout(timer);
  timer = setTimeout(offer, WAIT, event.target);
});

document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (!area.matches("textarea") || !formOf(area)) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    return formOf(area).requestSubmit();
  }
  const options = [...menuOf(area).children];
  const at = options.findIndex((each) => each.ariaSelected === "true");
  if (menuOf(area).hidden || at < 0) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) choose(area, options.at((at + steps[event.key]) % options.length));
  else if (event.key === "Enter" || event.key === "Tab") put(area, options[at]);
  else if (event.key === "Escape") close(area);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const form = formOf(event.target);
  const area = form?.querySelector("textarea");
  const option = event.target.closest("[role=option]");
  if (area && option) put(area, option);
  if (area && event.target.closest("[data-at]")) {
    area.setRangeText("@", area.selectionStart, area.selectionEnd, "end");
    area.focus();
    offer(area);
  }
  for (const open of document.querySelectorAll(".people:not([hidden])")) {
    if (!open.contains(event.target) && formOf(open) !== form) {
      close(formOf(open).querySelector("textarea"));
    }
  }
});

function show(root) {
  for (const button of root.querySelectorAll("[data-at][hidden]")) button.hidden = false;
}
show(document);
document.addEventListener("htmx:load", (event) => show(event.target));
