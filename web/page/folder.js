/** What is in a folder that is dropped. */

import { refuse } from './card.js';
import { ready } from './settings.js';
import { take } from './take.js';
import { text } from './text.js';

const byName = new Intl.Collator('en', { numeric: true });

/**
 * All of them, of which a browser gives some at a time.
 *
 * @param {FileSystemDirectoryEntry} folder
 */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */ const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */ const some = await new Promise((take, fail) => reader.readEntries(take, fail));
    if (some.length === 0) return all.sort((a, b) => byName.compare(a.name, b.name));
    all.push(...some);
  }
}

/**
 * What is in a folder, and in those in it. Nothing here keeps the page waiting: each answer of the browser comes by
 * itself.
 *
 * @param {FileSystemEntry} entry
 */
export async function takeEntry(entry) {
  const path = entry.fullPath.slice(1);
  await ready;
  try {
    if (entry.isDirectory) {
      const entries = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry));
      if (entries.length === 0) refuse(path, text('emptyFolder', { name: entry.name }));
      for (const inside of entries) await takeEntry(inside);
    } else {
      const fileEntry = /** @type {FileSystemFileEntry} */ (entry);
      await take({ file: await new Promise((take, fail) => fileEntry.file(take, fail)), path });
    }
  } catch {
    refuse(path, text(entry.isDirectory ? 'folderUnreadable' : 'fileUnreadable'));
  }
}
