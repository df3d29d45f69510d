/** SHA-256 of a file or part, made by a worker, or on the page's own thread where none starts. */

import { digestOf } from './digest.js';
import { failed, UploadError } from './error.js';

/** What a browser reads into memory at once. */
const CHECKSUM_MAX_BYTES = 2 ** 31 - 1;

/** @type {Worker | null | undefined} null: none starts here, as where the module is of another origin */ let worker;
let jobs = 0;

/**
 * In base64.
 *
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
export async function sha256Of(blob) {
  if (blob.size > CHECKSUM_MAX_BYTES) {
    throw new UploadError('The file is too large for a checksum in one piece: 2 GiB at most.');
  }
  const sha256 = await (worker === null ? onThisThread(blob) : byWorker(blob).catch(() => {
    worker = null;
    return onThisThread(blob);
  }));
  if (sha256 === null) {
    throw failed('Unreadable', false);
  }
  return sha256;
}

/** @param {Blob} blob @returns {Promise<string | null>} null: it can't be read */
function onThisThread(blob) {
  return digestOf(blob).catch(() => null);
}

/** @param {Blob} blob @returns {Promise<string | null>} null: it can't be read */
function byWorker(blob) {
  const job = ++jobs;
  const done = new AbortController();
  return new Promise((resolve, reject) => {
    worker ??= new Worker(new URL('./sha256_worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => data.job === job && resolve(data.sha256), { signal: done.signal });
    worker.addEventListener('error', reject, { signal: done.signal });
    worker.postMessage({ job, blob });
  }).finally(() => done.abort());
}
