// A form whose answer the browser makes with a passkey. allauth's webauthn-json turns
// the server's JSON into what the browser wants, and back.
const { create, get, supported } = window.webauthnJSON;

async function optionsOf(form) {
  const written = document.getElementById("passkey-options");
  if (written) return JSON.parse(written.textContent);
  const headers = { Accept: "application/json" };
  const response = await fetch(form.action, { headers });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).request_options;
}

// One that signs in alone is kept by the device, and opened by its owner only.
function asked(options, form) {
  const alone = form.elements.passwordless?.checked;
  const wanted = options.publicKey.authenticatorSelection;
  wanted.residentKey = alone ? "required" : "discouraged";
  wanted.requireResidentKey = alone;
  if (alone) wanted.userVerification = "required";
  return options;
}

async function answer(form) {
  const options = await optionsOf(form);
  return form.dataset.passkey === "create"
    ? create(asked(options, form))
    : get(options);
}

function prepare(form) {
  const button = form.querySelector("[data-passkey-go]");
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.querySelector("[data-passkey-missing]").hidden = true;
  button.hidden = false;
  const go = async () => {
    trouble.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      trouble.hidden = false;
      button.disabled = false;
      button.focus();
    }
  };
  button.addEventListener("click", go);
  // Enter in a field would send the form without its answer.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
}

if (supported()) {
  for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
  for (const part of document.querySelectorAll("[data-passkey-shown]"))
    part.hidden = false;
}
