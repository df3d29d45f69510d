/** The upload page: what is shown of each upload, and the buttons. countersign.js does the uploading. */

import { Upload, UploadError } from 'countersign';
import { Rate } from '../hooks/rate.js';

const AT_ONCE = 3;
const SHOW_EACH_SECONDS = 0.25;

const byName = new Intl.Collator('en', { numeric: true });

const input = /** @type {HTMLInputElement} */ (document.getElementById('files'));
const list = /** @type {HTMLElement} */ (document.getElementById('uploads'));
const news = /** @type {HTMLElement} */ (document.getElementById('news'));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById('upload'));

/** @type {Row[]} in their order */ const waiting = [];
/** @type {Set<Row>} */ const running = new Set();

/** @param {number} bytes */
function sizeText(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit: units[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** @param {number} seconds */
function timeText(seconds) {
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

/** Said to those who can't see the list. */
function announce(/** @type {string} */ text) {
  news.textContent = text;
}

/** What the list has of one file, or of a folder that can't be taken. */
class Card {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.element = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    this.bar = this.find('progress', HTMLProgressElement);
    this.state = this.find('.state', HTMLElement);
    this.find('.name', HTMLElement).textContent = name;
    this.bar.ariaLabel = `Progress of ${name}`;
    this.cancel = this.button('.cancel', () => this.remove());
    list.append(this.element);
  }

  /** @param {string} state @param {string} text */
  finish(state, text) {
    this.is(state);
    this.show(text);
    this.label(this.cancel, 'Remove');
    announce(`${this.name}: ${text}`);
  }

  remove() {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    /** @type {HTMLElement | null | undefined} */ const button = next?.querySelector('.cancel');
    this.element.remove();
    announce(`${this.name}: removed`);
    (button ?? input).focus();
  }

  /** @param {string} state */
  is(state) {
    this.element.className = state;
  }

  /** @param {string} text */
  show(text) {
    this.state.textContent = text;
  }

  /** @param {HTMLElement} button @param {string} text */
  label(button, text) {
    button.textContent = text;
    button.ariaLabel = `${text} ${this.name}`;
  }

  /**
   * @template {HTMLElement} T
   * @param {string} selector @param {new () => T} kind
   */
  find(selector, kind) {
    const found = this.element.querySelector(selector);
    if (!(found instanceof kind)) throw new TypeError(selector);
    return found;
  }

  /** @param {string} selector @param {() => void} action */
  button(selector, action) {
    const button = this.find(selector, HTMLButtonElement);
    this.label(button, button.textContent ?? '');
    button.addEventListener('click', action);
    return button;
  }
}

/** One upload in the list. */
class Row extends Card {
  #abort = new AbortController();
  #rate = new Rate();
  #shownAt = 0;

  /** @param {File} file @param {string} [path] in the folder that it came with */
  constructor(file, path) {
    super(path ?? file.name);
    this.file = file;
    this.upload = new Upload(file, {
      signal: this.#abort.signal,
      ...(path && { name: path, metadata: { path } }),
      onProgress: (progress) => this.#showProgress(progress),
      onRetry: ({ message }) => {
        const sentence = message.replace(/[^.!?…]$/, '$&.'); // the service's have no full stop
        this.show(`${sentence} ${navigator.onLine ? 'Trying again…' : 'Waiting for the network…'}`);
      },
    });
    this.pause = this.button('.pause', () => this.#togglePause());
    this.retry = this.button('.retry', () => {
      this.cancel.focus(); // its own button is about to go
      queue(this);
    });
  }

  wait() {
    this.is('waiting');
    this.retry.hidden = true;
    this.label(this.cancel, 'Cancel');
    this.show('Waiting');
  }

  async run() {
    this.is('running');
    this.#rate = new Rate();
    this.show('Starting…');
    try {
      const { key, unproven } = await this.upload.start();
      this.bar.value = 1;
      const doubt = unproven ? `, but not confirmed: ${unproven.message}` : '';
      this.finish('stored', `Stored as ${key}${doubt}`);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.retry.hidden = !(error instanceof UploadError && error.retryable);
      this.finish('failed', inPlainWords(error, this.file));
    }
  }

  /** @override @param {string} state @param {string} text */
  finish(state, text) {
    if (document.activeElement === this.pause) {
      this.cancel.focus();
    }
    this.pause.hidden = true;
    super.finish(state, text);
  }

  /** @param {import('countersign').Progress} progress */
  #showProgress({ sentBytes, totalBytes }) {
    this.bar.value = totalBytes ? sentBytes / totalBytes : 0;
    this.pause.hidden = !this.upload.inParts;
    const now = performance.now();
    if (this.upload.paused || now - this.#shownAt < SHOW_EACH_SECONDS * 1000) return;
    this.#shownAt = now;
    this.#rate.add(sentBytes);
    const { perSecond } = this.#rate;
    const rate = `, ${sizeText(perSecond)}/s, ${timeText((totalBytes - sentBytes) / perSecond)}`;
    this.show(`${sizeText(sentBytes)} of ${sizeText(totalBytes)}${perSecond > 0 ? rate : ''}`);
  }

  #togglePause() {
    if (this.upload.paused) {
      this.upload.resume();
      this.#rate = new Rate();
      this.label(this.pause, 'Pause');
      this.show('Going on…');
    } else {
      this.upload.pause();
      this.label(this.pause, 'Resume');
      this.show('Paused');
      startNext();
    }
    announce(`${this.name}: ${this.state.textContent}`);
  }

  /** @override */
  remove() {
    this.#abort.abort();
    super.remove();
    leave(this);
  }
}

/** @param {unknown} error @param {File} file */
function inPlainWords(error, file) {
  const said = error instanceof Error ? error.message : String(error);
  const { code } = error instanceof UploadError ? error : { code: '' };
  if (code === 'TooLarge' || code === 'EntityTooLarge') {
    const most = said.match(/\d+/)?.[0];
    return `The file is too large: it has ${sizeText(file.size)}${most ? `, and ${sizeText(Number(most))} are allowed` : ''}.`;
  }
  if (code === 'TypeNotAllowed') {
    return `Files of this kind are not allowed. Allowed: ${said.replace(/^[^:]*: /, '')}.`;
  }
  return said;
}

/** @param {Row} row */
function queue(row) {
  row.wait();
  waiting.push(row);
  startNext();
}

/** @param {Row} row */
function leave(row) {
  running.delete(row);
  if (waiting.includes(row)) waiting.splice(waiting.indexOf(row), 1);
  startNext();
}

/** Paused ones need no connection. */
function startNext() {
  while ([...running].filter((row) => !row.upload.paused).length < AT_ONCE && waiting.length > 0) {
    const row = /** @type {Row} */ (waiting.shift());
    running.add(row);
    row.run().finally(() => leave(row));
  }
}

/** @param {Iterable<File>} files */
function add(files) {
  for (const file of files) queue(new Row(file));
}

input.addEventListener('change', () => {
  add(input.files ?? []);
  input.value = '';
});

/** @param {string} path @param {string} why */
function refuse(path, why) {
  const card = new Card(path);
  card.bar.hidden = true;
  card.finish('failed', why);
}

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
async function addEntry(entry) {
  const path = entry.fullPath.slice(1);
  try {
    if (entry.isDirectory) {
      const entries = await entriesOf(/** @type {FileSystemDirectoryEntry} */ (entry));
      if (entries.length === 0) refuse(path, `${entry.name} is an empty folder: there is nothing to store.`);
      for (const inside of entries) await addEntry(inside);
    } else {
      const fileEntry = /** @type {FileSystemFileEntry} */ (entry);
      queue(new Row(await new Promise((take, fail) => fileEntry.file(take, fail)), path));
    }
  } catch {
    refuse(path, `The ${entry.isDirectory ? 'folder' : 'file'} can’t be read.`);
  }
}

/** @param {Iterable<DataTransferItem>} items of a drop, which are gone when its event is over: no waiting here */
function addDropped(items) {
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile(); // null of a text or link
    if (entry?.isDirectory) addEntry(entry);
    else if (file) queue(new Row(file));
  }
}

/** @param {boolean} on */
function showDragging(on) {
  document.body.classList.toggle('dragging', on);
}

addEventListener('dragover', (event) => {
  event.preventDefault();
  showDragging(true);
});
addEventListener('dragleave', (event) => showDragging(event.relatedTarget !== null));
addEventListener('drop', (event) => {
  event.preventDefault();
  showDragging(false);
  addDropped(event.dataTransfer?.items ?? []);
});

addEventListener('beforeunload', (event) => {
  if (running.size > 0) event.preventDefault();
});
