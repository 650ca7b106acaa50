// The registry is the page: whatever carries data-hotkey answers to that key.
// Keys nothing carries are passed on as a "hotkey" event.
const FIRST = "g";
const WAIT = 1200;
const sheet = () => document.getElementById("hotkeys");
let before = "";

function busy(target) {
  return (
    localStorage.getItem("hotkeys") === "off" ||
    target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") ||
    document.querySelector("dialog[open]:not(.drawer), [popover]:popover-open")
  );
}

function act(key) {
  const drawer = key !== "?" && document.querySelector(".drawer[open]");
  const found = [
    ...(drawer || document).querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`),
  ];
  const target = found.findLast((element) => element.checkVisibility()) ?? found.at(-1);
  if (!target && drawer) return;
  if (!target) return document.dispatchEvent(new CustomEvent("hotkey", { detail: key }));
  if (target.matches("input, textarea")) target.focus();
  else target.click();
}

function setSwitch() {
  const choice = document.querySelector("[data-hotkeys-switch]");
  if (choice) choice.checked = localStorage.getItem("hotkeys") !== "off";
}

// The list of keys is fetched when it is first asked for, and shows what works here.
async function open(link) {
  const where = { target: document.body, swap: "beforeend" };
  if (!sheet()) await htmx.ajax("GET", link.getAttribute("href"), where);
  const page = document.querySelector(".drawer[open]") ?? document;
  for (const row of sheet().querySelectorAll("[data-for]"))
    row.hidden = !page.querySelector(row.dataset.for);
  setSwitch();
  sheet().showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[data-hotkey="?"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-hotkeys-switch]")) return;
  localStorage.setItem("hotkeys", target.checked ? "on" : "off");
});

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

setSwitch();
