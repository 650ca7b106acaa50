// A card is dragged to its place at once; if the server refuses, it goes back.
const board = document.getElementById("board");
const slot = document.createElement("li");
slot.className = "drop-slot";
let card = null;

const cards = (list) => [...list.querySelectorAll(":scope > li[id]:not(.is-dragging)")];

function over(list, y) {
  const next = cards(list).find((one) => {
    const box = one.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  const rest = list.querySelector(":scope > li:not([id]):not(.drop-slot)");
  list.insertBefore(slot, next ?? rest);
}

function clear() {
  slot.remove();
  card?.classList.remove("is-dragging");
  for (const column of board.querySelectorAll(".is-over"))
    column.classList.remove("is-over");
}

const idOf = (item) => item?.id.replace("card-", "") ?? "";

function send(item, home, next) {
  const list = item.parentElement;
  const all = cards(list);
  const at = all.indexOf(item);
  const values = {
    status: list.dataset.status,
    after: idOf(all[at - 1]),
    before: idOf(all[at + 1]),
    organization: board.dataset.organization,
  };
  const url = `${item.querySelector(".move").getAttribute("href")}`;
  const undo = (event) => {
    if (!event.detail.successful) home.insertBefore(item, next);
  };
  item.addEventListener("htmx:afterRequest", undo, { once: true });
  htmx.ajax("POST", url, { source: item, target: item, swap: "none", values });
}

board?.addEventListener("dragstart", (event) => {
  card = event.target.closest("li[draggable]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", idOf(card));
  requestAnimationFrame(() => card?.classList.add("is-dragging"));
});

board?.addEventListener("dragover", (event) => {
  const column = event.target.closest(".column");
  if (!card || !column) return;
  event.preventDefault();
  if (!column.classList.contains("is-over")) clear();
  card.classList.add("is-dragging");
  column.classList.add("is-over");
  over(column.querySelector("ol"), event.clientY);
});

board?.addEventListener("drop", (event) => {
  if (!card || !slot.isConnected) return;
  event.preventDefault();
  const [home, next] = [card.parentElement, card.nextElementSibling];
  slot.replaceWith(card);
  card.classList.remove("is-dragging");
  if (card.parentElement !== home || card.nextElementSibling !== next)
    send(card, home, next === card ? null : next);
});

board?.addEventListener("dragend", () => {
  clear();
  card = null;
});
