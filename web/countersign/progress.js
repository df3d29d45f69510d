/** What of a file was sent, whole or in parts, and what got no answer. */

import { hasCode, isOfNetwork, UploadError } from './error.js';
import { checkReadable } from './file.js';
import { pace } from './pace.js';
import { put } from './put.js';

export class Sending {
  /** @type {number} */ #totalBytes;
  /** @type {import('./types.js').UploadOptions} */ #options;
  /** @type {Map<number, number>} bytes sent, by part */ #sent = new Map();
  #sentBytes = 0;
  /** @type {Set<number>} parts (0: the file) that were sent whole and got no answer */ unanswered = new Set();

  /**
   * @param {number} totalBytes
   * @param {import('./types.js').UploadOptions} options
   */
  constructor(totalBytes, options) {
    this.#totalBytes = totalBytes;
    this.#options = options;
  }

  /**
   * @param {number} number of the part; 0 for the whole file
   * @param {import('./types.js').Signed} signed
   * @param {Blob} body
   * @param {AbortSignal} signal
   * @returns {Promise<string | null>} the ETag
   */
  async put(number, signed, body, signal) {
    const startedAt = Date.now();
    try {
      const etag = await put(signed, body, this.#options, signal, (sentBytes) => this.report(number, sentBytes));
      pace.arrived(body.size, (Date.now() - startedAt) / 1000, Date.now() / 1000);
      return etag;
    } catch (error) {
      this.report(number, 0);
      if (!signal.aborted && isOfNetwork(error)) {
        pace.failed();
      }
      if (hasCode(error, 'NoAnswer')) {
        this.unanswered.add(number);
      } else if (error instanceof UploadError && error.status === 0) {
        await checkReadable(body); // one that was deleted or changed fails like a lost network
      }
      throw error;
    }
  }

  /**
   * @param {number} number
   * @param {number} bytes
   */
  report(number, bytes) {
    this.#sentBytes += bytes - (this.#sent.get(number) ?? 0);
    this.#sent.set(number, bytes);
    this.#options.onProgress?.({ sentBytes: this.#sentBytes, totalBytes: this.#totalBytes });
  }

  /** Nothing is at S3 any more. */
  forget() {
    this.unanswered.clear();
    this.#sent.clear();
    this.#sentBytes = 0;
  }
}
