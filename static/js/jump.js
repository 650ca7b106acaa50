// The way to any page: a dialog, fetched when it is asked for. Arrows walk from what one
// types to what was found, Enter opens; without scripts its link leads to a page.
const dialog = () => document.getElementById("jump");
const input = (box) => box.querySelector("input[type=search]");
const found = () => document.getElementById("jump-found");
const first = () => found()?.querySelector("a");
// What to give the focus back to; a link in a menu is gone by then, its button is not.
let before;
let isWaiting = false;

function home() {
  const at = document.activeElement;
  const menu = at.closest("[popover]");
  return (menu && document.querySelector(`[popovertarget="${menu.id}"]`)) || at;
}

async function open(link) {
  if (dialog()?.open) return;
  before = home();
  dialog()?.remove();
  const where = { target: document.body, swap: "beforeend" };
  await htmx.ajax("GET", link.getAttribute("href"), where);
  dialog()?.addEventListener("close", () => {
    isWaiting = false;
    before?.focus();
  });
  dialog()?.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-jump]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

const asked = (box) => input(box).value.split(/\s+/).filter(Boolean).join(" ");
const isFresh = (box) => found().dataset.words === asked(box);

function walk(box, event) {
  const stops = [input(box), ...found().querySelectorAll("a")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = stops.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  stops.at((at + step) % stops.length).focus();
}

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-walk]");
  if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return walk(box, event);
  if (event.key !== "Enter" || event.target !== input(box) || event.isComposing) return;
  event.preventDefault();
  // Somebody who types fast is waited for: what is shown may be for half a word.
  if (isFresh(box)) first()?.click();
  else isWaiting = true;
});

document.addEventListener("htmx:afterSettle", () => {
  const said = found()?.querySelector("[data-said]");
  if (!said) return;
  document.getElementById("jump-said").textContent = said.textContent.trim();
  const box = found().closest("[data-walk]");
  if (!isWaiting || !isFresh(box)) return;
  isWaiting = false;
  first()?.click();
});
