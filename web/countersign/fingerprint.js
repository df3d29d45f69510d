/** What tells a file from others, without reading all of it. */

import { digestOf } from './digest.js';

const END_BYTES = 1024 * 1024;

/**
 * Of the file, and of how it is uploaded.
 *
 * @param {File} file
 * @param {import('./types.js').Place} place
 */
export async function fingerprintOf(file, { endpoint, name, metadata }) {
  const about = JSON.stringify([file.name, file.type, file.size, file.lastModified, endpoint, name, metadata]);
  return digestOf(new Blob([about, file.slice(0, END_BYTES), file.slice(-END_BYTES)]));
}
