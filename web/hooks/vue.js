/** `useUpload` for Vue 3. */

import { getCurrentScope, onScopeDispose, shallowRef } from 'vue';
import { Uploads } from './store.js';

export { createUploads } from './store.js';
/** @typedef {import('./store.js').UploadItem} UploadItem */
/** @typedef {import('./store.js').UploadsOptions} UploadsOptions */
/** @typedef {import('./store.js').FileOptions} FileOptions */

/**
 * A list of files and what becomes of each. Uploads go on when the component goes; to see them again elsewhere, give a
 * list that createUploads() made.
 *
 * @param {UploadsOptions | Uploads} [options]
 */
export function useUpload(options = {}) {
  const list = options instanceof Uploads ? options : new Uploads(options);
  const uploads = shallowRef(list.getSnapshot());
  const end = list.subscribe(() => {
    uploads.value = list.getSnapshot();
  });
  if (getCurrentScope()) onScopeDispose(end);
  const { add, pause, resume, cancel, retry, remove, clear } = list;
  return { uploads, add, pause, resume, cancel, retry, remove, clear };
}
