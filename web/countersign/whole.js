/** A file that goes up by one request. */

import { hasCode, UploadError, WORDS } from './error.js';
import { query, within } from './service.js';
import { isFresh, Signer } from './sign.js';
import { withSlot } from './slots.js';

/** @typedef {import('./types.js').Signed} Signed */

export class WholeFile {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {Signer} */ #signer;
  /** @type {Signed | null} */ #signed = null;

  /** @param {import('./types.js').Job} job */
  constructor(job) {
    this.#job = job;
    this.#signer = new Signer(job);
  }

  /** It is about to be sent, so it may be signed together with others. */
  expect() {
    this.#signer.expect();
  }

  /** @returns {Promise<import('./types.js').Sent>} */
  send() {
    return this.#job.tries.persist((signal) => withSlot(false, () => this.#try(signal)));
  }

  /** It is not sent any more. */
  leave() {
    this.#signer.leave();
  }

  /** @param {AbortSignal} signal */
  async #try(signal) {
    const { file, sending } = this.#job;
    const sent = sending.unanswered.has(0) ? this.#signed : null;
    if (sent !== null && (await this.#isStored(sent, signal))) {
      return this.#stored(sent);
    }
    const signed = this.#signed && isFresh(this.#signed) ? this.#signed : await this.#signer.take(signal);
    this.#signed = signed;
    try {
      return this.#stored(signed, await sending.put(0, signed, file, signal));
    } catch (error) {
      if (hasCode(error, 'Expired')) {
        signed.staleAt = 0;
      } else if (hasCode(error, 'PreconditionFailed') && (await this.#signer.signAnother(signed, signal)).isOwnKey) {
        return this.#stored(signed); // an answer was lost, to us or to a browser that sent it twice by itself
      }
      throw error;
    }
  }

  /**
   * What was sent whole may be stored. While nobody says, it goes to the same key, or not at all.
   *
   * @param {Signed} signed
   * @param {AbortSignal} signal
   */
  async #isStored(signed, signal) {
    const { next, isOwnKey } = await this.#signer.signAnother(signed, signal);
    const found = await this.#look(signed, isOwnKey, signal);
    if (found || isFresh(signed)) {
      return found;
    }
    if (next.key !== signed.key) {
      if (found !== false) {
        const about = { code: 'Unconfirmed', key: signed.key, retryable: found === null };
        throw new UploadError(`${WORDS.NoAnswer} It may be stored.`, about);
      }
      this.#job.sending.unanswered.delete(0);
    }
    this.#signed = next;
    return false;
  }

  /**
   * @param {Signed} signed
   * @param {string | null} [etag]
   */
  #stored({ key, receipt }, etag = null) {
    const { file, sending } = this.#job;
    sending.report(0, file.size);
    return { key, etag, granted: receipt };
  }

  /**
   * @param {Signed} signed
   * @param {boolean} isOwnKey no earlier file is there
   * @param {AbortSignal} signal
   * @returns {Promise<boolean | null | undefined>} whether it is stored; null: unknown, undefined: nobody can tell
   */
  async #look({ key, receipt }, isOwnKey, signal) {
    const { file, service } = this.#job;
    const proof = receipt && (await service.ask('POST', 'confirm', signal, { receipt }).catch(refusal));
    if (proof === false || (proof && isOwnKey)) {
      return !!proof;
    }
    const download = isOwnKey && (await service.ask('GET', `signed_download${query({ key })}`, signal).catch(refusal));
    if (!download) {
      return undefined;
    }
    const answer = await within(signal, (limited) =>
      fetch(download.url, { cache: 'no-store', redirect: 'error', signal: limited }).catch(() => null));
    const isWhole = answer?.ok && Number(answer.headers.get('Content-Length')) === file.size;
    return isWhole || (answer?.status === 404 ? false : answer?.status === 403 ? undefined : null);
  }
}

/** @param {UploadError} error */
export function refusal(error) {
  const isMissing = ['NotStored', 'StoredDiffers'].includes(error.code);
  if (error.retryable && !isMissing) {
    throw error;
  }
  return isMissing ? false : undefined;
}
