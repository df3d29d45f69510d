/** A list of files and what becomes of each as a store of Svelte, of any version: `$uploads` is the list. */

import { Uploads } from './store.js';

/** @typedef {import('./store.js').UploadItem} UploadItem */
/** @typedef {import('./store.js').UploadsOptions} UploadsOptions */
/** @typedef {import('./store.js').FileOptions} FileOptions */

/**
 * Uploads go on when nobody is subscribed.
 *
 * @param {UploadsOptions} [options]
 */
export function createUploads(options) {
  const list = new Uploads(options);
  const { add, pause, resume, cancel, retry, remove, clear } = list;
  /** @param {(uploads: readonly UploadItem[]) => void} run */
  const subscribe = (run) => {
    run(list.getSnapshot());
    return list.subscribe(() => run(list.getSnapshot()));
  };
  return { subscribe, add, pause, resume, cancel, retry, remove, clear };
}
