// How much is new in the inbox: asked again while somebody looks, and told in the title.
const EVERY = 30_000;
const place = document.querySelector("[data-unread]");
const bare = document.title.replace(/^\(\d+\+?\) /, "");

function title() {
  const number = place.textContent.trim();
  document.title = number ? `(${number}) ${bare}` : bare;
}

function ask() {
  if (document.visibilityState === "visible") place.dispatchEvent(new Event("unread"));
}

if (place) {
  title();
  if (place.querySelector("[data-unknown]")) ask();
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  new MutationObserver(title).observe(place, { childList: true, subtree: true });
}
