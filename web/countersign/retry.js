/** Trying again, pausing and giving up, of one upload. */

import { UploadError } from './error.js';

const TRIES_MAX = 8;
const WAIT_MAX_SECONDS = 20;

export class Tries {
  /** @type {import('./types.js').UploadOptions} */ #options;
  /** Ends what is under way. */ #period = new AbortController();
  /** @type {Promise<void> | null} */ #pause = null;
  #endPause = () => {};
  /** @type {{ error: unknown } | null} why all parts stop */ #failure = null;

  /** @param {import('./types.js').UploadOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** After a failure, too. */
  begin() {
    this.#failure = null;
    if (!this.paused) {
      this.#period = new AbortController();
    }
  }

  get paused() {
    return this.#pause !== null;
  }

  pause() {
    if (!this.paused) {
      this.#pause = new Promise((resolve) => {
        this.#endPause = resolve;
      });
      this.#period.abort();
    }
  }

  resume() {
    if (this.paused) {
      this.#pause = null;
      this.#period = new AbortController();
      this.#endPause();
    }
  }

  /** The caller's signal says so. */
  giveUp() {
    this.resume();
    this.#period.abort();
  }

  throwIfOver() {
    this.#options.signal?.throwIfAborted();
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
  }

  /**
   * Does something until it goes well, a pause or some failures in between.
   *
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} action
   * @returns {Promise<T>}
   */
  async persist(action) {
    for (let tries = 1; ; tries++) {
      await this.#pause;
      const { signal } = this.#period;
      try {
        this.throwIfOver();
        return await action(signal);
      } catch (error) {
        this.throwIfOver();
        if (signal.aborted) {
          tries = 0; // paused
        } else {
          tries = await this.#beforeRetry(error, tries, signal).catch((reason) => this.#fail(reason));
        }
      }
    }
  }

  /**
   * Waits, and gives the number of tries that count.
   *
   * @param {unknown} error
   * @param {number} tries
   * @param {AbortSignal} signal
   */
  async #beforeRetry(error, tries, signal) {
    if (!(error instanceof UploadError && error.retryable) || tries === TRIES_MAX) {
      throw error;
    }
    const online = navigator.onLine;
    this.#options.onRetry?.(error);
    await waitToRetry(tries, signal);
    return online ? tries : 0;
  }

  /**
   * Ends all parts.
   *
   * @param {unknown} error
   * @returns {never}
   */
  #fail(error) {
    this.#failure = { error };
    this.#period.abort();
    throw error;
  }
}

/**
 * Longer each time, and a random part; or until there is a network.
 *
 * @param {number} tries
 * @param {AbortSignal} signal ends it early
 * @returns {Promise<void>}
 */
function waitToRetry(tries, signal) {
  const seconds = Math.min(WAIT_MAX_SECONDS, 4 ** tries / 16) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = () => {
      done.abort();
      resolve();
    };
    signal.addEventListener('abort', end, { signal: done.signal });
    if (navigator.onLine) {
      setTimeout(end, seconds * 1000);
    } else {
      addEventListener('online', end, { signal: done.signal });
    }
  });
}
