// What the drawer is opened from, and what a change in there does to it.
const LINKS = ":is(.task .title, .tcard h3) a";
const TASK = /^(?:\.\.\/|\/tasks\/)?(\d+)\/(?:\?.*)?$/;
const drawer = document.getElementById("drawer");
let task = "";
let opener = "";

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const numberOf = (link) => TASK.exec(link.getAttribute("href"))?.[1];
const linkOf = (number) =>
  [...document.querySelectorAll(LINKS)].find((link) => numberOf(link) === number);
const statusOf = (row) =>
  row.closest("ol[data-status]")?.dataset.status ??
  row.closest("details")?.querySelector("[data-count]")?.dataset.count ??
  "";

function mark() {
  for (const link of document.querySelectorAll(`${LINKS}[aria-current]`))
    link.removeAttribute("aria-current");
  if (task) linkOf(task)?.setAttribute("aria-current", "true");
}

function refresh() {
  const row = linkOf(task)?.closest("li");
  const address = `${location.pathname}row/${location.search}`;
  if (row) htmx.ajax("GET", address, { target: row });
}

// Sent with the row: it goes where it belongs, unless it was put there before.
document.addEventListener("fresh", ({ detail }) => {
  mark();
  const row = linkOf(String(detail.task))?.closest("li");
  const [from, to] = [row && statusOf(row), detail.status];
  if (!from || from === to) return;
  tell("placed", { task: detail.task, from, to });
  tell("carded", { task: detail.card, from, to });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINKS);
  if (!link || !numberOf(link) || event.button) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  opener = numberOf(link);
  const { pathname, search } = new URL(link.href);
  tell("drawer:open", pathname + search);
});

document.addEventListener("drawer:shown", () => {
  task = /(\d+)\/$/.exec(location.pathname)[1];
  mark();
});

document.addEventListener("drawer:hidden", () => {
  const link = linkOf(task) ?? linkOf(opener);
  task = "";
  mark();
  link?.focus({ focusVisible: true });
});

drawer.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.requestConfig.verb !== "get") refresh();
});

// A form without attributes of htmx would lead away: its answer is fetched instead.
drawer.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  const values = submitter?.name ? { [submitter.name]: submitter.value } : {};
  const address = form.getAttribute("action");
  await htmx.ajax("POST", address, { source: form, swap: "none", values });
  const parts = document.getElementById("drawer-parts");
  if (parts) htmx.trigger(parts, "refresh");
});

document.addEventListener("gone", ({ detail }) => {
  const row = linkOf(String(detail.task))?.closest("li");
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  opener = (next?.querySelector(LINKS) && numberOf(next.querySelector(LINKS))) ?? "";
  row?.remove();
  document.getElementById("drawer-parts").remove();
  tell("placed", { ...detail, to: "" });
  tell("carded", { ...detail, to: "" });
  tell("drawer:leave");
});
