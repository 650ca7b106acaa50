// Menus are native popovers; arrow keys are all that is missing.
const STEPS = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => (at < 0 ? -1 : at - 1),
  Home: () => 0,
  End: () => -1,
};

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const menu = document.querySelector(".menu[popover]:popover-open");
  if (!step || !menu || event.target.matches("input, select, textarea")) return;
  const items = [...menu.querySelectorAll("a[href], button:not(:disabled)")];
  const next = step(items.indexOf(document.activeElement));
  items.at(next >= items.length ? 0 : next)?.focus();
  event.preventDefault();
});

// [data-menu] fills the menu it names from its link; without scripts the link is followed.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-menu]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const menu = document.getElementById(link.dataset.menu);
  await htmx.ajax("GET", link.getAttribute("href"), { target: menu });
  menu.showPopover({ source: link });
  menu.querySelector("a, button")?.focus();
});
