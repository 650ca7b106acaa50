// The sheet behind "?" is drawn from the registry of keys; only what it lists works.
// Whatever carries data-hotkey answers to its key; other keys go on as "hotkey" events.
const WAIT = 1200;
const sheet = document.getElementById("hotkeys");
const keys = new Set([...(sheet?.querySelectorAll("[data-key]") ?? [])].map((one) => one.dataset.key));
const isOff = document.body.hasAttribute("data-keys-off");
let before = "";
let timer;

function busy(target) {
  return (
    isOff ||
    target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") ||
    document.querySelector("dialog[open], [popover]:popover-open")
  );
}

function act(key) {
  if (key === "?") return sheet.showModal();
  const found = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`)];
  const target = found.findLast((element) => element.checkVisibility()) ?? found.at(-1);
  if (!target) return document.dispatchEvent(new CustomEvent("hotkey", { detail: key }));
  if (target.matches("input, textarea")) target.focus();
  else target.click();
}

function wait(key) {
  before = key;
  clearTimeout(timer);
  timer = setTimeout(() => (before = ""), WAIT);
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || key.length !== 1) return;
  if (busy(target)) return;
  const typed = before + key;
  const goesOn = [...keys].some((one) => one.startsWith(`${typed} `));
  if (goesOn) return wait(`${typed} `);
  before = "";
  if (!keys.has(typed)) return;
  event.preventDefault();
  act(typed);
});

// The sheet lists what works on this page, and says so when nothing does.
function open() {
  for (const row of sheet.querySelectorAll("[data-for]"))
    row.hidden = Boolean(row.dataset.for) && !document.querySelector(row.dataset.for);
  for (const group of sheet.querySelectorAll("section"))
    group.hidden = !group.querySelector("[data-for]:not([hidden])");
  for (const words of sheet.querySelectorAll("[data-keys]"))
    words.hidden = (words.dataset.keys === "off") !== isOff;
}

if (sheet) {
  const watcher = new MutationObserver(() => sheet.open && open());
  watcher.observe(sheet, { attributeFilter: ["open"] });
}
