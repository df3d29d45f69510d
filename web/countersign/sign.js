/** What the service signs, and how long that can be used. */

import { sha256Of } from './checksum.js';
import { hasCode } from './error.js';
import { query } from './service.js';

/** A URL is not used in its last seconds. */
const STALE_SECONDS = 5;

/** Signs requests to put one file whole. */
export class Signer {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {string | undefined} if the service wants it */ #sha256;

  /** @param {import('./types.js').Job} job */
  constructor(job) {
    this.#job = job;
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<import('./types.js').SignedPut>}
   */
  async sign(signal) {
    const { file, options, service } = this.#job;
    const { name = file.name, metadata = {} } = options;
    const values = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]));
    const asked = { file_name: name, file_type: file.type, size: file.size, sha256: this.#sha256, ...values };
    try {
      return asSigned(await service.ask('GET', `signed_url${query(asked)}`, signal));
    } catch (error) {
      if (this.#sha256 || !hasCode(error, 'MissingChecksum')) {
        throw error;
      }
      this.#sha256 = await sha256Of(file);
      return this.sign(signal);
    }
  }

  /**
   * Signs twice: if all three keys differ, each upload has its own.
   *
   * @param {import('./types.js').SignedPut} signed
   * @param {AbortSignal} signal
   */
  async signAnother(signed, signal) {
    const other = await this.sign(signal);
    const next = await this.sign(signal);
    return { next, isOwnKey: new Set([signed.key, other.key, next.key]).size === 3 };
  }
}

/**
 * @param {any} reply
 * @returns {import('./types.js').SignedPut}
 */
export function asSigned({ headers = {}, expires_in, expires = expires_in, ...signed }) {
  return { ...signed, headers, staleAt: Date.now() + Math.max(expires - STALE_SECONDS, expires / 2) * 1000 };
}

/** @param {import('./types.js').SignedPut} signed */
export function isFresh({ staleAt }) {
  return Date.now() < staleAt; // performance.now() may sleep
}
