// Arrows walk over the board; the menu of a card moves it, and the card follows.
const board = document.getElementById("board");
const menu = document.getElementById("status-menu");
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const link = (item) => item?.querySelector("h3 a");
const lists = () => [...board.querySelectorAll(".column > ol")];

board?.addEventListener("keydown", (event) => {
  const item = event.target.closest("li[id]");
  const step = KEYS[event.key];
  if (!step || !item) return;
  event.preventDefault();
  const list = item.parentElement;
  const at = [...list.children].indexOf(item);
  if (step[1]) return link(list.children[at + step[1]])?.focus();
  const all = lists();
  for (let to = all.indexOf(list) + step[0]; all[to]; to += step[0]) {
    const there = all[to].querySelectorAll(":scope > li[id]");
    if (there.length) return link(there[Math.min(at, there.length - 1)]).focus();
  }
});

board?.addEventListener("click", (event) => {
  const from = event.target.closest("a.move");
  if (!from || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const detail = { menu, address: from.getAttribute("href"), source: from };
  document.dispatchEvent(new CustomEvent("menu", { detail }));
});

document.addEventListener("hotkey", ({ detail: key }) => {
  const way = { j: "nextElementSibling", k: "previousElementSibling" }[key];
  const item = document.activeElement.closest(".column li[id]");
  if (!way) return;
  const next = item ? item[way] : board.querySelector(".column li[id]");
  link(next)?.focus();
});

function count(status, change) {
  for (const place of document.querySelectorAll(`[data-count~="${status}"]`)) {
    if (/[+.,]/.test(place.textContent)) continue;
    place.textContent = place.textContent.replace(/\d+/, (n) => Number(n) + change);
  }
}

// The server tells where a card belongs now, whoever moved it and however.
document.addEventListener("carded", ({ detail: { task, from, to } }) => {
  const open = menu.matches(":popover-open");
  if (open) menu.hidePopover();
  const item = document.getElementById(`card-${task}`);
  const list = board.querySelector(`ol[data-status="${to}"]`);
  if (from !== to) [count(from, -1), count(to, 1)];
  if (!item || !list) return;
  if (open || !list.contains(item)) list.prepend(item);
  item.firstElementChild.classList.toggle("done", to === "done");
  if (open) link(item).focus();
});
