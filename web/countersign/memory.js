/** An upload in parts outlives its page: what is kept of it, and which tab goes on with it. */

import { fingerprintOf } from './fingerprint.js';
import { allKept, forget, keep } from './kept.js';
import { Service } from './service.js';

/** @typedef {import('./types.js').Kept} Kept */
/** @typedef {import('./types.js').Multipart} Multipart */
/** @typedef {import('./types.js').Sent} Sent */

/** Remembers one upload. Without `resume`, or where the browser keeps nothing, it does nothing. */
export class Memory {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {import('./types.js').Place} */ #place;
  /** @type {string | undefined} */ #id;
  #waited = false;
  /** @type {Kept | undefined} as it is kept */ kept;

  /** @param {import('./types.js').Job} job */
  constructor(job) {
    const { file, options, service } = job;
    this.#job = job;
    this.#place = { endpoint: service.endpoint, name: options.name ?? file.name, metadata: { ...options.metadata } };
  }

  /**
   * Two tabs never send the same file: the later one waits.
   *
   * @template T
   * @param {() => Promise<T>} action
   * @returns {Promise<T>}
   */
  async alone(action) {
    const { file, options: { resume, signal } } = this.#job;
    if (resume !== false) {
      this.#id ??= await fingerprintOf(file, this.#place).catch(() => undefined);
    }
    if (!this.#id) {
      return action();
    }
    const running = await withLock(this.#id, { ifAvailable: true }, action);
    this.#waited = running === null;
    return (running ?? (await withLock(this.#id, { signal }, action)))?.done ?? action();
  }

  /** What is kept of it now. Parts of another file in its place are deleted. */
  async find() {
    if (!this.#id) {
      return undefined;
    }
    const { service } = this.#job;
    const here = (await keptAt(service)).filter(({ name }) => name === this.#place.name);
    for (const other of here.filter(({ id }) => id !== this.#id)) {
      drop(other, service);
    }
    const found = here.find(({ id }) => id === this.#id);
    this.kept = found?.sent && !this.#waited ? undefined : found; // else it is sent once more, as asked
    return this.kept;
  }

  /** @param {Multipart} multipart */
  async begin(multipart) {
    const { file: { type, size }, options: { handle } } = this.#job;
    if (this.#id) {
      const about = { ...this.#place, id: this.#id, type, size, handle, startedAt: Date.now(), storedBytes: 0 };
      this.kept = { ...multipart, ...about };
      if (!(await keep(this.kept))) {
        this.kept = undefined;
      }
    }
  }

  /** @param {Partial<Kept>} changes */
  async change(changes) {
    if (this.kept) {
      this.kept = { ...this.kept, ...changes };
      await keep(this.kept);
    }
  }

  /** @param {number} bytes of a part that S3 has now */
  add(bytes) {
    this.change({ storedBytes: (this.kept?.storedBytes ?? 0) + bytes });
  }

  /**
   * Nothing is kept then, but for tabs that wait for it.
   *
   * @param {Sent | null} [sent]
   */
  async end(sent) {
    const { kept } = this;
    if (kept && sent && (await locks()).pending?.some(({ name }) => name === lockOf(kept.id))) {
      await this.change({ sent });
    } else if (kept) {
      await forget(kept.id);
    }
    this.kept = undefined;
  }
}

/**
 * What was begun in parts at this endpoint and can go on, the oldest first; none that is under way in a tab.
 *
 * @param {import('./types.js').UploadOptions} [options]
 * @returns {Promise<import('./types.js').Unfinished[]>}
 */
export async function unfinished(options = {}) {
  const service = new Service(options);
  const all = await keptAt(service);
  const { held = [], pending = [] } = await locks();
  const busy = new Set([...held, ...pending].map(({ name }) => name));
  const idle = all.filter(({ id }) => !busy.has(lockOf(id)));
  return idle.filter(({ id, sent }) => !sent || void forget(id)).map((kept) => ({
    ...kept,
    fits: async (file) => file.size === kept.size && (await fingerprintOf(file, kept).catch(() => {})) === kept.id,
    forget: () => drop(kept, service),
  }));
}

/** @param {Service} service */
async function keptAt({ endpoint }) {
  const all = await allKept();
  return all.filter((kept) => kept.endpoint === endpoint).sort((a, b) => a.startedAt - b.startedAt);
}

/**
 * Unless a tab is at it.
 *
 * @param {Kept} kept
 * @param {Service} service
 */
async function drop(kept, service) {
  const running = await withLock(kept.id, { ifAvailable: true }, async () => {
    await forget(kept.id);
    await service.discard(kept);
  });
  await running?.done;
}

/** @param {string} id */
function lockOf(id) {
  return `countersign ${id}`;
}

/** @returns {Promise<LockManagerSnapshot>} */
async function locks() {
  return (await navigator.locks?.query().catch(() => null)) ?? {};
}

/**
 * Without a lock where there are none.
 *
 * @template T
 * @param {string} id
 * @param {LockOptions} options
 * @param {() => Promise<T>} action
 * @returns {Promise<{ done: Promise<T> } | null>} null: another has it. When it is done, the lock is free
 */
async function withLock(id, options, action) {
  /** @type {{ done: Promise<T> } | null | undefined} */ let running;
  await navigator.locks?.request(lockOf(id), options, (lock) => {
    running = lock && { done: action() };
    return running?.done;
  }).catch(() => {}); // the action's own is told by its promise
  if (running === undefined) {
    options.signal?.throwIfAborted();
    return { done: action() };
  }
  return running;
}
