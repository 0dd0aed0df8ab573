// A form that carries a passkey: its button asks the browser for one and sends what it gives.
// data-passkey holds the address of the options for signing in, or nothing when they stand in the form.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (credentials) => (credentials ?? []).map((credential) => ({ ...credential, id: bytes(credential.id) }));

async function optionsOf(form) {
  if (!form.dataset.passkey) return JSON.parse(form.querySelector("script[type='application/json']").textContent);
  const answer = await fetch(form.dataset.passkey, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
}

async function made({ publicKey }) {
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  const challenge = bytes(publicKey.challenge);
  const excludeCredentials = named(publicKey.excludeCredentials);
  const credential = await navigator.credentials.create({ publicKey: { ...publicKey, user, challenge, excludeCredentials } });
  return { credential, response: { attestationObject: text(credential.response.attestationObject) } };
}

async function shown({ publicKey }) {
  const challenge = bytes(publicKey.challenge);
  const allowCredentials = named(publicKey.allowCredentials);
  const credential = await navigator.credentials.get({ publicKey: { ...publicKey, challenge, allowCredentials } });
  const { authenticatorData, signature, userHandle } = credential.response;
  return {
    credential,
    response: {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

async function carry(form) {
  const options = await optionsOf(form);
  const { credential, response } = await (options.publicKey.user ? made(options) : shown(options));
  form.elements.credential.value = JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: { ...response, clientDataJSON: text(credential.response.clientDataJSON) },
    clientExtensionResults: credential.getClientExtensionResults(),
  });
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const refused = form.querySelector("[data-passkey-refused]");
    refused.hidden = true;
    carry(form).catch(() => { refused.hidden = false; });
  });
}
