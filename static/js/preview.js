// [data-preview]: a text has two faces, Write and Preview, and its buttons become tabs.
let number = 0;

const tabsOf = (box) => [...box.querySelectorAll(".faces > button")];
const areaOf = (box) => box.querySelector("textarea");
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function turn(box, at) {
  for (const [place, tab] of tabsOf(box).entries()) {
    tab.ariaSelected = String(place === at);
    tab.tabIndex = place === at ? 0 : -1;
    panelOf(tab).hidden = place !== at;
  }
}

async function preview(box) {
  const target = panelOf(tabsOf(box)[1]);
  const values = { [areaOf(box).name]: areaOf(box).value };
  target.replaceChildren();
  await htmx.ajax("POST", box.dataset.preview, { target, values });
  if (target.textContent) turn(box, 1);
}

function name(element, role) {
  element.role = role;
  element.id ||= `face-${++number}`;
  return element.id;
}

function dress(box) {
  const [write, look] = tabsOf(box);
  if (write.role) return;
  const panels = [areaOf(box).parentElement, box.lastElementChild];
  box.querySelector(".faces").role = "tablist";
  write.hidden = false;
  look.type = "button";
  for (const [place, tab] of [write, look].entries()) {
    panels[place].setAttribute("aria-labelledby", name(tab, "tab"));
    tab.setAttribute("aria-controls", name(panels[place], "tabpanel"));
  }
  turn(box, 0);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-preview] [role=tab]");
  if (!tab) return;
  const box = tab.closest("[data-preview]");
  if (tab === tabsOf(box)[1]) return preview(box);
  turn(box, 0);
  areaOf(box).focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-preview] [role=tab]")) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const box = event.target.closest("[data-preview]");
  const at = 1 - tabsOf(box).indexOf(event.target);
  tabsOf(box)[at].focus();
  if (at) preview(box);
  else turn(box, 0);
});

const every = (root) => root.querySelectorAll("[data-preview]").forEach(dress);
every(document);
document.addEventListener("htmx:load", (event) => every(event.target));
