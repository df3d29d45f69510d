/** What can go wrong, in words for people, and whether it may go well later. */

/** The message is for people. */
export class UploadError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, code?: string, retryable?: boolean, key?: string }} [about]
   */
  constructor(message, { status = 0, code = '', retryable = false, key } = {}) {
    super(message);
    this.name = 'UploadError';
    /** 0: no answer. */
    this.status = status;
    /** The service's, S3's or this module's; may be empty. */
    this.code = code;
    /** Whether it may go well later. */
    this.retryable = retryable;
    /** Where the file may be stored (`Unconfirmed`). */
    this.key = key;
  }
}

/** @type {Record<string, string>} */
export const WORDS = {
  Expired: 'The time to upload the file ran out.',
  SignatureDoesNotMatch: 'S3 refused the file: what was sent differs from what was signed.',
  AccessDenied: 'S3 refused the file: access denied.',
  PreconditionFailed: 'S3 has a file under this name already.',
  BadDigest: 'The file arrived damaged.',
  XAmzContentChecksumMismatch: 'The file arrived damaged.',
  Unreachable: 'S3 can’t be reached. If this happens to every file, the bucket’s CORS rules may not allow this page.',
  Interrupted: 'The connection to S3 was lost.',
  Redirected: 'The upload service redirects, which is not followed.',
  Unreadable: 'The file can’t be read: it was changed or deleted, or is a folder.',
  NoService: 'The upload service can’t be reached.',
  NoAnswer: 'The file was sent, but S3 did not answer.',
};
const RETRYABLE = new Set(['Expired', 'BadDigest', 'XAmzContentChecksumMismatch', 'RequestTimeout', 'NotStored']);

/** S3 may know nothing of an upload any more. */
export const CONFLICT = 'ConditionalRequestConflict';

/**
 * @param {string} code
 * @param {boolean} [retryable]
 */
export function failed(code, retryable = true) {
  return new UploadError(WORDS[code], { code, retryable });
}

/**
 * @param {string} message
 * @param {number} status
 * @param {string} code
 */
export function refused(message, status, code) {
  const retryable = RETRYABLE.has(code) || (isPassing(status) && code !== 'StoredDiffers');
  return new UploadError(message, { status, code, retryable });
}

/**
 * Stores tell by a code that a URL expired, in words, by naming its time, or not at all.
 *
 * @param {number} status
 * @param {string} xml
 * @param {boolean} wasStale when the first byte went out
 * @param {boolean} wasWhole all was sent: a proxy, which gives no code, got no answer then
 */
export function storeError(status, xml, wasStale, wasWhole) {
  const read = (/** @type {string} */ name) => xml.match(`<${name}>([^<]*)</${name}>`)?.[1] ?? '';
  const said = read('Code') || (wasWhole && status >= 500 ? 'NoAnswer' : '');
  const told = /expired|too old/i.test(said + read('Message')) || xml.includes('<X-Amz-Expires>');
  const expired = [400, 401, 403].includes(status) && (told || wasStale);
  const code = expired ? 'Expired' : said;
  return refused(WORDS[code] ?? `S3 refused the file: ${said || `status ${status}`}.`, status, code);
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {error is UploadError}
 */
export function hasCode(error, code) {
  return error instanceof UploadError && error.code === code;
}

/**
 * The connection to S3 broke, stood still or was not made.
 *
 * @param {unknown} error
 */
export function isOfNetwork(error) {
  return ['Unreachable', 'Interrupted', 'NoAnswer'].some((code) => hasCode(error, code));
}

/** @param {number} status */
export function isPassing(status) {
  return [0, 408, 409, 429].includes(status) || (status >= 500 && status !== 501);
}
