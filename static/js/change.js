// A property that was changed closes its form; the focus goes back to what opened it.
const linkTo = (field) => document.querySelector(`a[href$="/change/${field}/"]`);

document.addEventListener("changed", ({ detail: { field } }) => {
  document.getElementById("change-menu")?.hidePopover();
  linkTo(field)?.focus();
});

function cancel(form) {
  const field = form.id.replace("change-", "");
  form.remove();
  linkTo(field)?.focus();
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-cancel]")?.closest(".editable form");
  if (!form) return;
  event.preventDefault();
  cancel(form);
});

// In a drawer Escape would close more than the form.
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest(".editable form");
  if (!form || form.querySelector(".people:not([hidden])")) return;
  event.preventDefault();
  cancel(form);
});
