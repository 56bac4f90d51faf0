// Signing in after wrong passwords asks for a little work; the machine does it while the person reads. Pressed before it is done, the form waits for it, and says so.
export function start(announce) {
  for (const form of document.querySelectorAll('form[data-challenge]')) {
    const who = form.elements.who, nonce = form.elements.nonce;
    let worker = null, solved = null, waiting = null;
    const begin = () => {
      const account = who.value.trim();
      if (solved === account || !account) return;
      worker?.terminate();
      [solved, nonce.value] = [null, ''];
      worker = new Worker(form.dataset.worker, { type: 'module' });
      worker.onmessage = ({ data }) => {
        [solved, nonce.value] = [account, data];
        if (waiting) form.requestSubmit(waiting);
      };
      worker.postMessage({ challenge: form.dataset.challenge, account, bits: Number(form.dataset.bits) });
    };
    who.addEventListener('change', begin);
    form.addEventListener('submit', event => {
      if (form.elements.smsCode?.value || !who.value.trim() || solved === who.value.trim()) return;
      event.preventDefault();
      waiting = event.submitter;
      announce(form.dataset.working);
      begin();
    });
    begin();
  }
}
