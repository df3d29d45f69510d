/** One request to S3 with a file or part in it. */

import { failed, storeError } from './error.js';
import { pace } from './pace.js';

const LOOK_SECONDS = 5;

/**
 * A form's fields come before its file, or S3 does not see them.
 *
 * @param {import('./types.js').Signed} signed
 * @param {Blob} file
 */
function formOf({ fields }, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) {
    form.append(name, value);
  }
  form.append('file', file);
  return form;
}

/**
 * By XMLHttpRequest: fetch tells no progress. It tells of bytes handed over, not arrived: one of six slow uploads may
 * stand still for minutes, and a virus scanner may have all still to send.
 *
 * @param {import('./types.js').Signed} signed
 * @param {Blob} body
 * @param {import('./types.js').UploadOptions} options
 * @param {AbortSignal} signal
 * @param {(sentBytes: number) => void} onSent
 * @returns {Promise<string | null>} the ETag
 */
export function put(signed, body, options, signal, onSent) {
  const { url, method, headers, staleAt } = signed;
  const { stallSeconds = 300, answerSeconds = 180, answerBytesPerSecond = 5000 } = options;
  const answerMaxSeconds = answerSeconds + body.size / answerBytesPerSecond;
  const request = new XMLHttpRequest();
  let state = body.size > 0 || signed.fields ? 'Unreachable' : 'NoAnswer'; // if it fails now; no progress is told of no bytes
  /** @type {number | undefined} */ let startedAt;
  /** @type {ReturnType<typeof setTimeout>} */ let timer;
  const stop = () => request.abort();
  const wait = (/** @type {number} */ mostSeconds, waitedSeconds = 0) => {
    const left = Math.min(mostSeconds, pace.patienceSeconds(body.size)) - waitedSeconds;
    const seconds = Math.min(left, LOOK_SECONDS); // meanwhile others may tell more
    clearTimeout(timer);
    timer = setTimeout(() => (left > seconds ? wait(mostSeconds, waitedSeconds + seconds) : stop()), seconds * 1000);
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
    request.upload.onprogress = ({ loaded, total }) => {
      startedAt ??= Date.now();
      state = loaded < total ? 'Interrupted' : 'NoAnswer';
      wait(loaded < total ? stallSeconds : answerMaxSeconds);
      onSent(Math.max(0, loaded - (total - body.size))); // a form has more in it than the file
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    if (signal.aborted) {
      fail();
      return;
    }
    signal.addEventListener('abort', stop);
    request.send(signed.fields ? formOf(signed, body) : body);
    wait((body.size > 0 ? stallSeconds : 0) + answerMaxSeconds); // it may wait for a connection first
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
}
