/**
 * Uploads files from a browser straight to S3, with requests that Countersign signs.
 *
 *     import { upload } from './countersign.js';
 *     const { key } = await upload(file, { endpoint: 'https://api.example.com/' });
 *
 * What breaks off is tried again, but a file never ends under two keys.
 */

/**
 * @typedef {object} Progress
 * @property {number} sentBytes it falls when something is sent again
 * @property {number} totalBytes
 */

/**
 * @typedef {object} UploadOptions
 * @property {string | URL} [endpoint] the service's URL; where the page is, by default
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(error: UploadError) => void} [onRetry] it will be tried again
 * @property {AbortSignal} [signal] gives the upload up
 * @property {Record<string, string>} [headers] for the service, such as Authorization; not for S3
 * @property {RequestCredentials} [credentials] `include`: cookies for a service of another origin
 * @property {string} [name] such as its path in a folder; its own by default
 * @property {Record<string, string>} [metadata] of the object
 * @property {number} [multipartFromBytes=16777216] from this size on in parts
 * @property {number} [stallSeconds=300] how long no byte may move
 * @property {number} [answerSeconds=180] how long S3's answer may take
 * @property {number} [answerBytesPerSecond=5000] size / this is added
 */

/**
 * @typedef {object} Stored
 * @property {string} key
 * @property {string | null} etag null for an upload in parts, and when S3's answer was lost
 * @property {string | null} [receipt] proof for the app, where receipts are on; null: none came
 * @property {UploadError} [unproven] why; start() asks again, and sends nothing again
 */

/** @typedef {{ key: string, receipt?: string, url: string, headers: object, staleAt: number }} SignedPut */
/** @typedef {{ key: string, receipt?: string, uploadId: string, checksum?: string, partSize?: number }} Multipart */

const MIB = 1024 * 1024;
const MULTIPART_FROM_BYTES = 16 * MIB;
const PUT_MAX_BYTES = 5 * 1024 * MIB;
const PART_MIN_BYTES = 8 * MIB;
const PARTS_MAX = 10_000;
const PARTS_AT_ONCE = 4;
/** Browsers open six connections to a host. */
const PUTS_AT_ONCE = 6;
/** What a browser reads into memory at once. */
const CHECKSUM_MAX_BYTES = 2 ** 31 - 1;
const TRIES_MAX = 8;
const WAIT_MAX_SECONDS = 20;
const REQUEST_MAX_SECONDS = 60;
/** S3 may know nothing of an upload any more. */
const CONFLICT = 'ConditionalRequestConflict';
/** A URL is not used in its last seconds. */
const STALE_SECONDS = 5;

/** The message is for people. */
export class UploadError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, code?: string, retryable?: boolean, key?: string }} [about]
   */
  constructor(message, { status = 0, code = '', retryable = false, key } = {}) {
    super(message);
    this.name = 'UploadError';
    /** 0: no answer. */
    this.status = status;
    /** The service's, S3's or this module's; may be empty. */
    this.code = code;
    /** Whether it may go well later. */
    this.retryable = retryable;
    /** Where the file may be stored (`Unconfirmed`). */
    this.key = key;
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

/** It can be paused, and started again after it failed. */
export class Upload {
  /** @type {File} */ #file;
  /** @type {UploadOptions} */ #options;
  /** @type {URL} */ #endpoint;
  /** @type {Promise<Stored> | null} */ #running = null;
  /** Ends what is under way. */
  #period = new AbortController();
  /** @type {Promise<void> | null} */ #pause = null;
  #endPause = () => {};
  /** @type {{ error: unknown } | null} why all parts stop */ #failure = null;
  #listening = new AbortController();
  /** @type {Multipart | null} */ #multipart = null;
  /** @type {SignedPut | null} */ #signed = null;
  /** @type {Set<number>} parts (0: the file) that were sent whole and got no answer */ #unanswered = new Set();
  /** Parts were joined, or nobody knows whether they were. */
  #completed = false;
  /** @type {Map<number, string>} the parts that S3 has */ #etags = new Map();
  /** @type {Map<number, number>} bytes sent, by part */ #sent = new Map();
  #sentBytes = 0;
  /** @type {string | undefined} if the service wants it */ #sha256;
  /** @type {Stored | null} */ #result = null;
  /** @type {string | undefined} the receipt of what was allowed */ #granted;

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
    return this.#file.size >= Math.max(1, from);
  }

  get paused() {
    return this.#pause !== null;
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

  /** @returns {Promise<Stored>} */
  async #run() {
    this.#failure = null;
    if (!this.paused) {
      this.#period = new AbortController();
    }
    if (this.#result === null) {
      await checkReadable(this.#file);
      this.#result = await (this.inParts ? this.#putInParts() : this.#putWhole());
    }
    this.#result = await this.#prove(this.#result);
    if (!this.#result.unproven) {
      this.#listening.abort();
    }
    return this.#result;
  }

  /** Stops sending until resume(). Parts that are done are kept. */
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
    const found = await this.#look(signed, isOwnKey, signal);
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
  #stored({ key, receipt }, etag = null) {
    this.#report(0, this.#file.size);
    this.#granted = receipt;
    return { key, etag };
  }

  /**
   * S3 has the file, whatever the service says.
   *
   * @param {Stored} stored
   * @returns {Promise<Stored>}
   */
  async #prove({ key, etag, receipt }) {
    if (!this.#granted || receipt) {
      return { key, etag, receipt };
    }
    try {
      const body = { receipt: this.#granted };
      const proof = await this.#persist((signal) => this.#ask('POST', 'confirm', signal, body));
      return { key, etag, receipt: proof.receipt };
    } catch (error) {
      if (error instanceof UploadError) {
        return { key, etag, receipt: null, unproven: error };
      }
      throw error;
    }
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
   * @param {boolean} isOwnKey no earlier file is there
   * @param {AbortSignal} signal
   * @returns {Promise<boolean | null | undefined>} whether it is stored; null: unknown, undefined: nobody can tell
   */
  async #look({ key, receipt }, isOwnKey, signal) {
    const proof = receipt && (await this.#ask('POST', 'confirm', signal, { receipt }).catch(refusal));
    if (proof === false || (proof && isOwnKey)) {
      return !!proof;
    }
    const download = isOwnKey && (await this.#ask('GET', `signed_download${query({ key })}`, signal).catch(refusal));
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
      this.#options = { ...this.#options, multipartFromBytes: Infinity };
      return this.#putWhole();
    }
    let receipt;
    try {
      await this.#putParts(multipart);
      receipt = await this.#complete(multipart);
    } catch (error) {
      throw hasCode(error, 'NoSuchUpload') || hasCode(error, CONFLICT) ? this.#forget(error) : error;
    }
    this.#multipart = null;
    this.#granted = multipart.receipt;
    return { key: multipart.key, etag: null, receipt };
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
    const left = missing.values();
    const work = async () => {
      for (const number of left) {
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
    const reply = await this.#persist((signal) => {
      const again = this.#completed;
      this.#completed = true;
      return this.#ask('POST', multipartPath(multipart, '/complete'), signal, body).catch((error) => {
        if (!(again && hasCode(error, 'NoSuchUpload'))) {
          this.#completed = !hasCode(error, CONFLICT) && (again || isPassing(error.status)); // else it did nothing
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
    const { type, size } = this.#file;
    const { name = this.#file.name, metadata = {} } = this.#options;
    const values = Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]));
    const path = `signed_url${query({ file_name: name, file_type: type, size, sha256: this.#sha256, ...values })}`;
    try {
      return asSigned(await this.#ask('GET', path, signal));
    } catch (error) {
      if (this.#sha256 || !hasCode(error, 'MissingChecksum')) {
        throw error;
      }
      this.#sha256 = await sha256Of(this.#file);
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
        throw failed('NoService');
      });
      if (response.type === 'opaqueredirect') {
        throw failed('Redirected', false);
      }
      const reply = await response.json().catch(() => null);
      if (!response.ok) {
        const { message = `The upload service answered with status ${response.status}.`, code } = reply ?? {};
        throw refused(message, response.status, code);
      }
      if (reply === null) {
        throw failed('NoService'); // it broke off
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
      await this.#pause;
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

  /** Nothing waits for it: the bucket's lifecycle rule does the same later. */
  #discard() {
    if (this.#multipart !== null) {
      this.#fetch('DELETE', multipartPath(this.#multipart, ''), { keepalive: true }).catch(() => {});
    }
  }
}

/** Below 0: so many wait. */
let freeSlots = PUTS_AT_ONCE;
/** @type {(() => void)[]} */ const waitingForSlot = [];

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function withSlot(action) {
  if (--freeSlots < 0) {
    await new Promise((/** @type {(value: void) => void} */ resolve) => waitingForSlot.push(resolve));
  }
  try {
    return await action();
  } finally {
    freeSlots++;
    waitingForSlot.shift()?.();
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

/** @param {Record<string, string | number | undefined>} values */
function query(values) {
  return `?${new URLSearchParams(JSON.parse(JSON.stringify(values)))}`; // without those that are undefined
}

/** @param {string} text CloudFront wants its checksum; browsers make it in secure contexts */
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
function asSigned({ headers = {}, expires_in, expires = expires_in, ...signed }) {
  return { ...signed, headers, staleAt: Date.now() + Math.max(expires - STALE_SECONDS, expires / 2) * 1000 };
}

/** @param {SignedPut} signed */
function isFresh({ staleAt }) {
  return Date.now() < staleAt; // performance.now() may sleep
}

/** @param {UploadError} error */
function refusal(error) {
  const isMissing = ['NotStored', 'StoredDiffers'].includes(error.code);
  if (error.retryable && !isMissing) {
    throw error;
  }
  return isMissing ? false : undefined;
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
 * Stores tell by a code that a URL expired, in words, by naming its time, or not at all.
 *
 * @param {number} status
 * @param {string} xml
 * @param {boolean} wasStale when the first byte went out
 * @param {boolean} wasWhole all was sent: a proxy, which gives no code, got no answer then
 */
function storeError(status, xml, wasStale, wasWhole) {
  const read = (/** @type {string} */ name) => xml.match(`<${name}>([^<]*)</${name}>`)?.[1] ?? '';
  const said = read('Code') || (wasWhole && status >= 500 ? 'NoAnswer' : '');
  const told = /expired|too old/i.test(said + read('Message')) || xml.includes('<X-Amz-Expires>');
  const expired = [400, 401, 403].includes(status) && (told || wasStale);
  const code = expired ? 'Expired' : said;
  return refused(WORDS[code] ?? `S3 refused the file: ${said || `status ${status}`}.`, status, code);
}

/**
 * @param {string} message
 * @param {number} status
 * @param {string} code
 */
function refused(message, status, code) {
  const retryable = RETRYABLE.has(code) || (isPassing(status) && code !== 'StoredDiffers');
  return new UploadError(message, { status, code, retryable });
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
  Redirected: 'The upload service redirects, which is not followed.',
  Unreadable: 'The file can’t be read: it was changed or deleted, or is a folder.',
  NoService: 'The upload service can’t be reached.',
  NoAnswer: 'The file was sent, but S3 did not answer.',
};
const RETRYABLE = new Set(['Expired', 'BadDigest', 'XAmzContentChecksumMismatch', 'RequestTimeout', 'NotStored']);

/**
 * @param {string} code
 * @param {boolean} [retryable]
 */
function failed(code, retryable = true) {
  return new UploadError(WORDS[code], { code, retryable });
}

/**
 * A folder is a File too, and sent as an empty one where its size reads 0. What has no bytes is read whole, since an
 * empty slice is never looked for.
 *
 * @param {Blob} blob
 */
async function checkReadable(blob) {
  await (blob.size > 0 ? blob.slice(0, 1) : blob).arrayBuffer().catch(() => {
    throw failed('Unreadable', false);
  });
}

/**
 * By XMLHttpRequest: fetch tells no progress. It tells of bytes handed over, not arrived: one of six slow uploads may
 * stand still for minutes, and a virus scanner may have all still to send.
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
    const fail = () => reject(failed(state));
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
 * Longer each time, and a random part; or until there is a network.
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
  const job = ++jobs;
  const done = new AbortController();
  const sha256 = await new Promise((resolve, reject) => {
    worker ??= new Worker(new URL('./sha256_worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }) => data.job === job && resolve(data.sha256), { signal: done.signal });
    worker.addEventListener('error', reject, { signal: done.signal });
    worker.postMessage({ job, blob });
  }).catch(() => {
    worker = null;
    throw new UploadError('No checksum can be made: sha256_worker.js must load from the page’s own origin.');
  }).finally(() => done.abort());
  if (sha256 === null) {
    throw failed('Unreadable', false);
  }
  return sha256;
}
