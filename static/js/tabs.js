// Where tabs are wider than the window, the present one is in sight.
for (const here of document.querySelectorAll(":is(.tabs, .side-tabs) [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}
