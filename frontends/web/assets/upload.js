// Sends a file with its progress told. Focus stays where it is; where anything is unusual the form goes its plain way.
import { show } from './check.js';
import { Part, sendParts } from './parts.js';

const Steps = 10, Quiet = 2000;

export function start(announce, enhance) {
  document.addEventListener('submit', event => {
    const form = event.target, input = form.querySelector?.('[type=file]');
    if (!form.matches('form[data-upload]') || !input.files.length) return; // the page says that a file is missing
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = 'yes';
    const words = JSON.parse(form.dataset.words), file = input.files[0], data = new FormData(form);
    data.set(input.name, file, file.name);
    show(form, input.name, null);
    const bar = progress(form, input, words, file.name);
    large(form, input, file, data, bar, announce, words).then(request => {
      bar.remove();
      delete form.dataset.sending;
      if (request === null) tell(words.broken);
      else if (request.status === 503 || request.status === 429) tell(words.away);
      else if (request.status === 200 || request.status === 422 || request.status === 409) put(form, request, words, file.name);
      else form.submit(); // signed out, for example: the page that says so comes the plain way
    });
    const tell = text => { if (show(form, input.name, text)) announce(text); };
  });

  /** The part of the answered page that this form is in takes its place, with the focus where it was. */
  const put = (form, request, words, name) => {
    const page = new DOMParser().parseFromString(request.responseText, 'text/html'), here = form.closest('[data-upload-place]');
    const there = page.getElementById(here.id);
    if (!there) { location.assign(request.responseURL); return; }
    const focused = document.activeElement?.id;
    here.replaceWith(there);
    document.title = page.title;
    enhance(there);
    if (focused) (document.getElementById(focused) ?? there.querySelector('a, button, input:not([type=hidden])'))?.focus({ preventScroll: true });
    const wrong = there.querySelector('.govuk-error-message');
    const said = there.querySelector('[data-said]')?.textContent.replace(/\s+/g, ' '); // what was made of it, in words
    announce(wrong ? wrong.textContent : words.done.replace('{0}', name) + (said ?? ''));
  };
}

/** What is larger than a part comes in parts, and the form then names it instead of bringing it. */
async function large(form, input, file, data, bar, announce, words) {
  if (file.size > Part) {
    let [spoken, step, waits] = [performance.now(), 0, false];
    const id = await sendParts(form, file, form.dataset.upload, {
      at: percent => {
        waits = false;
        bar.at(percent);
        const next = Math.floor(percent / Steps);
        if (next === step || performance.now() - spoken < Quiet) return;
        [step, spoken] = [next, performance.now()];
        announce(words.progress.replace('{0}', next * Steps));
      },
      waiting: () => {
        if (!waits) announce(words.waiting);
        waits = true;
        bar.say(words.waiting);
      },
    });
    if (id === undefined) return null;
    if (id) {
      data.delete(input.name);
      data.set(`${input.name}-uploaded`, id);
      bar.at(100);
    }
  }
  return send(form, data, bar, announce, words);
}

function progress(form, input, words, name) {
  const box = document.createElement('div'), label = document.createElement('label'), bar = document.createElement('progress'), said = document.createElement('span');
  [box.className, label.className, label.htmlFor, label.textContent] = ['site-upload', 'govuk-label', `${input.id}-progress`, words.label.replace('{0}', name)];
  [bar.id, bar.max, bar.value, said.className] = [`${input.id}-progress`, 100, 0, 'govuk-body'];
  box.append(label, bar, said);
  form.append(box);
  return { at: percent => { bar.value = percent; said.textContent = ` ${percent}%`; }, say: text => { said.textContent = ` ${text}`; }, remove: () => box.remove() };
}

/** Resolves to the answered request; null where the connection broke. Spoken in steps of ten percent, and no oftener than one can listen to. */
const send = (form, data, bar, announce, words) => new Promise(resolve => {
  const request = new XMLHttpRequest();
  let step = 0, spoken = performance.now();
  request.upload.addEventListener('progress', event => {
    if (!event.lengthComputable) return;
    const percent = Math.floor(event.loaded / event.total * 100), next = Math.floor(percent / Steps);
    bar.at(percent);
    if (next === step || performance.now() - spoken < Quiet) return;
    [step, spoken] = [next, performance.now()];
    announce(words.progress.replace('{0}', next * Steps));
  });
  request.upload.addEventListener('load', () => announce(words.looking));
  request.addEventListener('load', () => resolve(request));
  for (const broken of ['error', 'abort', 'timeout']) request.addEventListener(broken, () => resolve(null));
  request.open('POST', form.action || location.href);
  request.send(data);
});
