// A task opens in a drawer over the page that shows it, at the task's own address: loaded
// again it is a page. The steps of the history are ours, as htmx would load that anew.
const home = location.pathname + location.search;
const title = document.title;
const toasts = document.getElementById("toasts");
const drawer = document.createElement("dialog");
const pane = document.createElement("div");
let step = "";
let present = "";

drawer.id = drawer.className = "drawer";
drawer.setAttribute("aria-labelledby", "task-title");
drawer.append(pane);
document.body.append(drawer);

const back = () => history.back();
const tell = (name) => document.dispatchEvent(new CustomEvent(name));
const isFree = () =>
  drawer.dispatchEvent(new CustomEvent("leaving", { bubbles: true, cancelable: true }));

function load(address, how) {
  step = how;
  return htmx.ajax("GET", address, { target: pane });
}

// Words that were not sent are asked about before they are left.
function leave(then) {
  if (isFree()) return then();
  const question = pane.querySelector("#unsaved");
  const answer = () => {
    if (question.returnValue !== "discard") return;
    for (const form of pane.querySelectorAll("form[data-guard]")) form.remove();
    then();
  };
  question.returnValue = "";
  question.addEventListener("close", answer, { once: true });
  question.showModal();
}

function hide() {
  document.body.append(toasts);
  drawer.close();
  pane.replaceChildren();
  document.title = title;
  present = "";
  tell("drawer:hidden");
}

pane.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== pane) return;
  present = detail.pathInfo.requestPath;
  if (step === "push") history.replaceState({ home }, "");
  if (step) history[`${step}State`]({ home, drawer: true }, "", present);
  if (!drawer.open) drawer.showModal();
  drawer.append(toasts);
  pane.querySelector("#task-title").focus();
  tell("drawer:shown");
});

document.addEventListener("drawer:open", ({ detail }) => load(detail, "push"));
document.addEventListener("drawer:leave", () => leave(back));

addEventListener("popstate", ({ state }) => {
  if (!state?.home) return;
  if (state.home !== home) return location.reload();
  const here = location.pathname + location.search;
  if (state.drawer) return here === present || load(here, "");
  if (!present) return;
  const free = isFree();
  if (!free) history.forward();
  leave(free ? hide : back);
});

drawer.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step], a[data-drawer-close]");
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link) event.preventDefault();
  if (link?.matches("[data-step]")) leave(() => load(link.getAttribute("href"), "replace"));
  else if (link || event.target === drawer) leave(back);
});

// Escape is for what lies on top: a menu, a question, at last the drawer.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !drawer.open) return;
  if (document.querySelector("dialog[open]:not(.drawer), [popover]:popover-open")) return;
  event.preventDefault();
  leave(back);
});
drawer.addEventListener("cancel", (event) => {
  if (event.target !== drawer) return;
  event.preventDefault();
  leave(back);
});
drawer.addEventListener("close", () => history.state?.drawer && back());
