/** A file that goes up in parts. */

import { sha256Of } from './checksum.js';
import { CONFLICT, hasCode, isPassing, UploadError } from './error.js';
import { Memory } from './memory.js';
import { pace } from './pace.js';
import { PartUrls } from './part_urls.js';
import { multipartPath } from './service.js';
import { withSlot } from './slots.js';
import { joined, listed } from './takeover.js';

/** @typedef {import('./types.js').Multipart} Multipart */
/** @typedef {import('./types.js').Sent} Sent */

const MIB = 1024 * 1024;
const PUT_MAX_BYTES = 5 * 1024 * MIB;
/** More than ever go up at once: checksums are made and requests signed meanwhile. */
const WORKERS = 8;

export class Parts {
  /** @type {import('./types.js').Job} */ #job;
  /** @type {Multipart | null} */ #multipart = null;
  /** Parts were joined, or nobody knows whether they were. */
  #completed = false;
  /** @type {Map<number, string>} the parts that S3 has */ #etags = new Map();
  /** @type {Memory} */ #memory;
  resumedBytes = 0;

  /** @param {import('./types.js').Job} job */
  constructor(job) {
    this.#job = job;
    this.#memory = new Memory(job);
  }

  /** @returns {Promise<Sent | null>} null when the service does not do this and one PUT will do */
  send() {
    return this.#memory.alone(async () => {
      const sent = (await this.#takeOver()) ?? (await this.#sendRest());
      await this.#memory.end(sent);
      return sent;
    });
  }

  /**
   * What an earlier page left, or another tab.
   *
   * @returns {Promise<Sent | null>} null: there is something to be done
   */
  async #takeOver() {
    const before = this.#memory.kept;
    const kept = await this.#memory.find();
    if ((kept ?? before) && kept?.uploadId !== this.#multipart?.uploadId) {
      this.#reset(); // another tab ended it, or began it
    }
    if (!kept || this.#multipart) {
      return null;
    }
    const sent = kept.sent ?? (await joined(kept, this.#job));
    if (sent) {
      this.#has(1, kept.size);
      return sent;
    }
    const parts = await listed(kept, this.#job);
    this.#multipart = parts && kept;
    for (const { PartNumber, ETag, Size } of parts ?? []) {
      this.#etags.set(PartNumber, ETag);
      this.#has(PartNumber, Size);
    }
    return null;
  }

  /**
   * @param {number} number
   * @param {number} bytes
   */
  #has(number, bytes) {
    this.resumedBytes += bytes;
    this.#job.sending.report(number, bytes);
  }

  /** @returns {Promise<Sent | null>} */
  async #sendRest() {
    const multipart = (this.#multipart ??= await this.#job.tries.persist((signal) => this.#create(signal)));
    if (multipart === null) {
      return null;
    }
    let receipt;
    try {
      await this.#putAll(multipart);
      receipt = await this.#complete(multipart);
    } catch (error) {
      throw hasCode(error, 'NoSuchUpload') || hasCode(error, CONFLICT) ? this.#forget(error) : error;
    }
    this.#multipart = null;
    return { key: multipart.key, etag: null, receipt, granted: multipart.receipt };
  }

  /** Nothing waits for it. */
  discard() {
    const multipart = this.#multipart ?? this.#memory.kept;
    if (multipart) {
      this.#job.service.discard(multipart);
      this.#memory.end();
    }
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<Multipart | null>}
   */
  async #create(signal) {
    const { file, options, service } = this.#job;
    const { type, size } = file;
    const { name = file.name, metadata = {} } = options;
    try {
      const partSize = pace.partBytes(size);
      const asked = { filename: name, type, size, partSize, metadata };
      const multipart = { partSize, ...(await service.ask('POST', 's3/multipart', signal, asked)) };
      await this.#memory.begin(multipart);
      return multipart;
    } catch (error) {
      if (hasCode(error, 'MultipartOff') && size <= PUT_MAX_BYTES) {
        return null;
      }
      throw error;
    }
  }

  /**
   * All of them, or until one fails; nothing goes on then.
   *
   * @param {Multipart} multipart
   */
  async #putAll(multipart) {
    const { file, tries } = this.#job;
    const size = multipart.partSize;
    /** @type {number[]} */ const missing = [];
    for (let number = 1; (number - 1) * size < file.size; number++) {
      if (!this.#etags.has(number)) {
        missing.push(number);
      }
    }
    const urls = new PartUrls(this.#job.service, multipart, missing);
    const left = missing.values();
    const work = async () => {
      for (const number of left) {
        await this.#put(multipart, number, file.slice((number - 1) * size, number * size), urls);
      }
    };
    await Promise.allSettled(Array.from({ length: WORKERS }, work));
    tries.throwIfOver();
  }

  /**
   * @param {Multipart} multipart
   * @param {number} number
   * @param {Blob} part
   * @param {PartUrls} urls
   */
  async #put(multipart, number, part, urls) {
    const { sending, tries } = this.#job;
    const sha256 = multipart.checksum ? await tries.persist(() => sha256Of(part)) : undefined;
    await tries.persist((signal) => withSlot(true, async () => {
      const etag = (await this.#look(multipart, number, part.size, signal)) ??
        (await sending.put(number, await urls.take(number, part.size, sha256, signal), part, signal));
      if (etag === null) {
        throw new UploadError('The bucket’s CORS rules hide the ETag header: they must expose it.');
      }
      this.#etags.set(number, etag);
      this.#memory.add(part.size);
      sending.report(number, part.size);
    }));
  }

  /**
   * @param {Multipart} multipart
   * @param {number} number
   * @param {number} size
   * @param {AbortSignal} signal
   * @returns {Promise<string | undefined>} its ETag, if S3 has it
   */
  async #look(multipart, number, size, signal) {
    const { sending, service } = this.#job;
    if (!sending.unanswered.has(number)) {
      return undefined;
    }
    /** @type {{ PartNumber: number, ETag: string, Size: number }[]} */
    const parts = await service.ask('GET', multipartPath(multipart, ''), signal).catch((error) => {
      if (error.retryable || hasCode(error, 'NoSuchUpload')) {
        throw error;
      }
      return [];
    });
    sending.unanswered.delete(number);
    return parts.find((part) => part.PartNumber === number && part.Size === size)?.ETag;
  }

  /**
   * When an answer was lost the parts may be joined, and S3 knows no such upload then: nobody else ends it.
   *
   * @param {Multipart} multipart
   */
  async #complete(multipart) {
    const { service, tries } = this.#job;
    const parts = [...this.#etags].sort(([a], [b]) => a - b);
    const body = { parts: parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag })) };
    await this.#memory.change(body); // a page that is closed now does not learn what became of it
    const reply = await tries.persist((signal) => {
      const again = this.#completed;
      this.#completed = true;
      return service.ask('POST', multipartPath(multipart, '/complete'), signal, body).catch((error) => {
        if (!(again && hasCode(error, 'NoSuchUpload'))) {
          this.#completed = !hasCode(error, CONFLICT) && (again || isPassing(error.status)); // else it did nothing
          if (!this.#completed) {
            this.#memory.change({ parts: undefined });
          }
          throw error;
        }
      });
    });
    return reply?.receipt;
  }

  /**
   * S3 has nothing of it any more, or won't join it: start() begins anew.
   *
   * @param {UploadError} error
   */
  #forget({ message, status, code }) {
    if (code === CONFLICT) {
      this.discard();
    }
    this.#reset();
    this.#memory.end();
    return new UploadError(message, { status, code, retryable: true });
  }

  #reset() {
    this.#multipart = null;
    this.#completed = false;
    this.resumedBytes = 0;
    this.#etags.clear();
    this.#job.sending.forget();
  }
}
