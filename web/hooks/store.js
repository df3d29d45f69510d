/** A list of uploads that a page shows, for any framework: react.js, vue.js and svelte.js are made of it. */

import { Entry } from './entry.js';

/** @typedef {import('./entry.js').UploadItem} UploadItem */
/** @typedef {import('./entry.js').UploadsOptions} UploadsOptions */
/** @typedef {import('./entry.js').FileOptions} FileOptions */

/** Listeners hear of what happens by itself no more often; what is done to the list they hear of at once. */
const TELL_EACH_SECONDS = 0.1;
/** @type {readonly UploadItem[]} */ export const NONE = Object.freeze([]);

/** Its methods may be taken apart from it. */
export class Uploads {
  #options;
  #make;
  /** @type {Map<number, Entry>} */ #entries = new Map();
  /** @type {Set<() => void>} */ #listeners = new Set();
  #snapshot = NONE;
  #lastId = 0;
  #toldAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /**
   * @param {UploadsOptions} [options]
   * @param {import('./entry.js').Make} [make]
   */
  constructor(options = {}, make) {
    this.#options = options;
    this.#make = make;
  }

  /**
   * Starts them.
   *
   * @param {Iterable<File> | ArrayLike<File> | File | null | undefined} files such as those of an input or of a drop
   * @param {FileOptions | ((file: File) => FileOptions)} [about]
   * @returns {number[]} their ids
   */
  add = (files, about = {}) => {
    const added = [...(files instanceof File ? [files] : Array.from(files ?? []))].map((file) => {
      const ofFile = typeof about === 'function' ? about(file) : about;
      const id = ++this.#lastId;
      this.#entries.set(id, new Entry(id, file, () => this.#options, ofFile, () => this.#tellLater(), this.#make));
      return id;
    });
    for (const id of added) void this.#entries.get(id)?.run();
    this.#tell();
    return added;
  };

  /** Stops sending until resume(id). Where `inParts` is false all is sent again then. @param {number} id */
  pause = (id) => this.#with(id, (entry) => entry.pause());

  /** @param {number} id */
  resume = (id) => this.#with(id, (entry) => entry.resume());

  /** Gives it up; it stays in the list. @param {number} id */
  cancel = (id) => this.#with(id, (entry) => entry.cancel());

  /** Goes on with what is missing, where `retryable` is true. @param {number} id */
  retry = (id) => this.#with(id, (entry) => entry.retry());

  /** Takes it off the list, and gives it up before. @param {number} id */
  remove = (id) => this.#with(id, (entry) => {
    entry.cancel();
    this.#entries.delete(id);
  });

  /** Takes off the list what is stored. */
  clear = () => {
    for (const [id, { item }] of this.#entries) {
      if (item.state === 'stored') this.#entries.delete(id);
    }
    this.#tell();
  };

  /** For the files that are added from now on; `onStored` for all. @param {UploadsOptions} options */
  setOptions = (options) => {
    this.#options = options;
  };

  /**
   * @param {() => void} listener
   * @returns {() => void} ends it; the uploads go on
   */
  subscribe = (listener) => {
    const own = () => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  };

  /** The same array until listeners are told, in which what did not change is the same item. */
  getSnapshot = () => this.#snapshot;

  /** @param {number} id @param {(entry: Entry) => void} action */
  #with(id, action) {
    const entry = this.#entries.get(id);
    if (entry) {
      action(entry);
      this.#tell();
    }
  }

  #tellLater() {
    const waitMs = this.#toldAt + TELL_EACH_SECONDS * 1000 - performance.now();
    this.#timer ??= setTimeout(() => this.#tell(), Math.max(0, waitMs));
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAt = performance.now();
    this.#snapshot = Object.freeze(Array.from(this.#entries.values(), ({ item }) => item));
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * A list that outlives the components that show it.
 *
 * @param {UploadsOptions} [options]
 */
export function createUploads(options) {
  return new Uploads(options);
}
