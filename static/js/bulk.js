// The bar that acts on the ticked rows; its menus are fetched with the first tick.
const form = document.getElementById("bulk");
const list = document.getElementById("tasks");
const said = form?.querySelector("[role=status]");
let last = null;
let asked = false;

const picks = () => [...list.querySelectorAll(".pick")];
const whole = () => form.elements.namedItem("all");

async function fetchMenus() {
  asked = true;
  await htmx.ajax("GET", form.dataset.menus, { target: "#bulk-menus" });
  form.elements.namedItem("step").hidden = true;
}

function show() {
  const count = picks().filter((pick) => pick.checked).length;
  const words = document.getElementById("bulk-words")?.dataset;
  if (words) said.textContent = whole()?.checked ? words.all : words.some.replace("%", count);
  list.classList.toggle("selecting", count > 0);
  if (count && !asked) fetchMenus();
}

// From the row ticked last to this one, all become like it.
function range(pick) {
  const every = picks();
  const ends = [every.indexOf(last ?? pick), every.indexOf(pick)].sort((a, b) => a - b);
  for (const one of every.slice(Math.max(ends[0], 0), ends[1] + 1))
    one.checked = pick.checked;
}

function ticked(pick, isRange) {
  if (isRange) range(pick);
  if (whole() && !pick.checked) whole().checked = false;
  last = pick;
  show();
}

function key({ detail }) {
  if (detail === "X") {
    const pick = document.activeElement.closest(".task")?.querySelector(".pick");
    if (!pick) return;
    pick.checked = true;
    ticked(pick, true);
  } else if (list.querySelector(".pick:checked")) {
    form.querySelector(`[aria-keyshortcuts="${CSS.escape(detail)}"]`)?.click();
  }
}

if (form && list) {
  list.addEventListener("click", (event) => {
    if (event.target.matches(".pick")) ticked(event.target, event.shiftKey);
  });
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "all") return;
    for (const pick of picks()) pick.checked = target.checked;
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  document.addEventListener("hotkey", key);
  document.addEventListener("htmx:afterSettle", show);
  show();
}
