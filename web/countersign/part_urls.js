/** The URLs of an upload's parts, signed in batches ahead of need. */

import { pace } from './pace.js';
import { multipartPath } from './service.js';
import { asSigned, isFresh } from './sign.js';

/** @typedef {import('./types.js').Signed} Signed */

/** Signed ahead is what goes up in so many seconds, so that it is still fresh then; so many parts, while nobody knows. */
const AHEAD_SECONDS = 60;
const AHEAD_PARTS = 12;
const AHEAD_PARTS_MAX = 100;
/** With fewer left, the next are signed meanwhile. */
const LEFT_PARTS = 6;

export class PartUrls {
  /** @type {import('./service.js').Service} */ #service;
  /** @type {import('./types.js').Multipart} */ #multipart;
  /** @type {number[]} those that nobody asked for yet */ #unsigned;
  /** @type {Map<number, Promise<Signed>>} */ #signed = new Map();

  /**
   * @param {import('./service.js').Service} service
   * @param {import('./types.js').Multipart} multipart
   * @param {number[]} numbers in the order in which they will be wanted
   */
  constructor(service, multipart, numbers) {
    this.#service = service;
    this.#multipart = multipart;
    this.#unsigned = [...numbers];
  }

  /**
   * @param {number} number
   * @param {number} size
   * @param {string | undefined} sha256
   * @param {AbortSignal} signal
   * @returns {Promise<Signed>}
   */
  async take(number, size, sha256, signal) {
    if (sha256) {
      return this.#signOne(number, signal, { size, sha256 });
    }
    if (this.#unsigned.includes(number)) {
      this.#signNext(number);
    }
    const ahead = this.#signed.get(number);
    this.#signed.delete(number); // if it fails, another is signed
    if (this.#signed.size < LEFT_PARTS && this.#unsigned.length > 0) {
      this.#signNext();
    }
    const signed = await ahead?.catch(() => null);
    signal.throwIfAborted();
    return signed && isFresh(signed) ? signed : this.#signOne(number, signal, { size });
  }

  /**
   * @param {number} number
   * @param {AbortSignal} signal
   * @param {Record<string, string | number>} values
   */
  async #signOne(number, signal, values) {
    return asSigned(await this.#service.ask('GET', multipartPath(this.#multipart, `/${number}`, values), signal));
  }

  /** @param {number} [number] among them */
  #signNext(number) {
    const most = pace.bytesPerSecond
      ? Math.floor((pace.bytesPerSecond * AHEAD_SECONDS) / this.#multipart.partSize)
      : AHEAD_PARTS;
    const numbers = this.#unsigned.splice(0, Math.min(AHEAD_PARTS_MAX, Math.max(LEFT_PARTS, most)));
    if (number !== undefined && !numbers.includes(number)) {
      this.#unsigned.splice(this.#unsigned.indexOf(number), 1);
      numbers.push(number);
    }
    const path = multipartPath(this.#multipart, '/batch', { partNumbers: numbers.join() });
    const batch = this.#service.ask('GET', path, new AbortController().signal);
    for (const each of numbers) {
      const signed = batch.then(({ presignedUrls, expires }) => asSigned({ url: presignedUrls[each], expires }));
      signed.catch(() => {}); // it is heard where it is wanted
      this.#signed.set(each, signed);
    }
  }
}
