// What only a browser can do at sign-in: make a passkey, and sign with one.
"use strict";

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// What the server asks, as the browser wants it: bytes where the server wrote text.
function asAsked(form) {
  const asked = JSON.parse(form.dataset.asked);
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) asked.user.id = toBytes(asked.user.id);
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    for (const credential of asked[name] || []) credential.id = toBytes(credential.id);
  }
  return asked;
}

// What the browser answers, as the server reads it.
function asText(credential) {
  const { response } = credential;
  const told = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = toText(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: {},
  });
}

async function passkey(form) {
  const said = form.querySelector("[data-said]");
  said.hidden = true;
  try {
    const publicKey = asAsked(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.answer.value = asText(credential);
    form.submit();
  } catch {
    said.textContent = form.dataset.failed;
    said.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form.dataset.passkey === "create") {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      passkey(form);
    });
  }
  for (const button of form.querySelectorAll("[data-sign]")) {
    button.addEventListener("click", () => passkey(form));
  }
}
