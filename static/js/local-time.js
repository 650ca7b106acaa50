// Times stand in the zone of the profile; the title tells this device's own.
const format = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "medium",
  timeStyle: "short",
});

function tell(root) {
  for (const time of root.querySelectorAll("time[data-local]:not([title])")) {
    time.title = format.format(new Date(time.dateTime));
  }
}

tell(document);
document.addEventListener("htmx:load", (event) => tell(event.target));
