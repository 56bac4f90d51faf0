// Saves what is typed while it is typed, and asks anew when an answer changes what else is asked.
const form = () => document.querySelector('form[data-autosave]');

export function start(announce) {
  let waiting, running = Promise.resolve();

  const save = async reveals => {
    const data = new FormData(form());
    data.set('autosave', 'yes');
    data.delete('_handler');
    const answer = await fetch(`${location.pathname}/autosave`, { method: 'POST', body: new URLSearchParams(data), headers: { accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok) return; // the person saves with the button, and is told there what is wrong
    const saved = await answer.json();
    form().elements.version.value = saved.version;
    announce(saved.text);
    if (reveals) await ask();
  };

  // the page itself says what is asked now; what has the focus keeps it
  const ask = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html').querySelector('form[data-autosave]');
    if (!page) return;
    const focused = document.activeElement?.id;
    form().replaceWith(page);
    if (focused) document.getElementById(focused)?.focus();
  };

  document.addEventListener('change', event => {
    if (!event.target.closest('form[data-autosave]')) return;
    clearTimeout(waiting);
    const reveals = event.target.dataset.reveals === 'true';
    waiting = setTimeout(() => { running = running.then(() => save(reveals)); }, reveals ? 0 : 400);
  });
  // the button sends after what is on its way, so that both never meet
  document.addEventListener('submit', event => {
    if (!event.target.matches('form[data-autosave]') || event.target.dataset.ready) return;
    event.preventDefault();
    clearTimeout(waiting);
    running.then(() => { event.target.dataset.ready = 'yes'; form().requestSubmit(); });
  });
}
