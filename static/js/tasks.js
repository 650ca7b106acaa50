// A row's status opens as a menu beside it; without scripts the link leads to a page.
const menu = document.getElementById("status-menu");
let row = null;

document.addEventListener("menu", ({ detail: { source } }) => (row = source.closest(".task")));

document.addEventListener("click", (event) => {
  const link = event.target.closest(".task a.st");
  if (!menu || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const detail = { menu, address: link.getAttribute("href"), source: link };
  document.dispatchEvent(new CustomEvent("menu", { detail }));
});

// The menu's answer takes the place of the row it was opened from.
menu?.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (row && requestConfig.verb === "post" && xhr.status === 200) event.detail.target = row;
});

function count(status, step) {
  for (const place of document.querySelectorAll(`[data-count~="${status}"]`)) {
    if (/[+.,]/.test(place.textContent)) continue;
    place.textContent = place.textContent.replace(/\d+/, (n) => Number(n) + step);
  }
}

// Sent with the toast: a changed row goes to the group it now belongs to.
document.addEventListener("placed", ({ detail: { task, from, to } }) => {
  menu?.hidePopover();
  if (from) count(from, -1);
  else document.getElementById("quick")?.reset();
  document.querySelector("#tasks > .empty")?.remove();
  count(to, 1);
  const link = document.querySelector(`.task a.st[href="${task}/status/"]`);
  const rows = document.getElementById(`rows-${to}`);
  if (link && rows && !rows.contains(link)) rows.prepend(link.closest(".task"));
  for (const group of document.querySelectorAll("#tasks > .group"))
    group.hidden = !group.querySelector(".task, .more");
  if (from) link?.focus();
});
