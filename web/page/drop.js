/** Files and folders that are dropped or pasted. */

import { takeEntry } from './folder.js';
import { takeAll } from './take.js';

/** @typedef {() => Promise<FileSystemFileHandle | null>} AskHandle */

/** @param {Iterable<DataTransferItem>} items which are gone when their event is over: no waiting here */
function takeItems(items) {
  /** @type {import('./take.js').Source[]} */ const sources = [];
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile(); // null of a text or link
    if (entry?.isDirectory) takeEntry(entry);
    else if (file) sources.push({ file, handle: handleOf(item) });
  }
  takeAll(sources);
}

/** Where the browser has any. @param {DataTransferItem} item */
function handleOf(item) {
  /** @type {{ getAsFileSystemHandle?: AskHandle }} */ const asked = /** @type {any} */ (item);
  return asked.getAsFileSystemHandle?.().catch(() => null);
}

/** @param {boolean} on */
function showDragging(on) {
  document.body.classList.toggle('dragging', on);
}

export function listenToDrops() {
  addEventListener('dragover', (event) => {
    event.preventDefault();
    showDragging(true);
  });
  addEventListener('dragleave', (event) => showDragging(event.relatedTarget !== null));
  addEventListener('drop', (event) => {
    event.preventDefault();
    showDragging(false);
    takeItems(event.dataTransfer?.items ?? []);
  });
  addEventListener('paste', (event) => takeItems(event.clipboardData?.items ?? []));
}
