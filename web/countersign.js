/**
 * Uploads files from a browser straight to S3, with requests that Countersign signs.
 *
 *     import { upload } from './countersign.js';
 *     const { key } = await upload(file, { endpoint: 'https://api.example.com/', onProgress, signal });
 *
 * A file goes up in one PUT, or in parts when it is large. What a network or an expired URL breaks off is tried again,
 * but a file never ends under two keys.
 *
 * @module
 */

/**
 * @typedef {object} Progress
 * @property {number} sentBytes of the file; it falls when something has to be sent again
 * @property {number} totalBytes
 */

/**
 * @typedef {object} UploadOptions
 * @property {string | URL} [endpoint] the service's URL; where the page is, by default
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(error: UploadError) => void} [onRetry] something failed and will be tried again
 * @property {AbortSignal} [signal] gives the upload up
 * @property {Record<string, string>} [headers] for the service's requests, such as Authorization; S3 does not get them
 * @property {RequestCredentials} [credentials] `include` sends cookies to a service of another origin
 * @property {string} [name] the name that it gets, such as its path in a folder; its own by default
 * @property {Record<string, string>} [metadata] stored with the object
 * @property {number} [multipartFromBytes] files of this size and above go up in parts; 16 MiB by default
 * @property {number} [stallSeconds] how long no byte may move while it is sent; 300 by default
 * @property {number} [answerSeconds] how long S3's answer may take after the last byte; 180 by default
 * @property {number} [answerBytesPerSecond] the size divided by this is added to that; 5000 by default
 */

/**
 * @typedef {object} Stored
 * @property {string} key the object's key
 * @property {string | null} etag as S3 gave it for a PUT; null for an upload in parts, and when S3's answer was lost
 */

/** @typedef {{ url: string, headers: Record<string, string>, key: string, staleAt: number }} SignedPut */
/** @typedef {{ key: string, uploadId: string, checksum?: string, partSize?: number }} Multipart */

const MIB = 1024 * 1024;
const MULTIPART_FROM_BYTES = 16 * MIB;
const PUT_MAX_BYTES = 5 * 1024 * MIB;
const PART_MIN_BYTES = 8 * MIB;
const PARTS_MAX = 10_000;
const PARTS_AT_ONCE = 4;
/** Browsers open six connections to a host. What waits for one is not signed yet. */
const PUTS_AT_ONCE = 6;
/** What a browser reads into memory at once, for a checksum. */
const CHECKSUM_MAX_BYTES = 2 ** 31 - 1;
const TRIES_MAX = 8;
const WAIT_MAX_SECONDS = 20;
const REQUEST_MAX_SECONDS = 60;
/** Another request for the key came between. S3 may know nothing of an upload any more. */
const CONFLICT = 'ConditionalRequestConflict';
/** A URL is not used in its last seconds. */
const STALE_SECONDS = 5;

/** Why an upload failed. The message is for people. */
export class UploadError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, code?: string, retryable?: boolean, key?: string }} [about]
   */
  constructor(message, { status = 0, code = '', retryable = false, key } = {}) {
    super(message);
    this.name = 'UploadError';
    /** The answer's HTTP status; 0 when there was none. */
    this.status = status;
    /** The service's, S3's or this module's, such as `TooLarge`; may be empty. */
    this.code = code;
    /** Whether the same thing may go well at another time. */
    this.retryable = retryable;
    /** Where the file may be stored (`Unconfirmed`). */
    this.key = key;
  }
}

/**
 * Uploads a file.
 *
 * @param {File} file
 * @param {UploadOptions} [options]
 * @returns {Promise<Stored>} rejected with an UploadError, or with the signal's reason
 */
export function upload(file, options) {
  return new Upload(file, options).start();
}

/** An upload that can be paused, and started again after it failed. */
export class Upload {
  /** @type {File} */ #file;
  /** @type {UploadOptions} */ #options;
  /** @type {URL} */ #endpoint;
  /** @type {Promise<Stored> | null} */ #running = null;
  /** Ends what is under way: at a pause, when it failed, and when it is given up. */
  #period = new AbortController();
  /** @type {PromiseWithResume | null} */ #pause = null;
  /** @type {{ error: unknown } | null} why all parts stop */ #failure = null;
  /** Until it is stored. */
  #listening = new AbortController();
  /** @type {Multipart | null} */ #multipart = null;
  #multipartIsOff = false;
  /** @type {SignedPut | null} */ #signed = null;
  /** @type {Set<number>} parts (0: the file) that were sent whole and got no answer */ #unanswered = new Set();
  /** Parts were joined, or nobody knows whether they were. */
  #completed = false;
  /** @type {Map<number, string>} the parts that S3 has */ #etags = new Map();
  /** @type {Map<number, number>} bytes sent, by part */ #sent = new Map();
  #sentBytes = 0;
  #needsChecksum = false;
  /** @type {string | undefined} */ #sha256;

  /**
   * @param {File} file
   * @param {UploadOptions} [options]
   */
  constructor(file, options = {}) {
    this.#file = file;
    this.#options = options;
    this.#endpoint = new URL(options.endpoint ?? '.', document.baseURI);
    this.#endpoint.pathname = this.#endpoint.pathname.replace(/\/*$/, '/');
    options.signal?.addEventListener('abort', () => this.#giveUp(), { signal: this.#listening.signal });
  }

  /** Whether it goes up in parts, so that a pause loses little. */
  get inParts() {
    const from = this.#options.multipartFromBytes ?? MULTIPART_FROM_BYTES;
    return this.#file.size >= Math.max(1, from) && !this.#multipartIsOff;
  }

  get paused() {
    return this.#pause !== null;
  }

  /**
   * Starts, or after a failure goes on with what is missing. While it runs, it is the same promise.
   *
   * @returns {Promise<Stored>}
   */
  start() {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** @returns {Promise<Stored>} */
  async #run() {
    this.#failure = null;
    if (this.#pause === null) {
      this.#period = new AbortController();
    }
    await checkReadable(this.#file);
    const stored = await (this.inParts ? this.#putInParts() : this.#putWhole());
    this.#listening.abort();
    return stored;
  }

  /** Stops sending until resume(). Parts that are done are kept. */
  pause() {
    if (this.#pause === null) {
      this.#pause = promiseWithResume();
      this.#period.abort();
    }
  }

  resume() {
    const pause = this.#pause;
    if (pause !== null) {
      this.#pause = null;
      this.#period = new AbortController();
      pause.resume();
    }
  }

  // ---- The two ways up

  /** @returns {Promise<Stored>} */
  async #putWhole() {
    return this.#persist((signal) => withSlot(async () => {
      const sent = this.#unanswered.has(0) ? this.#signed : null;
      if (sent !== null && (await this.#isStored(sent, signal))) {
        return this.#stored(sent);
      }
      const signed = this.#signed && isFresh(this.#signed) ? this.#signed : await this.#signWhole(signal);
      this.#signed = signed;
      try {
        return this.#stored(signed, await this.#put(0, signed, this.#file, signal));
      } catch (error) {
        if (hasCode(error, 'Expired')) {
          signed.staleAt = 0;
        } else if (hasCode(error, 'PreconditionFailed') && (await this.#signAnother(signed, signal)).isOwnKey) {
          return this.#stored(signed); // an answer was lost, to us or to a browser that sent it twice by itself
        }
        throw error;
      }
    }));
  }

  /**
   * What was sent whole may be stored. While nobody says, it goes to the same key, or not at all.
   *
   * @param {SignedPut} signed
   * @param {AbortSignal} signal
   */
  async #isStored(signed, signal) {
    const { next, isOwnKey } = await this.#signAnother(signed, signal);
    const found = isOwnKey ? await this.#look(signed, signal) : undefined;
    if (found || isFresh(signed)) {
      return found;
    }
    if (next.key !== signed.key) {
      if (found !== false) {
        const about = { code: 'Unconfirmed', key: signed.key, retryable: found === null };
        throw new UploadError(`${WORDS.NoAnswer} It may be stored.`, about);
      }
      this.#unanswered.delete(0);
    }
    this.#signed = next;
    return false;
  }

  /**
   * @param {SignedPut} signed
   * @param {string | null} [etag]
   */
  #stored({ key }, etag = null) {
    this.#report(0, this.#file.size);
    return { key, etag };
  }

  /**
   * Signs twice: if all three keys differ, each upload has its own.
   *
   * @param {SignedPut} signed
   * @param {AbortSignal} signal
   */
  async #signAnother(signed, signal) {
    const other = await this.#signWhole(signal);
    const next = await this.#signWhole(signal);
    return { next, isOwnKey: new Set([signed.key, other.key, next.key]).size === 3 };
  }

  /**
   * @param {SignedPut} signed
   * @param {AbortSignal} signal
   * @returns {Promise<boolean | null | undefined>} whether it is stored; null: unknown, undefined: nobody can tell
   */
  async #look({ key }, signal) {
    const download = await this.#ask('GET', `signed_download${query({ key })}`, signal).catch((error) => {
      if (error.retryable) {
        throw error;
      }
    });
    if (!download) {
      return undefined;
    }
    const answer = await within(signal, (limited) =>
      fetch(download.url, { cache: 'no-store', redirect: 'error', signal: limited }).catch(() => null));
    const isWhole = answer?.ok && Number(answer.headers.get('Content-Length')) === this.#file.size;
    return isWhole || (answer?.status === 404 ? false : answer?.status === 403 ? undefined : null);
  }

  /** @returns {Promise<Stored>} */
  async #putInParts() {
    const multipart = (this.#multipart ??= await this.#persist((signal) => this.#create(signal)));
    if (multipart === null) {
      this.#multipartIsOff = true;
      return this.#putWhole();
    }
    try {
      await this.#putParts(multipart);
      await this.#complete(multipart);
    } catch (error) {
      throw hasCode(error, 'NoSuchUpload') || hasCode(error, CONFLICT) ? this.#forget(error) : error;
    }
    this.#multipart = null;
    return { key: multipart.key, etag: null };
  }

  get #partSize() {
    return Math.max(PART_MIN_BYTES, Math.ceil(this.#file.size / PARTS_MAX));
  }

  /**
   * All of them, or until one fails; nothing goes on then.
   *
   * @param {Multipart} multipart
   */
  async #putParts(multipart) {
    const size = multipart.partSize ?? this.#partSize;
    /** @type {number[]} */ const missing = [];
    for (let number = 1; (number - 1) * size < this.#file.size; number++) {
      if (!this.#etags.has(number)) {
        missing.push(number);
      }
    }
    const work = async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        await this.#putPart(multipart, number, this.#file.slice((number - 1) * size, number * size));
      }
    };
    await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, work));
    this.#throwIfOver();
  }

  /**
   * @param {Multipart} multipart
   * @param {number} number
   * @param {Blob} part
   */
  async #putPart(multipart, number, part) {
    const sha256 = multipart.checksum ? await this.#persist(() => sha256Of(part)) : undefined;
    const path = multipartPath(multipart, `/${number}`, { size: part.size, sha256 });
    await this.#persist((signal) => withSlot(async () => {
      const etag = (await this.#lookForPart(multipart, number, part.size, signal)) ??
        (await this.#put(number, asSigned(await this.#ask('GET', path, signal)), part, signal));
      if (etag === null) {
        throw new UploadError('The bucket’s CORS rules hide the ETag header: they must expose it.');
      }
      this.#etags.set(number, etag);
      this.#report(number, part.size);
    }));
  }

  /**
   * @param {Multipart} multipart
   * @param {number} number
   * @param {number} size
   * @param {AbortSignal} signal
   * @returns {Promise<string | undefined>} its ETag, if S3 has it
   */
  async #lookForPart(multipart, number, size, signal) {
    if (!this.#unanswered.has(number)) {
      return undefined;
    }
    /** @type {{ PartNumber: number, ETag: string, Size: number }[]} */
    const parts = await this.#ask('GET', multipartPath(multipart, ''), signal).catch((error) => {
      if (error.retryable || hasCode(error, 'NoSuchUpload')) {
        throw error;
      }
      return [];
    });
    this.#unanswered.delete(number);
    return parts.find((part) => part.PartNumber === number && part.Size === size)?.ETag;
  }

  /**
   * When an answer was lost the parts may be joined, and S3 knows no such upload then: nobody else ends it.
   *
   * @param {Multipart} multipart
   */
  async #complete(multipart) {
    const parts = [...this.#etags].sort(([a], [b]) => a - b);
    const body = { parts: parts.map(([PartNumber, ETag]) => ({ PartNumber, ETag })) };
    await this.#persist(async (signal) => {
      const again = this.#completed;
      this.#completed = true;
      await this.#ask('POST', multipartPath(multipart, '/complete'), signal, body).catch((error) => {
        if (!(again && hasCode(error, 'NoSuchUpload'))) {
          this.#completed = !hasCode(error, CONFLICT) && (again || isPassing(error.status)); // else it did nothing
          throw error;
        }
      });
    });
  }

  /**
   * S3 has nothing of it any more, or won't join it: start() begins anew.
   *
   * @param {UploadError} error
   */
  #forget({ message, status, code }) {
    if (code === CONFLICT) {
      this.#discard();
    }
    this.#multipart = null;
    this.#completed = false;
    this.#etags.clear();
    this.#unanswered.clear();
    this.#sent.clear();
    this.#sentBytes = 0;
    return new UploadError(message, { status, code, retryable: true });
  }

  // ---- What is asked of the service

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<SignedPut>}
   */
  async #signWhole(signal) {
    const sha256 = this.#needsChecksum ? (this.#sha256 ??= await sha256Of(this.#file)) : undefined;
    const { type, size } = this.#file;
    const { name = this.#file.name } = this.#options;
    const metadata = Object.entries(this.#options.metadata ?? {}).map(([key, value]) => [`metadata[${key}]`, value]);
    const path = `signed_url${query({ file_name: name, file_type: type, size, sha256, ...Object.fromEntries(metadata) })}`;
    try {
      return asSigned(await this.#ask('GET', path, signal));
    } catch (error) {
      if (this.#needsChecksum || !hasCode(error, 'MissingChecksum')) {
        throw error;
      }
      this.#needsChecksum = true;
      return this.#signWhole(signal);
    }
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<Multipart | null>} null when the service does not do this and one PUT will do
   */
  async #create(signal) {
    const { type, size } = this.#file;
    const { name = this.#file.name, metadata = {} } = this.#options;
    try {
      const partSize = this.#partSize;
      return await this.#ask('POST', 's3/multipart', signal, { filename: name, type, size, partSize, metadata });
    } catch (error) {
      if (hasCode(error, 'MultipartOff') && size <= PUT_MAX_BYTES) {
        return null;
      }
      throw error;
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #ask(method, path, signal, body) {
    return within(signal, async (limited) => {
      const response = await this.#fetch(method, path, { signal: limited }, body).catch(() => {
        throw unsent('NoService');
      });
      if (response.type === 'opaqueredirect') {
        throw new UploadError('The upload service redirects, which is not followed.', { code: 'Redirected' });
      }
      const reply = await response.json().catch(() => null);
      if (!response.ok) {
        throw serviceError(response.status, reply);
      }
      if (reply === null) {
        throw unsent('NoService'); // it broke off
      }
      return reply;
    });
  }

  /**
   * Follows no redirect: another origin would get the caller's headers.
   *
   * @param {string} method
   * @param {string} path
   * @param {RequestInit} more
   * @param {object} [body]
   */
  async #fetch(method, path, more, body) {
    const text = body && JSON.stringify(body);
    return fetch(new URL(path, this.#endpoint), {
      method,
      headers: { ...this.#options.headers, ...(text && (await headersOf(text))) },
      body: text,
      credentials: this.#options.credentials,
      redirect: 'manual',
      ...more,
    });
  }

  // ---- What is sent to S3

  /**
   * @param {number} number of the part; 0 for the whole file
   * @param {SignedPut} signed
   * @param {Blob} body
   * @param {AbortSignal} signal
   * @returns {Promise<string | null>} the ETag
   */
  async #put(number, signed, body, signal) {
    try {
      return await put(signed, body, this.#options, signal, (sentBytes) => this.#report(number, sentBytes));
    } catch (error) {
      this.#report(number, 0);
      if (hasCode(error, 'NoAnswer')) {
        this.#unanswered.add(number);
      } else if (error instanceof UploadError && error.status === 0) {
        await checkReadable(body); // one that was deleted or changed fails like a lost network
      }
      throw error;
    }
  }

  /**
   * @param {number} number
   * @param {number} bytes
   */
  #report(number, bytes) {
    this.#sentBytes += bytes - (this.#sent.get(number) ?? 0);
    this.#sent.set(number, bytes);
    this.#options.onProgress?.({ sentBytes: this.#sentBytes, totalBytes: this.#file.size });
  }

  // ---- Trying again

  /**
   * Does something until it goes well, a pause or some failures in between.
   *
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} action
   * @returns {Promise<T>}
   */
  async #persist(action) {
    for (let tries = 1; ; tries++) {
      await this.#pause?.resumed;
      const { signal } = this.#period;
      try {
        this.#throwIfOver();
        return await action(signal);
      } catch (error) {
        this.#throwIfOver();
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

  #throwIfOver() {
    this.#options.signal?.throwIfAborted();
    if (this.#failure !== null) {
      throw this.#failure.error;
    }
  }

  #giveUp() {
    this.resume();
    this.#period.abort();
    this.#discard();
  }

  /** Nothing waits for the answer: the bucket's lifecycle rule does the same some days later. */
  #discard() {
    if (this.#multipart !== null) {
      this.#fetch('DELETE', multipartPath(this.#multipart, ''), { keepalive: true }).catch(() => {});
    }
  }
}

let freeSlots = PUTS_AT_ONCE;
/** @type {(() => void)[]} */ const waitingForSlot = [];

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function withSlot(action) {
  if (freeSlots > 0) {
    freeSlots--;
  } else {
    await new Promise((/** @type {(value: void) => void} */ resolve) => waitingForSlot.push(resolve));
  }
  try {
    return await action();
  } finally {
    const next = waitingForSlot.shift();
    if (next === undefined) {
      freeSlots++;
    } else {
      next();
    }
  }
}

/**
 * @param {AbortSignal} signal
 * @param {(limited: AbortSignal) => Promise<any>} action
 */
async function within(signal, action) {
  signal.throwIfAborted();
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, REQUEST_MAX_SECONDS * 1000);
  signal.addEventListener('abort', end, { signal: limit.signal });
  try {
    return await action(limit.signal);
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** @typedef {ReturnType<typeof promiseWithResume>} PromiseWithResume */

function promiseWithResume() {
  let resume = () => {};
  /** @type {Promise<void>} */ const resumed = new Promise((resolve) => {
    resume = resolve;
  });
  return { resumed, resume };
}

/** @param {Record<string, string | number | undefined>} values */
function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** @param {string} text CloudFront wants its checksum for a function URL; browsers make it in secure contexts */
async function headersOf(text) {
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(text));
  const hex = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { 'Content-Type': 'application/json', ...(hex && { 'x-amz-content-sha256': hex }) };
}

/**
 * @param {Multipart} multipart
 * @param {string} step
 * @param {Record<string, string | number | undefined>} [values]
 */
function multipartPath({ uploadId, key }, step, values) {
  return `s3/multipart/${encodeURIComponent(uploadId)}${step}${query({ key, ...values })}`;
}

/**
 * @param {any} reply
 * @returns {SignedPut}
 */
function asSigned({ url, headers = {}, key, expires_in, expires = expires_in }) {
  return { url, headers, key, staleAt: Date.now() + Math.max(expires - STALE_SECONDS, expires / 2) * 1000 };
}

/** @param {SignedPut} signed */
function isFresh({ staleAt }) {
  return Date.now() < staleAt; // performance.now() may sleep as the machine does
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {error is UploadError}
 */
function hasCode(error, code) {
  return error instanceof UploadError && error.code === code;
}

/** @param {number} status */
function isPassing(status) {
  return [0, 408, 409, 429].includes(status) || (status >= 500 && status !== 501);
}

/**
 * @param {number} status
 * @param {any} reply
 */
function serviceError(status, reply) {
  const message = reply?.message ?? `The upload service answered with status ${status}.`;
  return new UploadError(message, { status, code: reply?.code, retryable: isPassing(status) });
}

/**
 * Stores tell in a code that a URL expired (ExpiredRequest), in words, by naming its time, or not at all.
 *
 * @param {number} status
 * @param {string} xml
 * @param {boolean} wasStale the URL's time was over when the first byte went out
 * @param {boolean} wasWhole all was sent: without a code a proxy says then that it got no answer
 */
function storeError(status, xml, wasStale, wasWhole) {
  const read = (/** @type {string} */ name) => xml.match(`<${name}>([^<]*)</${name}>`)?.[1] ?? '';
  const said = read('Code') || (wasWhole && status >= 500 ? 'NoAnswer' : '');
  const told = /expired|too old/i.test(said + read('Message')) || xml.includes('<X-Amz-Expires>');
  const expired = [400, 401, 403].includes(status) && (told || wasStale);
  const code = expired ? 'Expired' : said;
  const message = WORDS[code] ?? `S3 refused the file: ${said || `status ${status}`}.`;
  return new UploadError(message, { status, code, retryable: isPassing(status) || RETRYABLE.has(code) });
}

/** @type {Record<string, string>} */
const WORDS = {
  Expired: 'The time to upload the file ran out.',
  SignatureDoesNotMatch: 'S3 refused the file: what was sent differs from what was signed.',
  AccessDenied: 'S3 refused the file: access denied.',
  PreconditionFailed: 'S3 has a file under this name already.',
  BadDigest: 'The file arrived damaged.',
  XAmzContentChecksumMismatch: 'The file arrived damaged.',
  Unreachable: 'S3 can’t be reached. If this happens to every file, the bucket’s CORS rules may not allow this page.',
  Interrupted: 'The connection to S3 was lost.',
  NoService: 'The upload service can’t be reached.',
  NoAnswer: 'The file was sent, but S3 did not answer.',
};
const RETRYABLE = new Set(['Expired', 'BadDigest', 'XAmzContentChecksumMismatch', 'RequestTimeout']);

/** @param {string} code */
function unsent(code) {
  return new UploadError(WORDS[code], { code, retryable: true });
}

/**
 * A folder is a File too, and sent as an empty one where its size reads 0. What has no bytes is read whole, since an
 * empty slice is never looked for.
 *
 * @param {Blob} blob
 */
async function checkReadable(blob) {
  await (blob.size > 0 ? blob.slice(0, 1) : blob).arrayBuffer().catch(() => {
    throw unreadable();
  });
}

function unreadable() {
  return new UploadError('The file can’t be read: it was changed or deleted, or is a folder.', { code: 'Unreadable' });
}

/**
 * By XMLHttpRequest: fetch tells no progress. It tells of bytes handed over, not arrived: one of six slow uploads may
 * stand still for minutes, and after the last byte a virus scanner may have all still to send.
 *
 * @param {SignedPut} signed
 * @param {Blob} body
 * @param {UploadOptions} options
 * @param {AbortSignal} signal
 * @param {(sentBytes: number) => void} onSent
 * @returns {Promise<string | null>} the ETag
 */
function put({ url, headers, staleAt }, body, options, signal, onSent) {
  const { stallSeconds = 300, answerSeconds = 180, answerBytesPerSecond = 5000 } = options;
  const answerMaxSeconds = answerSeconds + body.size / answerBytesPerSecond;
  const request = new XMLHttpRequest();
  let state = body.size > 0 ? 'Unreachable' : 'NoAnswer'; // if it fails now; no progress is told of no bytes
  /** @type {number | undefined} */ let startedAt;
  /** @type {ReturnType<typeof setTimeout>} */ let timer;
  const stop = () => request.abort();
  const wait = (/** @type {number} */ seconds) => {
    clearTimeout(timer);
    timer = setTimeout(stop, Math.min(seconds * 1000, 2 ** 31 - 1));
  };
  return new Promise((resolve, reject) => {
    const fail = () => reject(unsent(state));
    request.onload = () => {
      const { status } = request;
      if (status >= 200 && status < 300) {
        resolve(request.getResponseHeader('ETag'));
      } else {
        const wasStale = staleAt <= (startedAt ?? Date.now());
        reject(storeError(status, request.responseText, wasStale, state === 'NoAnswer'));
      }
    };
    request.onerror = request.onabort = fail;
    request.upload.onprogress = ({ loaded }) => {
      startedAt ??= Date.now();
      state = loaded < body.size ? 'Interrupted' : 'NoAnswer';
      wait(loaded < body.size ? stallSeconds : answerMaxSeconds);
      onSent(loaded);
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    if (signal.aborted) {
      fail();
      return;
    }
    signal.addEventListener('abort', stop);
    request.send(body);
    wait((body.size > 0 ? stallSeconds : 0) + answerMaxSeconds); // it may wait for a connection first
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}

/**
 * Longer each time, and a random part of it, so that clients don't come back at once; or until there is a network.
 *
 * @param {number} tries
 * @param {AbortSignal} signal ends it early
 * @returns {Promise<void>}
 */
function waitToRetry(tries, signal) {
  const seconds = Math.min(WAIT_MAX_SECONDS, 2 ** tries / 2) * (0.5 + Math.random() / 2);
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

/** @type {Worker | null} */ let worker = null;
let jobs = 0;

/**
 * In base64, by a worker.
 *
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
async function sha256Of(blob) {
  if (blob.size > CHECKSUM_MAX_BYTES) {
    throw new UploadError('The file is too large for a checksum in one piece: 2 GiB at most.');
  }
  const own = (worker ??= startWorker());
  const job = ++jobs;
  const done = new AbortController();
  const sha256 = await new Promise((resolve, reject) => {
    own.addEventListener('message', ({ data }) => data.job === job && resolve(data.sha256), { signal: done.signal });
    own.addEventListener('error', () => reject(noWorker()), { signal: done.signal });
    own.postMessage({ job, blob });
  }).finally(() => done.abort());
  if (sha256 === null) {
    throw unreadable();
  }
  return sha256;
}

function startWorker() {
  try {
    const started = new Worker(new URL('./sha256_worker.js', import.meta.url), { type: 'module' });
    started.addEventListener('error', () => {
      worker = null;
    });
    return started;
  } catch {
    throw noWorker();
  }
}

function noWorker() {
  return new UploadError('No checksum can be made: sha256_worker.js must load from the page’s own origin.');
}
