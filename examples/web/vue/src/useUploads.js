import { Upload, UploadError } from 'countersign';
import { reactive } from 'vue';

/** What the codes are for your users. What is not here is told in the error's own words. */
const WORDS = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

export function useUploads(endpoint) {
  const rows = reactive([]);

  function send(file) {
    const canceled = new AbortController();
    const upload = new Upload(file, {
      endpoint,
      signal: canceled.signal,
      onProgress: ({ sentBytes, totalBytes }) => { row.sent = totalBytes && sentBytes / totalBytes; },
      onRetry: ({ message }) => { row.words = `${message} Trying again…`; },
    });

    async function start() {
      Object.assign(row, { state: 'sending', words: 'Sending…' });
      try {
        const { key } = await upload.start();
        Object.assign(row, { state: 'stored', words: `Stored as ${key}` });
      } catch (error) {
        if (canceled.signal.aborted) {
          Object.assign(row, { state: 'canceled', words: 'Canceled' });
        } else if (error instanceof UploadError) {
          const words = WORDS[error.code] ?? error.message;
          Object.assign(row, { state: 'failed', words, retryable: error.retryable });
        } else {
          throw error;
        }
      }
    }

    const row = reactive({ id: rows.length, name: file.name, sent: 0, start, cancel: () => canceled.abort() });
    rows.push(row);
    start();
  }

  return { rows, send };
}
