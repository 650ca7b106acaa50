// The server paints the first frame from the cookie; this only changes it.
const root = document.documentElement;

function remember(theme) {
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
}

function show(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function press() {
  const now = root.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === now));
  }
}

for (const group of document.querySelectorAll("[data-theme-group]")) {
  group.hidden = false;
}
press();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-set]");
  if (!button) return;
  remember(button.dataset.themeSet);
  show(button.dataset.themeSet);
  press();
});

// Saving the profile decides for this device too.
document.addEventListener("submit", (event) => {
  const theme = new FormData(event.target).get("theme");
  if (theme && event.target.method === "post") remember(theme);
});
