/** What the service signs for whole files. */

import { signAhead, signTogether } from './batch.js';
import { sha256Of } from './checksum.js';
import { hasCode, refused } from './error.js';
import { query } from './service.js';

/** @typedef {import('./types.js').Signed} Signed */

/** A URL is not used in its last seconds. */
const STALE_SECONDS = 5;

/** Signs requests for one file that goes up whole. */
export class Signer {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {string | undefined} if the service wants it */ #sha256;
  /** @type {Promise<any> | null} what was signed, or refused, or will be, together with others */ #reply = null;
  /** @type {number} from when on that is not used */ #staleAt = Infinity;

  /** @param {import('./types.js').Job} job */
  constructor(job) {
    this.#job = job;
  }

  get service() {
    return this.#job.service;
  }

  get sizeBytes() {
    return this.#job.file.size;
  }

  /** It may be signed together with others now. */
  get isOpen() {
    return !this.#job.tries.paused && (this.#reply === null || !isFresh({ staleAt: this.#staleAt }));
  }

  /** It will be its turn, sooner or later. */
  expect() {
    this.service.group.coming.add(this);
  }

  /** What was signed is not needed any more. */
  leave() {
    this.service.group.coming.delete(this);
    this.#reply = null;
  }

  /**
   * The one to use now, signed by itself or together with those that come next, if there are any.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Signed>}
   */
  async take(signal) {
    const { group } = this.service;
    group.coming.delete(this);
    if (this.isOpen) {
      this.#reply = null;
      signTogether(this);
    } else {
      signAhead(group);
    }
    const reply = await orAborted(this.#reply, signal).finally(() => {
      this.#reply = null; // the next one is another
    });
    if (!reply) {
      return this.sign(signal);
    }
    if (reply.url) {
      return reply;
    }
    return this.#withChecksum(refused(reply.message, reply.status, reply.code), () => this.sign(signal));
  }

  /**
   * @param {Promise<any>} batch null: it must be asked for by itself
   * @param {number} index in the batch
   */
  answered(batch, index) {
    this.#staleAt = Infinity;
    this.#reply = batch.then((files) => {
      const reply = files?.[index]?.url ? asSigned(files[index]) : files?.[index];
      this.#staleAt = reply?.staleAt ?? Infinity;
      return reply;
    });
    this.#reply.catch(() => {
      this.#staleAt = 0; // another try, when it is its turn
    });
  }

  /**
   * By a request of its own.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Signed>}
   */
  async sign(signal) {
    const { metadata, ...asked } = this.describe();
    const values = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]));
    try {
      return asSigned(await this.service.ask('GET', `signed_url${query({ ...asked, ...values })}`, signal));
    } catch (error) {
      return this.#withChecksum(error, () => this.sign(signal));
    }
  }

  /**
   * Signs twice: if all three keys differ, each upload has its own.
   *
   * @param {Signed} signed
   * @param {AbortSignal} signal
   */
  async signAnother(signed, signal) {
    const other = await this.sign(signal);
    const next = await this.sign(signal);
    return { next, isOwnKey: new Set([signed.key, other.key, next.key]).size === 3 };
  }

  /** As the service is asked for it. */
  describe() {
    const { file, options } = this.#job;
    const { name = file.name, metadata = {} } = options;
    return { file_name: name, file_type: file.type, size: file.size, sha256: this.#sha256, metadata };
  }

  /**
   * Again with the file's checksum, if it was refused for having none.
   *
   * @param {unknown} error
   * @param {() => Promise<Signed>} again
   */
  async #withChecksum(error, again) {
    if (this.#sha256 || !hasCode(error, 'MissingChecksum')) {
      throw error;
    }
    this.service.group.signsMany = false; // each must be read first
    this.#sha256 = await sha256Of(this.#job.file);
    return again();
  }
}

/**
 * @template T
 * @param {Promise<T> | null} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T | null>}
 */
async function orAborted(promise, signal) {
  signal.throwIfAborted();
  const done = new AbortController();
  /** @type {Promise<never>} */ const aborted = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
  });
  return Promise.race([promise, aborted]).finally(() => done.abort());
}

/**
 * @param {any} reply
 * @returns {Signed}
 */
export function asSigned({ method = 'PUT', headers = {}, expires_in = 60, expires = expires_in, ...signed }) {
  const staleAt = Date.now() + Math.max(expires - STALE_SECONDS, expires / 2) * 1000;
  return { ...signed, method, headers, staleAt };
}

/** @param {{ staleAt: number }} signed */
export function isFresh({ staleAt }) {
  return Date.now() < staleAt; // performance.now() may sleep
}
