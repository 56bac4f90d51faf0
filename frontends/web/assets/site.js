// Everything here only adds to pages that work without it.
import { createAll, Button, ErrorSummary, NotificationBanner, PasswordInput, Radios, Checkboxes, SkipLink } from './govuk.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
for (const part of [Button, ErrorSummary, NotificationBanner, PasswordInput, Radios, Checkboxes, SkipLink]) createAll(part);

const announcer = document.getElementById('announcer');
const announce = text => { announcer.textContent = ''; requestAnimationFrame(() => { announcer.textContent = text; }); };

if (document.querySelector('form[data-autosave]')) import('./autosave.js').then(part => part.start(announce));
if (document.querySelector('[data-live]')) import('./live.js').then(part => part.start(announce));
