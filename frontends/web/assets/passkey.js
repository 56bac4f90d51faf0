// Passkeys: the browser asks for face, finger or the device's own code; what it answers goes back with the form. Without it the forms stay invisible, at their place so that nothing moves, and the password signs in.
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const listed = list => list?.map(one => ({ ...one, id: bytes(one.id) }));

function answerOf(credential) {
  const { response } = credential, told = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) if (response[part]) told[part] = text(response[part]);
  if (response.getTransports) told.transports = response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told, clientExtensionResults: {} });
}

const make = options => navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: listed(options.excludeCredentials) } });
const find = options => navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) } });

async function ask(form) {
  if (form.dataset.passkey === 'make') return make(JSON.parse(form.dataset.options));
  const begun = await fetch(form.dataset.begin, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  if (!begun.ok) throw new Error(String(begun.status));
  const order = await begun.json();
  form.elements.ceremony.value = order.ceremony;
  return find(order.options);
}

export function start(announce) {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const told = form.querySelector('[data-told]');
    form.classList.add('site-can');
    form.addEventListener('submit', async event => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      told.textContent = '';
      try {
        form.elements.credential.value = answerOf(await ask(form));
        form.submit();
      } catch {
        told.textContent = form.dataset.failed;
        announce(form.dataset.failed);
      }
    });
  }
}
