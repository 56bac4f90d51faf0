// Saves what is typed while it is typed, and asks anew when an answer changes what else is asked.
import { show } from './check.js';

const form = () => document.querySelector('form[data-autosave]');

export function start(announce) {
  const left = new Set(); // fields that were answered and left; the others are not spoken of yet
  let waiting, running = Promise.resolve();

  const save = async reveals => {
    const data = new FormData(form());
    data.set('autosave', 'yes');
    data.delete('_handler');
    const answer = await fetch(`${location.pathname}/autosave`, { method: 'POST', body: new URLSearchParams(data), headers: { accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok) return; // the person saves with the button, and is told there what is wrong
    const saved = await answer.json();
    form().elements.version.value = saved.version;
    if (reveals) await ask();
    const wrong = [...left].filter(name => show(form(), name, saved.errors[name]));
    announce(wrong.length ? saved.errors[wrong.at(-1)] : saved.text);
  };

  // the page itself says what is asked now; questions that stay are left alone, with what is typed in them and the focus
  const groups = of => [...of.querySelectorAll(':scope > .govuk-form-group')];
  const name = group => group.querySelector('[name]')?.name;
  const offers = group => [...group.querySelectorAll('option, [type=radio], [type=checkbox]')].map(option => option.value).join();
  const ask = async () => {
    const asked = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html').querySelector('form[data-autosave]');
    if (!asked) return;
    let before = groups(form())[0];
    const wanted = groups(asked).map(group => groups(form()).find(old => name(old) === name(group) && offers(old) === offers(group)) ?? group);
    for (const gone of groups(form()).filter(old => !wanted.includes(old))) {
      if (gone === before) before = gone.nextElementSibling;
      gone.remove();
    }
    for (const group of wanted) {
      if (group === before) before = group.nextElementSibling;
      else before.before(group);
    }
  };

  document.addEventListener('change', event => {
    if (!event.target.closest('form[data-autosave]')) return;
    clearTimeout(waiting);
    left.add(event.target.name);
    const reveals = event.target.dataset.reveals === 'true';
    waiting = setTimeout(() => { running = running.then(() => save(reveals)).catch(() => {}); }, reveals ? 0 : 400);
  });
  // the button sends after what is on its way, so that both never meet
  document.addEventListener('submit', event => {
    if (!event.target.matches('form[data-autosave]') || event.target.dataset.ready) return;
    event.preventDefault();
    clearTimeout(waiting);
    event.target.dataset.ready = 'yes';
    running.then(() => setTimeout(() => form().requestSubmit())); // a form that is still telling that it is submitted would not hear it
  });
}
