const region = document.getElementById("toasts");
const pattern = document.getElementById("toast-pattern");
const LASTS = 6000;

function expire(toast) {
  if (toast.classList.contains("error")) return;
  let timer;
  const start = () => (timer = setTimeout(() => toast.remove(), LASTS));
  const stop = () => clearTimeout(timer);
  for (const kind of ["mouseenter", "focusin"]) toast.addEventListener(kind, stop);
  for (const kind of ["mouseleave", "focusout"]) toast.addEventListener(kind, start);
  start();
}

function say({ text, undo, level }) {
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-text]").textContent = text;
  toast.classList.toggle("error", level === "error");
  const form = toast.querySelector("form");
  if (undo) form.action = undo;
  else form.remove();
  region.append(toast);
  expire(toast);
}

// A refusal that brings its own words needs none of ours.
function fail(event) {
  if (event.detail.xhr?.getResponseHeader("HX-Trigger")) return;
  const { failure, missing } = pattern.dataset;
  say({ text: event.detail.xhr?.status === 404 ? missing : failure, level: "error" });
}

if (region && pattern) {
  for (const toast of region.children) expire(toast);
  region.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".toast").remove();
  });
  document.addEventListener("toast", (event) => say(event.detail));
  document.addEventListener("htmx:responseError", fail);
  document.addEventListener("htmx:sendError", fail);
}
