/** What became of an upload in parts whose page is gone. */

import { hasCode, UploadError } from './error.js';
import { multipartPath } from './service.js';
import { refusal } from './whole.js';

/** @typedef {import('./types.js').Job} Job */
/** @typedef {import('./types.js').Kept} Kept */
/** @typedef {import('./types.js').Sent} Sent */

/** No lifecycle rule deletes parts earlier. */
const SAFE_MS = 24 * 3600 * 1000;

/**
 * The parts that are there as they are planned.
 *
 * @param {Kept} kept
 * @param {Job} job
 * @returns {Promise<(import('./types.js').Part & { Size: number })[] | null>} null: there is no such upload any more
 */
export async function listed(kept, { file, service, tries }) {
  /** @type {(import('./types.js').Part & { Size: number })[] | null} */
  const parts = await tries.persist((signal) => service.ask('GET', multipartPath(kept, ''), signal).catch(isOver));
  const { partSize } = kept;
  return parts && parts.filter(({ PartNumber: number, Size }) =>
    Size > 0 && Size === Math.min(partSize, file.size - (number - 1) * partSize));
}

/**
 * Whether the file is stored already: its page asked for that, and may not have lived to hear of it.
 *
 * @param {Kept} kept
 * @param {Job} job
 * @returns {Promise<Sent | null>}
 */
export async function joined({ parts, key, receipt: granted, ...kept }, { service, tries }) {
  return parts ? tries.persist(async (signal) => {
    const upload = { key, ...kept };
    /** @type {any} */ let reply;
    try {
      reply = await service.ask('POST', multipartPath(upload, '/complete'), signal, { parts });
    } catch (error) {
      isOver(error);
      const mayBe = hasCode(error, 'NoSuchUpload') && Date.now() < kept.startedAt + SAFE_MS;
      const proof = granted && (await service.ask('POST', 'confirm', signal, { receipt: granted }).catch(refusal));
      reply = proof ?? (mayBe ? {} : null);
    }
    return reply ? { key, etag: null, receipt: reply.receipt, granted } : null;
  }) : null;
}

/**
 * The service, not something before it, refuses it for good: it was aborted, or is too old, or another secret's.
 *
 * @param {unknown} error
 */
function isOver(error) {
  if (!(error instanceof UploadError) || error.retryable || !error.code) {
    throw error;
  }
  return null;
}
