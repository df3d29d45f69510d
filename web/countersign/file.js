/** What is asked of the file itself. */

import { failed } from './error.js';

/**
 * A folder is a File too, and sent as an empty one where its size reads 0. What has no bytes is read whole, since an
 * empty slice is never looked for.
 *
 * @param {Blob} blob
 */
export async function checkReadable(blob) {
  await (blob.size > 0 ? blob.slice(0, 1) : blob).arrayBuffer().catch(() => {
    throw failed('Unreadable', false);
  });
}
