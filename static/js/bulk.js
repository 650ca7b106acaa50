// The bar that acts on the ticked rows; its menus are fetched with the first tick.
const form = document.getElementById("bulk");
const list = document.getElementById("tasks");
const said = form?.querySelector("[role=status]");
let last = null;
let asked = false;

const forced = list?.classList.contains("selecting");
const picks = () => [...list.querySelectorAll(".pick")];
const whole = () => form.elements.namedItem("all");

// Fifty boxes would be a tenth of the page, so rows come without; a browser that runs
// no scripts asks for them.
function makeBoxes() {
  for (const row of list.querySelectorAll(".task:not(:has(> .pick))")) {
    const key = row.querySelector(":scope > b").textContent;
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "pick", name: "pick" });
    box.value = key.split("-").at(-1);
    box.setAttribute("form", form.id);
    box.setAttribute("aria-label", key);
    row.prepend(box);
  }
}

async function fetchMenus() {
  asked = true;
  await htmx.ajax("GET", form.dataset.menus, { target: "#bulk-menus" });
  form.elements.namedItem("step").hidden = true;
}

function show() {
  makeBoxes();
  const count = picks().filter((pick) => pick.checked).length;
  const words = document.getElementById("bulk-words")?.dataset;
  if (words) said.textContent = whole()?.checked ? words.all : words.some.replace("%", count);
  list.classList.toggle("selecting", forced || count > 0);
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
