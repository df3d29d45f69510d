/** Many files signed by one request, ahead of need. */

import { UploadError } from './error.js';
import { pace } from './pace.js';

/** @typedef {import('./sign.js').Signer} Signer */

/** The service's own limit; the fewest that are worth a request; and how long one may take, whose files all wait for it. */
const FILES_MAX = 100;
const FILES_MIN = 6;
const BATCH_SECONDS = 2;
/** Signed ahead is what goes up in so many seconds, so that it is still fresh then; or so much, while nobody knows. */
const AHEAD_SECONDS = 60;
const AHEAD_BYTES = 32 * 1024 * 1024;

/**
 * One request for a file and those that come next; none for one that is alone, or where the service does not do this.
 *
 * @param {Signer} first
 */
export function signTogether(first) {
  const { group } = first.service;
  const signers = [first, ...(group.signsMany ? nextOf(first, group) : [])];
  if (signers.length > 1) {
    const batch = askForMany(first.service, signers);
    signers.forEach((signer, index) => signer.answered(batch, index));
  }
}

/**
 * The next ones, when few are left that are signed.
 *
 * @param {import('./service.js').Group} group
 */
export function signAhead(group) {
  const open = [...group.coming].filter(({ isOpen }) => isOpen);
  if (open.length > 0 && group.coming.size - open.length < FILES_MIN) {
    signTogether(open[0]);
  }
}

/**
 * @param {Signer} first
 * @param {import('./service.js').Group} group
 */
function nextOf(first, group) {
  let bytesLeft = Math.max(AHEAD_BYTES, pace.bytesPerSecond * AHEAD_SECONDS);
  return [...group.coming]
    .filter((signer) => signer !== first && signer.isOpen)
    .slice(0, group.filesMax - 1)
    .filter(({ sizeBytes }) => (bytesLeft -= sizeBytes) > 0);
}

/**
 * @param {import('./service.js').Service} service
 * @param {Signer[]} signers
 * @returns {Promise<any[] | null>}
 */
async function askForMany(service, signers) {
  const { group } = service;
  const body = { files: signers.map((signer) => signer.describe()), form: true };
  const startedAt = Date.now();
  try {
    const { files } = await service.ask('POST', 'signed_urls', new AbortController().signal, body);
    const seconds = Math.max(0.001, (Date.now() - startedAt) / 1000);
    const inTime = Math.round((signers.length * BATCH_SECONDS) / seconds); // an app may be asked for each
    group.filesMax = Math.min(FILES_MAX, Math.max(FILES_MIN, inTime));
    return files;
  } catch (error) {
    if (!(error instanceof UploadError) || error.retryable) {
      throw error;
    }
    group.signsMany = ![403, 404, 405, 501].includes(error.status); // an older one, or its gateway, knows no such path
    return null;
  }
}
