/** What the service signs for whole files: one by one, or many by one request. */

import { sha256Of } from './checksum.js';
import { hasCode, refused } from './error.js';
import { pace } from './pace.js';
import { query } from './service.js';
import { signersAhead } from './slots.js';

/** @typedef {import('./types.js').Signed} Signed */

/** A URL is not used in its last seconds. */
const STALE_SECONDS = 5;
/** The service's own limit. */
const FILES_MAX = 100;
/** Signed ahead is what goes up in so many seconds, so that it is still fresh then; or so much, while nobody knows. */
const AHEAD_SECONDS = 60;
const AHEAD_BYTES = 32 * 1024 * 1024;

/** Signs requests for one file that goes up whole. */
export class Signer {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {string | undefined} if the service wants it */ #sha256;
  /** Signed before it was its turn. @type {Signed | null} */ ahead = null;

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

  /**
   * The one to use now, signed ahead or together with others if there are any.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Signed>}
   */
  async take(signal) {
    const { ahead } = this;
    this.ahead = null;
    if (ahead && isFresh(ahead)) {
      return ahead;
    }
    const reply = await signTogether(this, signal);
    if (reply === null) {
      return this.sign(signal);
    }
    if (!reply.error && !reply.status) {
      return asSigned(reply);
    }
    return this.#withChecksum(refused(reply.message, reply.status, reply.code), () => this.take(signal));
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
    this.service.group.signsAhead = false; // what is to be signed must be read first
    this.#sha256 = await sha256Of(this.#job.file);
    return again();
  }
}

/** @type {Map<object, Promise<Map<Signer, any> | null>>} what is asked at the end of this turn, by group */ const batches = new Map();

/**
 * All that ask in one turn of the event loop are asked for by one request, and with them those that come next.
 *
 * @param {Signer} signer
 * @param {AbortSignal} signal of this one alone
 * @returns {Promise<any>} null: it is alone, or the service does not do this
 */
async function signTogether(signer, signal) {
  const { group } = signer.service;
  if (group.signsMany === false) {
    return null;
  }
  group.asking.push(signer);
  const batch = batches.get(group) ?? Promise.resolve().then(() => {
    batches.delete(group);
    return askForMany(group.asking.splice(0), group);
  });
  batches.set(group, batch);
  const over = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  over.catch(() => {});
  const replies = await Promise.race([batch, over]);
  return replies?.get(signer) ?? null;
}

/**
 * @param {Signer[]} asking
 * @param {import('./service.js').Group} group
 * @returns {Promise<Map<Signer, any> | null>}
 */
async function askForMany(asking, group) {
  const signers = [...asking, ...(group.signsAhead ? nextOf(asking, group) : [])];
  if (signers.length === 1) {
    return null;
  }
  const body = { files: signers.map((signer) => signer.describe()), form: true };
  try {
    const { service } = signers[0];
    const { files } = await service.ask('POST', 'signed_urls', new AbortController().signal, body);
    signers.slice(asking.length).forEach((signer, i) => {
      const reply = files[asking.length + i];
      signer.ahead = reply.url ? asSigned(reply) : null; // a refusal is heard when it is its turn
    });
    return new Map(asking.map((signer, i) => [signer, files[i]]));
  } catch (error) {
    if (/** @type {any} */ (error).retryable) {
      throw error;
    }
    group.signsMany = false; // an older one, or its gateway, knows no such path
    return null;
  }
}

/**
 * @param {Signer[]} asking
 * @param {import('./service.js').Group} group
 */
function nextOf(asking, group) {
  let bytesLeft = Math.max(AHEAD_BYTES, pace.bytesPerSecond * AHEAD_SECONDS);
  return signersAhead()
    .filter((signer) => signer.service.group === group && !(signer.ahead && isFresh(signer.ahead)))
    .slice(0, FILES_MAX - asking.length)
    .filter(({ sizeBytes }) => (bytesLeft -= sizeBytes) > 0);
}

/**
 * @param {any} reply
 * @returns {Signed}
 */
export function asSigned({ method = 'PUT', headers = {}, expires_in = 60, expires = expires_in, ...signed }) {
  const staleAt = Date.now() + Math.max(expires - STALE_SECONDS, expires / 2) * 1000;
  return { ...signed, method, headers, staleAt };
}

/** @param {Signed} signed */
export function isFresh({ staleAt }) {
  return Date.now() < staleAt; // performance.now() may sleep
}
