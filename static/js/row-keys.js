// The keys of a task act on the row or the card that has the focus.
const FIELDS = { p: "priority", a: "assignees", l: "labels", d: "due_date", t: "team" };
const menu = document.getElementById("status-menu");

function changed(item, link, field) {
  const place = item.matches(".task") ? "row" : "card";
  const { pathname, search } = new URL(`change/${field}/?as=${place}`, link.href);
  const detail = { menu, address: pathname + search, source: link };
  document.dispatchEvent(new CustomEvent("menu", { detail }));
  item.classList.add("is-active");
}

menu?.addEventListener("toggle", ({ newState }) => {
  if (newState === "closed") document.querySelector(".is-active")?.classList.remove("is-active");
});

document.addEventListener("hotkey", ({ detail: key }) => {
  const item = document.activeElement.closest(".task, .column li[id]");
  const link = item?.querySelector(".title a, h3 a");
  // Only who may change a task has this.
  const status = item?.querySelector("a.st, a.move");
  if (!menu || !status || document.querySelector(".pick:checked")) return;
  if (key === "s") status.click();
  else if (key === "e") location.assign(new URL("edit/", link.href));
  else if (FIELDS[key]) changed(item, link, FIELDS[key]);
});

// The row or card stands there anew; the focus stays with its task.
document.addEventListener("changed", ({ detail: { task } }) => {
  if (!menu?.matches(":popover-open")) return;
  menu.hidePopover();
  const links = [...document.querySelectorAll(".task .title a, .column h3 a")];
  links.find((link) => new URL(link.href).pathname.endsWith(`/${task}/`))?.focus();
});
