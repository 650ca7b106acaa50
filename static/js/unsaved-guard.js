// form[data-guard]: leaving with changed fields asks first.
const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
// Asked by what is left without leaving the page.
document.addEventListener("leaving", (event) => {
  const isOpen = (form) => event.target.contains(form) && form.checkVisibility();
  if ([...changed].some(isOpen)) event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
