/** Files and folders that are chosen. */

import { folderInput, input } from './elements.js';
import { settings } from './settings.js';
import { takeAll } from './take.js';

/** @typedef {(options: object) => Promise<FileSystemFileHandle[]>} Picker */

const byPath = new Intl.Collator('en', { numeric: true });
/** @type {{ showOpenFilePicker?: Picker }} */ const { showOpenFilePicker } = /** @type {any} */ (window);

/** Where it can be, so that there are handles by which files are found after a reload. */
let byPicker = showOpenFilePicker !== undefined;

export function listenToChoices() {
  input.addEventListener('click', (event) => {
    if (!byPicker) return;
    event.preventDefault();
    pick().catch(({ name }) => {
      if (name === 'AbortError') return; // nothing was chosen
      byPicker = false; // as in a frame of another site
      setTimeout(() => input.click()); // when this click is over
    });
  });
  input.addEventListener('change', () => takeOf(input));
  folderInput.addEventListener('change', () => takeOf(folderInput));
  folderInput.hidden = !('webkitdirectory' in folderInput);
  takeOf(input); // what was chosen before this script ran
}

async function pick() {
  const { types } = settings.limits;
  const accept = types && Object.fromEntries(types.map((type) => [type, []]));
  const handles = await showOpenFilePicker?.({ multiple: true, ...(accept && { types: [{ accept }] }) });
  await takeAll(await Promise.all((handles ?? []).map(async (handle) => ({ file: await handle.getFile(), handle }))));
}

/** @param {HTMLInputElement} chosen */
function takeOf(chosen) {
  const files = [...(chosen.files ?? [])];
  if (chosen === folderInput) files.sort((a, b) => byPath.compare(a.webkitRelativePath, b.webkitRelativePath));
  takeAll(files.map((file) => ({ file, path: file.webkitRelativePath || undefined })));
  chosen.value = '';
}
