/** How fast files go up, and so how many parts go at once and how large they are. */

const MIB = 1024 * 1024;
/** The most that a browser has connections for. */
const AT_ONCE_MAX = 6;
const AT_ONCE_MIN = 2;
const WINDOW_SECONDS = 3;
/** It is tried again with one more or one less after so many windows. */
const STEADY_WINDOWS = 4;
/** How much slower fewer may be, and how much faster more must be. */
const AS_FAST = 0.95;
const FASTER = 1.08;

/** S3's own limits. */
const PART_MIN_BYTES = 5 * MIB;
const PARTS_MAX = 10_000;
/** What a failure costs at most, while nothing is known and later. */
const PART_USUAL_BYTES = 8 * MIB;
const PART_MAX_BYTES = 64 * MIB;
const PART_SECONDS = 6;

/** How long something may stand still beyond what others of its size took, and how often that. */
const PATIENCE_SECONDS = 5;
const PATIENCE_TIMES = 3;
/** Of less, the seconds tell of the distance rather than of the rate. */
const MEASURED_BYTES = MIB / 4;

export class Pace {
  /** How many parts may go up at once: as few as are as fast as more, so that other files have connections. */
  atOnce = AT_ONCE_MAX;
  /** Of all connections. 0: nobody knows yet. */
  bytesPerSecond = 0;
  /** What arrived of late, on the average: bytes, and the seconds that they took. */ #usualBytes = 0;
  #usualSeconds = 0;
  /** One more or one less is tried next. */ #step = -1;
  #isTrying = false;
  /** Since something arrived. */ #failures = 0;
  #isRecovering = false;
  #windowsLeft = 1;
  #rateBefore = 0;
  /** @type {number | null} */ #startedAt = null;
  #bytes = 0;
  #arrivals = 0;

  /**
   * A file or part was stored.
   *
   * @param {number} bytes
   * @param {number} seconds that it took
   * @param {number} now in seconds
   */
  arrived(bytes, seconds, now) {
    this.#failures = 0;
    const weight = this.#usualSeconds ? 1 / 4 : 1;
    this.#usualBytes += (bytes - this.#usualBytes) * weight;
    this.#usualSeconds += (Math.max(seconds, 0.001) - this.#usualSeconds) * weight;
    if (this.#isRecovering) {
      this.atOnce = Math.min(AT_ONCE_MAX, this.atOnce + 1);
      this.#isRecovering = this.atOnce < AT_ONCE_MAX;
      this.#startWindow(now);
      return;
    }
    this.#startedAt ??= now - seconds;
    this.#bytes += bytes;
    this.#arrivals++;
    if (this.#arrivals >= 2 * this.atOnce && now - this.#startedAt >= WINDOW_SECONDS) {
      this.bytesPerSecond = this.#bytes / (now - this.#startedAt);
      this.#decide(this.bytesPerSecond);
      this.#startWindow(now);
    }
  }

  /** A connection broke, or stood still: one less at once, until something arrives. */
  failed() {
    this.#failures++;
    this.atOnce = Math.max(1, this.atOnce - 1);
    this.#isRecovering = true;
    this.#step = -1;
    this.#isTrying = false;
    this.#windowsLeft = STEADY_WINDOWS;
  }

  /**
   * How long a connection may stand still, as far as others tell; Infinity: nobody knows.
   *
   * @param {number} bytes of all that it has to send
   */
  patienceSeconds(bytes) {
    const usual = this.#usualSeconds * Math.max(1, bytes / this.#usualBytes);
    const slower = 1 + this.#failures / AT_ONCE_MAX; // while nothing arrives the line may have become that
    return this.#usualSeconds ? (PATIENCE_SECONDS + PATIENCE_TIMES * usual) * slower : Infinity;
  }

  /**
   * Of equal parts as many as fill all connections to the end.
   *
   * @param {number} fileBytes
   */
  partBytes(fileBytes) {
    const isKnown = this.#usualBytes >= MEASURED_BYTES;
    const known = isKnown ? (this.#usualBytes / this.#usualSeconds) * PART_SECONDS : 0;
    const wished = known ? Math.min(PART_MAX_BYTES, Math.max(PART_MIN_BYTES, known)) : PART_USUAL_BYTES;
    const rounds = Math.ceil(fileBytes / (wished * AT_ONCE_MAX));
    const bytes = Math.ceil(fileBytes / (rounds * AT_ONCE_MAX));
    return Math.max(PART_MIN_BYTES, bytes, Math.ceil(fileBytes / PARTS_MAX));
  }

  /** @param {number | null} now */
  #startWindow(now) {
    this.#startedAt = now;
    this.#bytes = 0;
    this.#arrivals = 0;
  }

  /** @param {number} rate */
  #decide(rate) {
    if (this.#isTrying && rate < this.#rateBefore * (this.#step > 0 ? FASTER : AS_FAST)) {
      this.atOnce -= this.#step;
      this.#isTrying = false;
      this.#step = -this.#step;
      this.#windowsLeft = STEADY_WINDOWS;
      return;
    }
    this.#rateBefore = rate;
    if (!this.#isTrying && --this.#windowsLeft > 0) {
      return;
    }
    const next = this.atOnce + this.#step;
    this.#isTrying = next >= AT_ONCE_MIN && next <= AT_ONCE_MAX;
    if (this.#isTrying) {
      this.atOnce = next;
    } else {
      this.#step = -this.#step;
      this.#windowsLeft = STEADY_WINDOWS;
    }
  }
}

/** Of this page: its uploads share the network. */
export const pace = new Pace();
