// Menus are native popovers; keys, filling them and narrowing them are what is missing.
const STEPS = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => (at < 0 ? -1 : at - 1),
  Home: () => 0,
  End: () => -1,
};
const ITEMS = "a[href], button:not(:disabled), input[type=checkbox]";

const menuOpen = () => document.querySelector(".menu[popover]:popover-open");

function walk(menu, step) {
  const items = [...menu.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());
  const next = step(items.indexOf(document.activeElement));
  items.at(next >= items.length ? 0 : next)?.focus();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const menu = menuOpen();
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  const inFilter = target.matches("[data-filter]");
  const typing = target.matches("input:not([type=checkbox]), select, textarea");
  if (typing && !(inFilter && key.startsWith("Arrow"))) return;
  if (STEPS[key]) walk(menu, STEPS[key]);
  else if (/^[1-9]$/.test(key)) menu.querySelector(`[aria-keyshortcuts="${key}"]`)?.click();
  else return;
  event.preventDefault();
});

// [data-filter] leaves the choices whose words hold what is typed; Enter takes the first.
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-filter]")) return;
  const words = target.value.trim().toLowerCase();
  for (const choice of target.form.querySelectorAll("[data-choice]"))
    choice.hidden = !choice.textContent.toLowerCase().includes(words);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-filter]")) return;
  event.preventDefault();
  event.target.form.querySelector("[data-choice]:not([hidden])")?.click();
});

async function open({ menu, address, source }) {
  menu.replaceChildren();
  await htmx.ajax("GET", address, { target: menu });
  if (!menu.children.length) return;
  // A key may be pressed before htmx has settled.
  htmx.process(menu);
  const filter = menu.querySelector("[data-filter]");
  if (filter) filter.hidden = false;
  menu.showPopover({ source });
  (filter ?? menu.querySelector(`input:not([type=hidden]), ${ITEMS}`))?.focus();
}

// Whoever says "menu" has it filled from an address and opened beside its source.
document.addEventListener("menu", ({ detail }) => open(detail));

// [data-menu] names the menu that its link fills; without scripts the link is followed.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-menu]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const menu = document.getElementById(link.dataset.menu);
  open({ menu, address: link.getAttribute("href"), source: link });
});
