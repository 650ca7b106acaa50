// [data-dialog] opens the dialog it names; without scripts its link is followed.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.matches("dialog[open]:not(.drawer)")) {
    event.target.close();
  }
});

for (const opener of document.querySelectorAll("[data-dialog][hidden]")) {
  opener.hidden = false;
}
