// Asks every few seconds whether the phone has approved this device, and goes on by itself when it has, or when the code is over.
export function start() {
  const form = document.querySelector('form[data-device]');
  const again = () => setTimeout(ask, Number(form.dataset.device) * 1000);
  const ask = async () => {
    const answer = document.hidden ? null : await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (answer?.redirected) location.assign(answer.url);
    else again();
  };
  again();
}
