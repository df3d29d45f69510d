/** Uploads that an earlier visit began. */

import { unfinished } from 'countersign';
import { settle, wait } from './begun.js';
import { announce, button, find, input } from './elements.js';
import { settings } from './settings.js';
import { take } from './take.js';
import { share, text } from './text.js';

/** @typedef {import('countersign').Unfinished} Unfinished */
/** @typedef {(what: { mode: string }) => Promise<string>} AskPermission */

const section = find(document, '#unfinished', HTMLElement);
const list = find(section, 'ul', HTMLElement);
const template = find(document, '#begun', HTMLTemplateElement);

export async function showUnfinished() {
  for (const upload of await unfinished(settings.options)) show(upload);
}

/** @param {Unfinished} upload */
function show(upload) {
  const { name, size, storedBytes, handle } = upload;
  const element = /** @type {Element} */ (template.content.firstElementChild?.cloneNode(true));
  const state = find(element, '.state', HTMLElement);
  find(element, '.name', HTMLElement).textContent = name;
  const stored = { share: share(storedBytes / size) };
  state.textContent = text(handle ? 'isStored' : 'chooseAgain', stored);
  const goOn = button(element, '.goOn', 'goOn', name, async () => {
    if (await takeUp(upload)) return settle(upload);
    goOn.hidden = true;
    state.textContent = text('chooseAgain', stored);
    announce(`${name}: ${state.textContent}`);
    input.focus();
  });
  goOn.hidden = !handle;
  button(element, '.forget', 'forget', name, () => {
    settle(upload);
    announce(`${name}: ${text('removed')}`);
    upload.forget().catch(() => {}); // the bucket's lifecycle rule does the same later
  });
  wait(upload, () => hide(element));
  list.append(element);
  section.hidden = false;
}

/** @param {Unfinished} upload */
async function takeUp({ metadata, handle }) {
  if (!handle) return false;
  /** @type {{ requestPermission?: AskPermission }} */ const asked = /** @type {any} */ (handle);
  try {
    if ((await asked.requestPermission?.({ mode: 'read' })) === 'denied') return false;
    const file = await handle.getFile();
    await take({ file, handle, path: metadata.path });
    return true;
  } catch {
    return false; // it was deleted or moved
  }
}

/** @param {Element} element */
function hide(element) {
  const hadFocus = element.contains(document.activeElement);
  element.remove();
  section.hidden = list.childElementCount === 0;
  if (hadFocus) input.focus();
}
