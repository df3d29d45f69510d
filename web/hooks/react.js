/** `useUpload` for React 18 and 19. */

import { useEffect, useState, useSyncExternalStore } from 'react';
import { NONE, Uploads } from './store.js';

export { createUploads } from './store.js';
/** @typedef {import('./store.js').UploadItem} UploadItem */
/** @typedef {import('./store.js').UploadsOptions} UploadsOptions */
/** @typedef {import('./store.js').FileOptions} FileOptions */

/**
 * A list of files and what becomes of each. Uploads go on when the component goes; to see them again elsewhere, give a
 * list that createUploads() made.
 *
 * @param {UploadsOptions | Uploads} [options] may be others each time: they are for the files added from then on
 */
export function useUpload(options = {}) {
  const [own] = useState(() => new Uploads(options instanceof Uploads ? {} : options));
  const list = options instanceof Uploads ? options : own;
  useEffect(() => {
    if (!(options instanceof Uploads)) list.setOptions(options);
  }, [list, options]);
  const uploads = useSyncExternalStore(list.subscribe, list.getSnapshot, onServer);
  const { add, pause, resume, cancel, retry, remove, clear } = list;
  return { uploads, add, pause, resume, cancel, retry, remove, clear };
}

function onServer() {
  return NONE;
}
