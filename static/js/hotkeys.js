// The registry is the page: whatever carries data-hotkey answers to that key.
// Keys nothing carries are passed on as a "hotkey" event.
const FIRST = "g";
const WAIT = 1200;
const sheet = document.getElementById("hotkeys");
const choice = sheet?.querySelector("[data-hotkeys-switch]");
let before = "";

function busy(target) {
  return (
    localStorage.getItem("hotkeys") === "off" ||
    target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") ||
    document.querySelector("dialog[open]:not(.drawer), [popover]:popover-open")
  );
}

function act(key) {
  if (key === "?") return sheet?.showModal();
  const drawer = document.querySelector(".drawer[open]");
  const found = [
    ...(drawer ?? document).querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`),
  ];
  const target = found.findLast((element) => element.checkVisibility()) ?? found.at(-1);
  if (!target && drawer) return;
  if (!target) return document.dispatchEvent(new CustomEvent("hotkey", { detail: key }));
  if (target.matches("input, textarea")) target.focus();
  else target.click();
}

function open() {
  const page = document.querySelector(".drawer[open]") ?? document;
  for (const row of sheet.querySelectorAll("[data-for]")) {
    row.hidden = !page.querySelector(row.dataset.for);
  }
  choice.checked = localStorage.getItem("hotkeys") !== "off";
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || key.length !== 1) return;
  if (busy(target)) return;
  if (key === FIRST && !before) {
    before = `${FIRST} `;
    setTimeout(() => (before = ""), WAIT);
    return;
  }
  if (key === "/") event.preventDefault();
  act(before + key);
  before = "";
});

if (sheet) {
  new MutationObserver(() => sheet.open && open()).observe(sheet, {
    attributeFilter: ["open"],
  });
  choice.addEventListener("change", () => {
    localStorage.setItem("hotkeys", choice.checked ? "on" : "off");
  });
}
