// Each file is sent by itself and shows how far it is; without scripts the form sends
// them together.
const page = document.getElementById("main");
const form = document.getElementById("upload");
const lines = document.getElementById("uploads");
const pattern = document.getElementById("upload-line");

function line(name) {
  const made = pattern.content.firstElementChild.cloneNode(true);
  made.querySelector("[data-name]").textContent = name;
  lines.append(made);
  return made;
}

function refuse(place, reason) {
  place.classList.add("refused");
  place.querySelector("[data-reason]").textContent = reason;
}

function send(file, bar) {
  const body = new FormData(form);
  body.set("pictures", file);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
  });
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  return new Promise((done) => {
    request.addEventListener("loadend", () => done(request));
    request.send(body);
  });
}

function settle(place, answer) {
  const elsewhere = answer.getResponseHeader("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  else if (answer.status === 422) refuse(place, answer.responseText);
  else if (answer.status === 402) {
    const { toast } = JSON.parse(answer.getResponseHeader("HX-Trigger"));
    refuse(place, toast.text);
  } else if (answer.status !== 200) refuse(place, form.dataset.failure);
  else {
    place.remove();
    document.getElementById("nothing")?.remove();
    htmx.swap("#pictures", answer.responseText, { swapStyle: "afterbegin" });
  }
}

async function upload(files) {
  for (const old of lines.querySelectorAll(".refused")) old.remove();
  const waiting = [...files].map((file) => [file, line(file.name)]);
  form.reset();
  for (const [file, place] of waiting) {
    if (file.size > form.dataset.largest) refuse(place, form.dataset.large);
    else settle(place, await send(file, place.querySelector("progress")));
  }
}

function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  if (event.type === "dragleave" && page.contains(event.relatedTarget)) return;
  page.classList.toggle("dropping", event.type === "dragover");
  if (event.type === "drop") upload(event.dataTransfer.files);
}

if (form) {
  for (const kind of ["dragover", "dragleave", "drop"]) page.addEventListener(kind, over);
  form.elements.pictures.addEventListener("change", ({ target }) => upload(target.files));
}
