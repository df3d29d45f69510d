/** The rate is that of about the last so many seconds. */
const RATE_SECONDS = 3;

/** The bytes per second of late: a mean in which older ones count less and less. */
export class Rate {
  /** @type {{ bytes: number, at: number } | null} */ #last = null;
  #startedAt = 0;
  perSecond = 0;

  /** @param {number} bytes sent so far */
  add(bytes) {
    const at = performance.now();
    if (this.#last === null) {
      this.#startedAt = at;
    } else if (at > this.#last.at) {
      const seconds = (at - this.#last.at) / 1000;
      const latest = Math.max(0, bytes - this.#last.bytes) / seconds;
      const window = Math.min(RATE_SECONDS, (at - this.#startedAt) / 1000);
      this.perSecond += (latest - this.perSecond) * Math.min(1, seconds / window);
    }
    this.#last = { bytes, at };
  }
}
