/** Requests to the upload service. */

import { failed, refused } from './error.js';

const REQUEST_MAX_SECONDS = 60;

/**
 * Uploads that ask the same service in the same way: what one learned of it holds for all.
 *
 * @typedef {object} Group
 * @property {boolean} signsMany many files by one request, as far as is known
 * @property {number} filesMax of a request
 * @property {Set<import('./sign.js').Signer>} coming those that will be signed, in their order
 */
/** @type {Map<string, Group>} */ const groups = new Map();
/** @type {WeakMap<object, Map<string, Group>>} by a function that is asked for headers */ const groupsOf = new WeakMap();

export class Service {
  /** @type {Group} */ group;
  /** @type {URL} */ #endpoint;
  /** @type {import('./types.js').UploadOptions} */ #options;

  /** @param {import('./types.js').UploadOptions} options */
  constructor(options) {
    this.#options = options;
    this.#endpoint = new URL(options.endpoint ?? '.', document.baseURI);
    this.#endpoint.pathname = this.#endpoint.pathname.replace(/\/*$/, '/');
    this.group = groupOf(this.#endpoint, options);
  }

  get endpoint() {
    return this.#endpoint.href;
  }

  /**
   * The bucket's lifecycle rule does the same later.
   *
   * @param {import('./types.js').Multipart} multipart
   */
  async discard(multipart) {
    await this.fetch('DELETE', multipartPath(multipart, ''), { keepalive: true }).catch(() => {});
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, signal, body) {
    return within(signal, async (limited) => {
      const response = await this.fetch(method, path, { signal: limited }, body).catch(() => {
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
  async fetch(method, path, more, body) {
    const text = body && JSON.stringify(body);
    const { headers, credentials } = this.#options;
    const own = typeof headers === 'function' ? await headers() : headers;
    return fetch(new URL(path, this.#endpoint), {
      method,
      headers: { ...own, ...(text && (await headersOf(text))) },
      body: text,
      credentials,
      redirect: 'manual',
      ...more,
    });
  }
}

/**
 * @param {URL} endpoint
 * @param {import('./types.js').UploadOptions} options
 */
function groupOf({ href }, { headers, credentials }) {
  let all = groups;
  if (typeof headers === 'function') {
    all = groupsOf.get(headers) ?? new Map();
    groupsOf.set(headers, all);
  }
  const key = JSON.stringify([href, credentials, headers]);
  const group = all.get(key) ?? { signsMany: true, filesMax: 20, coming: new Set() };
  all.set(key, group);
  return group;
}

/**
 * @param {AbortSignal} signal
 * @param {(limited: AbortSignal) => Promise<any>} action
 */
export async function within(signal, action) {
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
export function query(values) {
  return `?${new URLSearchParams(JSON.parse(JSON.stringify(values)))}`; // without those that are undefined
}

/**
 * @param {import('./types.js').Multipart} multipart
 * @param {string} step
 * @param {Record<string, string | number | undefined>} [values]
 */
export function multipartPath({ uploadId, key }, step, values) {
  return `s3/multipart/${encodeURIComponent(uploadId)}${step}${query({ key, ...values })}`;
}

/** @param {string} text CloudFront wants its checksum; browsers make it in secure contexts */
async function headersOf(text) {
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(text));
  const hex = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { 'Content-Type': 'application/json', ...(hex && { 'x-amz-content-sha256': hex }) };
}
