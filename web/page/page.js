/** The upload page. countersign.js does the uploading. */

import { listenToChoices } from './choose.js';
import { listenToDrops } from './drop.js';
import { limitsText } from './limits.js';
import { find, input, uploads } from './elements.js';
import { askLimits, settings, start } from './settings.js';
import { languageOf, speak, text } from './text.js';
import { showUnfinished } from './unfinished.js';

const limits = askLimits();
listenToChoices();
listenToDrops();
Object.assign(document.documentElement, await speak(languageOf(navigator.languages), () => import('messages')));
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = text(/** @type {import('./text.js').Key} */ (element.getAttribute('data-text')));
}
uploads.ariaLabel = text('uploads');
await limits;
find(document, '#limits', HTMLElement).textContent = limitsText(settings.limits);
input.accept = settings.limits.types?.join(',') ?? '';
await signInIfAsked();
start();
await showUnfinished();

/** Where a login is configured nobody can choose files before. */
async function signInIfAsked() {
  const { login } = settings.limits;
  if (!login) return;
  const { signIn } = await import('./login.js');
  const drop = find(document, '.drop', HTMLElement);
  drop.hidden = true;
  const session = await signIn(login, text);
  settings.options.headers = () => session.headers();
  drop.hidden = false;
}
