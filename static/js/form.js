// After a refusal the focus goes where the mending starts.
function mend(root) {
  const faults = root.querySelectorAll("[aria-invalid='true']");
  const summary = root.querySelector(".error-summary");
  (summary ?? faults[0])?.focus();
}

mend(document);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.xhr?.status === 422) mend(event.detail.target);
});

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

// A filter that submits itself; its own button is for pages without scripts.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
