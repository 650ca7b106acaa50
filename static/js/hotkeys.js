// Whatever carries data-hotkey answers to its key; other keys go on as "hotkey" events.
// The server has the registry of all of them, and draws the sheet behind "?" from it.
const FIRST = "g";
const WAIT = 1200;
const isOff = document.body.hasAttribute("data-keys-off");
const sheet = () => document.getElementById("hotkeys");
let before = "";
let timer;

function busy(target) {
  return (
    isOff ||
    target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") ||
    document.querySelector("dialog[open]:not(.drawer), [popover]:popover-open")
  );
}

function act(event, key) {
  const isOfPage = key === "?" || key.startsWith("Ctrl+");
  const drawer = !isOfPage && document.querySelector(".drawer[open]");
  const found = [
    ...(drawer || document).querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`),
  ];
  const target = found.findLast((element) => element.checkVisibility()) ?? found.at(-1);
  if (!target && drawer) return;
  if (!target) return document.dispatchEvent(new CustomEvent("hotkey", { detail: key }));
  event.preventDefault();
  if (target.matches("input, textarea")) target.focus();
  else target.click();
}

function show() {
  const page = document.querySelector(".drawer[open]") ?? document;
  for (const row of sheet().querySelectorAll("[data-for]"))
    row.hidden = Boolean(row.dataset.for) && !page.querySelector(row.dataset.for);
  for (const group of sheet().querySelectorAll("section"))
    group.hidden = !group.querySelector("[data-for]:not([hidden])");
  for (const words of sheet().querySelectorAll("[data-keys]"))
    words.hidden = (words.dataset.keys === "off") !== isOff;
  sheet().showModal();
}

// The list of keys is fetched when it is first asked for, and shows what works here.
async function open(link) {
  const where = { target: document.body, swap: "beforeend" };
  if (!sheet()) await htmx.ajax("GET", link.getAttribute("href"), where);
  if (sheet()) show();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[data-hotkey="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

// Keys with Ctrl, or ⌘, are the browser's, but for those that something here carries.
function chord(event, key) {
  if (document.querySelector(`[data-hotkey="${CSS.escape(key)}"]`)) act(event, key);
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.altKey || key.length !== 1 || busy(target)) return;
  if (event.ctrlKey || event.metaKey) return chord(event, `Ctrl+${key}`);
  const typed = before + key;
  before = typed === FIRST ? `${FIRST} ` : "";
  clearTimeout(timer);
  if (!before) return act(event, typed);
  timer = setTimeout(() => (before = ""), WAIT);
});
