// j and k walk through the rows by focus, so Enter opens and Tab goes on from there.
document.addEventListener("hotkey", ({ detail: key }) => {
  const links = [...document.querySelectorAll(".task .title a")].filter((link) =>
    link.checkVisibility(),
  );
  const row = document.activeElement.closest(".task");
  if (key === "x") return row?.querySelector(".pick")?.click();
  if (key !== "j" && key !== "k") return;
  const at = links.findIndex((link) => link.closest(".task") === row);
  const next = at < 0 ? 0 : at + (key === "j" ? 1 : -1);
  links[next]?.focus({ focusVisible: true });
  links[next]?.closest(".task").scrollIntoView({ block: "nearest" });
});
