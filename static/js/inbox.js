// j and k walk through the lines; other keys press the button of the line that carries
// them. A line that goes gives its place to the next one.
const lines = () => [...document.querySelectorAll(".inbox > li:not(.rest)")];

function go(line) {
  line?.querySelector(".what a")?.focus({ focusVisible: true });
  line?.scrollIntoView({ block: "nearest" });
}

let last = -1;

document.addEventListener("hotkey", ({ detail: key }) => {
  const all = lines();
  const at = all.indexOf(document.activeElement.closest(".inbox > li"));
  if (key === "j" || key === "k") return go(all[at + (key === "j" ? 1 : -1)] ?? all[at]);
  const button = all[at]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button) return;
  last = at;
  button.click();
});

document.addEventListener("htmx:afterSettle", () => {
  if (last < 0) return;
  const all = lines();
  go(all[Math.min(last, all.length - 1)]);
  last = -1;
});
