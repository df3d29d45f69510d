/** Requests to the upload service. */

import { failed, refused } from './error.js';

const REQUEST_MAX_SECONDS = 60;

export class Service {
  /** @type {URL} */ #endpoint;
  /** @type {import('./types.js').UploadOptions} */ #options;

  /** @param {import('./types.js').UploadOptions} options */
  constructor(options) {
    this.#options = options;
    this.#endpoint = new URL(options.endpoint ?? '.', document.baseURI);
    this.#endpoint.pathname = this.#endpoint.pathname.replace(/\/*$/, '/');
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

/** @param {string} text CloudFront wants its checksum; browsers make it in secure contexts */
async function headersOf(text) {
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(text));
  const hex = digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { 'Content-Type': 'application/json', ...(hex && { 'x-amz-content-sha256': hex }) };
}
