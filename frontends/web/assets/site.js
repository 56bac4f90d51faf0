// Everything here only adds to pages that work without it.
import { createAll, Button, ErrorSummary, NotificationBanner, PasswordInput, Radios, Checkboxes, SkipLink } from './govuk.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
const enhance = scope => { for (const part of [Button, ErrorSummary, NotificationBanner, PasswordInput, Radios, Checkboxes, SkipLink]) createAll(part, {}, scope); };
enhance(document);

const announcer = document.getElementById('announcer');
const announce = text => { announcer.textContent = ''; requestAnimationFrame(() => { announcer.textContent = text; }); };

if (document.querySelector('form[data-autosave]')) import('./autosave.js').then(part => part.start(announce));
if (document.querySelector('[data-insert]')) import('./names.js').then(part => part.start(announce));
if (document.querySelector('form[data-check]')) import('./check.js').then(part => part.start(announce));
if (document.querySelector('form[data-challenge]')) import('./challenge.js').then(part => part.start(announce));
if (document.querySelector('form[data-upload]')) import('./upload.js').then(part => part.start(announce, enhance));
if (document.querySelector('[data-live]')) import('./live.js').then(part => part.start(announce, enhance));
if (document.querySelector('form[data-passkey]')) import('./passkey.js').then(part => part.start(announce));
if (document.querySelector('[data-pay]')) import('./bridge.js').then(part => part.start(announce));
if (document.querySelector('form[data-device]')) import('./device.js').then(part => part.start());
if (document.querySelector('[data-until]')) import('./countdown.js').then(part => part.start(announce));
if (document.querySelector('[aria-keyshortcuts]')) import('./shortcuts.js').then(part => part.start());
