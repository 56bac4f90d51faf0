// What the server would say of a field is said when the person leaves it: never while they type, and only of what they have changed.
const described = (input, id, add) => {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(part => part && part !== id);
  if (add) ids.push(id);
  if (ids.length) input.setAttribute('aria-describedby', ids.join(' ')); else input.removeAttribute('aria-describedby');
};

/** Shows or takes away the error of a field, as the server's page would have it. Tells whether it is a new one. */
export function show(form, name, text) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)], group = inputs[0]?.closest('.govuk-form-group');
  if (!group) return false;
  const id = `${name}-error`, set = group.querySelector('fieldset'), there = group.querySelector('.govuk-error-message');
  const before = there?.lastChild?.textContent ?? null;
  if (before === (text ?? null)) return false;
  there?.remove();
  group.classList.toggle('govuk-form-group--error', text != null);
  for (const input of set ? [set] : inputs) described(input, id, text != null);
  for (const input of inputs) {
    if (!set) { if (text == null) input.removeAttribute('aria-invalid'); else input.setAttribute('aria-invalid', 'true'); }
    for (const kind of ['input', 'select']) if (input.classList.contains(`govuk-${kind}`)) input.classList.toggle(`govuk-${kind}--error`, text != null);
  }
  if (text == null) return false;
  const error = document.createElement('p'), prefix = document.createElement('span');
  [error.id, error.className, prefix.className, prefix.textContent] = [id, 'govuk-error-message', 'govuk-visually-hidden', form.dataset.errorPrefix ?? ''];
  error.append(prefix, text);
  const first = set ? set.querySelector('.govuk-radios, .govuk-checkboxes') : group.querySelector('input, select, textarea').closest('.govuk-input__wrapper, .govuk-form-group > *');
  first.before(error);
  return true;
}

export function start(announce) {
  const changed = new WeakSet(), told = new WeakMap();
  let asking = 0, pressing = false;
  for (const [kind, down] of [['pointerdown', true], ['pointerup', false], ['pointercancel', false]]) document.addEventListener(kind, () => { pressing = down; }, true);
  document.addEventListener('input', event => { if (event.target.form?.matches('form[data-check]')) changed.add(event.target); });
  document.addEventListener('focusout', async event => {
    const { target } = event, { form } = target;
    if (!form?.matches('form[data-check]') || !changed.has(target) || pressing && event.relatedTarget?.type === 'submit') return; // the button must not move from under the finger
    changed.delete(target);
    const seen = told.get(form) ?? told.set(form, new Set()).get(form), turn = ++asking;
    seen.add(target.name);
    const data = new FormData(form);
    for (const own of [...data.keys()].filter(key => key === '_handler' || data.get(key) instanceof File)) data.delete(own);
    const answer = await fetch(form.dataset.check, { method: 'POST', body: new URLSearchParams(data), headers: { accept: 'application/json' } }).catch(() => null);
    if (!answer?.ok || turn !== asking) return; // the button sends it, and the page says what is wrong
    const { errors } = await answer.json();
    for (const name of seen) if (show(form, name, errors[name]) && name === target.name) announce(errors[name]);
  });
}
