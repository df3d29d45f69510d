/** One upload, from its start to what proves that it is stored. */

import { UploadError } from './error.js';
import { checkReadable } from './file.js';
import { Parts } from './parts.js';
import { Sending } from './progress.js';
import { Tries } from './retry.js';
import { Service } from './service.js';
import { WholeFile } from './whole.js';

/** @typedef {import('./types.js').Stored} Stored */
/** @typedef {import('./types.js').UploadOptions} UploadOptions */

const MULTIPART_FROM_BYTES = 16 * 1024 * 1024;

/** It can be paused, and started again after it failed. */
export class Upload {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {WholeFile} */ #whole;
  /** @type {Parts | null} */ #parts = null;
  /** @type {Promise<Stored> | null} */ #running = null;
  #listening = new AbortController();
  /** @type {import('./types.js').Sent | null} */ #sent = null;

  /**
   * @param {File} file
   * @param {UploadOptions} [options]
   */
  constructor(file, options = {}) {
    const { multipartFromBytes = MULTIPART_FROM_BYTES, signal } = options;
    const tries = new Tries(options);
    this.#job = { file, options, service: new Service(options), tries, sending: new Sending(file.size, options) };
    this.#whole = new WholeFile(this.#job);
    if (file.size >= Math.max(1, multipartFromBytes)) {
      this.#parts = new Parts(this.#job);
    }
    signal?.addEventListener('abort', () => this.#giveUp(), { signal: this.#listening.signal });
  }

  /** Whether it goes up in parts, so that a pause loses little. */
  get inParts() {
    return this.#parts !== null;
  }

  /** What an earlier page had stored already. */
  get resumedBytes() {
    return this.#parts?.resumedBytes ?? 0;
  }

  get paused() {
    return this.#job.tries.paused;
  }

  /**
   * Starts, or goes on with what is missing. While it runs, it is the same promise.
   *
   * @returns {Promise<Stored>}
   */
  start() {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Stops sending until resume(). Parts that are done are kept. */
  pause() {
    this.#job.tries.pause();
  }

  resume() {
    this.#job.tries.resume();
  }

  /** @returns {Promise<Stored>} */
  async #run() {
    this.#job.tries.begin();
    this.#sent ??= await this.#send().finally(() => this.#whole.leave());
    const stored = await this.#prove(this.#sent);
    this.#sent = { ...this.#sent, ...stored };
    if (!stored.unproven) {
      this.#listening.abort();
    }
    return stored;
  }

  async #send() {
    if (!this.inParts) {
      this.#whole.expect();
    }
    await checkReadable(this.#job.file);
    const sent = await this.#parts?.send();
    if (sent) {
      return sent;
    }
    this.#parts = null;
    return this.#whole.send();
  }

  /**
   * S3 has the file, whatever the service says.
   *
   * @param {import('./types.js').Sent} sent
   * @returns {Promise<Stored>}
   */
  async #prove({ key, etag, receipt, granted }) {
    if (!granted || receipt) {
      return { key, etag, receipt };
    }
    try {
      const { service, tries } = this.#job;
      const proof = await tries.persist((signal) => service.ask('POST', 'confirm', signal, { receipt: granted }));
      return { key, etag, receipt: proof.receipt };
    } catch (error) {
      if (error instanceof UploadError) {
        return { key, etag, receipt: null, unproven: error };
      }
      throw error;
    }
  }

  #giveUp() {
    this.#job.tries.giveUp();
    this.#parts?.discard();
  }
}

/**
 * @param {File} file
 * @param {UploadOptions} [options]
 * @returns {Promise<Stored>} rejected with an UploadError, or with the signal's reason
 */
export function upload(file, options) {
  return new Upload(file, options).start();
}
