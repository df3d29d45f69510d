import { Upload, UploadError } from 'countersign';
import { Rate } from './rate.js';

const SHOW_EACH_SECONDS = 0.25;

/** @typedef {import('countersign').UploadOptions} UploadOptions */
/** @typedef {import('countersign').Stored} Stored */

/**
 * What is shown of one file. It never changes: what happens makes another one.
 *
 * @typedef {object} UploadItem
 * @property {number} id
 * @property {File} file
 * @property {string} name the one that it gets
 * @property {'waiting' | 'running' | 'paused' | 'stored' | 'failed' | 'canceled'} state waiting: no byte moves yet
 * @property {number} sentBytes it falls when something is sent again
 * @property {number} totalBytes
 * @property {number} bytesPerSecond of late; 0: nobody knows
 * @property {number | null} secondsLeft null: nobody knows
 * @property {boolean} inParts a pause loses little
 * @property {Error | null} error why it failed, or why it is tried again, by itself, where it waits
 * @property {boolean} retryable it failed or was canceled, and may go well with another try
 * @property {Stored | null} result S3 has it
 */

/**
 * Those of `upload` which are the same for all files.
 *
 * @typedef {Omit<UploadOptions, 'onProgress' | 'onRetry' | 'signal' | 'name' | 'metadata'> & OfTheList} UploadsOptions
 */

/**
 * @typedef {object} OfTheList
 * @property {(stored: Stored, file: File) => unknown} [onStored] such as telling your server. A file whose promise is
 *     rejected has failed; another try calls it again, and sends nothing again
 */

/** @typedef {Pick<UploadOptions, 'name' | 'metadata'>} FileOptions */

/**
 * How an upload is made: `Upload` itself, but in tests.
 *
 * @typedef {(file: File, options: UploadOptions) => Pick<Upload, 'start' | 'pause' | 'resume' | 'paused' | 'inParts'>} Make
 */

const STILL = { bytesPerSecond: 0, secondsLeft: null };

/** One file of a list: its upload, and what is shown of it. */
export class Entry {
  #make;
  #options;
  #about;
  #onChange;
  #abort = new AbortController();
  #rate = new Rate();
  #shownAt = 0;

  /**
   * @param {number} id
   * @param {File} file
   * @param {() => UploadsOptions} options of the list, as they are now
   * @param {FileOptions} about
   * @param {() => void} onChange
   * @param {Make} make
   */
  constructor(id, file, options, about, onChange, make = (file, options) => new Upload(file, options)) {
    this.#options = options;
    this.#about = about;
    this.#onChange = onChange;
    this.#make = make;
    /** @type {UploadItem} */ this.item = Object.freeze({
      id, file, name: about.name ?? file.name, state: 'waiting', sentBytes: 0, totalBytes: file.size, ...STILL,
      inParts: false, error: null, retryable: false, result: null,
    });
    this.upload = this.#anew();
  }

  /** Not when S3 has it: nothing is left to be stopped then. */
  get #isUnderWay() {
    return ['waiting', 'running', 'paused'].includes(this.item.state) && this.item.result === null;
  }

  async run() {
    const { signal } = this.#abort;
    this.#rate = new Rate();
    this.#show({ state: 'waiting', error: null, retryable: false, inParts: this.upload.inParts, ...STILL });
    try {
      const result = await this.upload.start();
      this.#show({ result, sentBytes: this.item.totalBytes, ...STILL });
      await this.#options().onStored?.(result, this.item.file);
      this.#show({ state: 'stored', retryable: !!result.unproven });
    } catch (reason) {
      if (!signal.aborted) {
        const error = reason instanceof Error ? reason : new Error(String(reason));
        const retryable = !(error instanceof UploadError) || error.retryable;
        this.#show({ state: 'failed', error, retryable, ...STILL });
      }
    }
  }

  pause() {
    if (this.#isUnderWay && !this.upload.paused) {
      this.upload.pause();
      this.#show({ state: 'paused', error: null, ...STILL });
    }
  }

  resume() {
    if (this.#isUnderWay && this.upload.paused) {
      this.#rate = new Rate();
      this.#show({ state: 'waiting' });
      this.upload.resume();
    }
  }

  cancel() {
    if (this.#isUnderWay || (this.item.state === 'failed' && this.item.result === null)) {
      this.#show({ state: 'canceled', error: null, retryable: true, ...STILL });
      this.#abort.abort();
    }
  }

  retry() {
    if (this.item.retryable) {
      if (this.item.state === 'canceled') {
        this.#show({ sentBytes: 0 });
        this.upload = this.#anew();
      }
      void this.run();
    }
  }

  /** What was given up can't be started again. */
  #anew() {
    const { onStored, ...options } = this.#options();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const isHeard = () => !signal.aborted && this.#isUnderWay; // what was given up or failed may have more to say
    return this.#make(this.item.file, {
      ...options,
      ...this.#about,
      signal,
      onProgress: (progress) => isHeard() && this.#showProgress(progress),
      onRetry: (error) => isHeard() && this.#show({ state: 'waiting', error, ...STILL }),
    });
  }

  /** @param {import('countersign').Progress} progress */
  #showProgress({ sentBytes, totalBytes }) {
    const now = performance.now();
    const isFirst = this.item.state === 'waiting';
    if (this.upload.paused || !(isFirst || now - this.#shownAt >= SHOW_EACH_SECONDS * 1000)) {
      return;
    }
    this.#shownAt = now;
    this.#rate.add(sentBytes);
    const { perSecond } = this.#rate;
    this.#show({
      state: 'running', error: null, sentBytes, totalBytes, inParts: this.upload.inParts, bytesPerSecond: perSecond,
      secondsLeft: perSecond > 0 ? (totalBytes - sentBytes) / perSecond : null,
    });
  }

  /** @param {Partial<UploadItem>} news */
  #show(news) {
    this.item = Object.freeze({ ...this.item, ...news });
    this.#onChange();
  }
}
