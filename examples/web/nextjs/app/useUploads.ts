import { Upload, UploadError } from 'countersign';
import { useState } from 'react';
import { attach } from './actions';

export interface Row {
  id: number;
  name: string;
  state: 'sending' | 'stored' | 'failed' | 'canceled';
  sent: number; // of 1
  words: string;
  cancel: () => void;
  retry?: (() => void) | undefined;
}

/** What the codes are for your users. What is not here is told in the error's own words. */
const WORDS: Record<string, string> = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

let lastId = 0;

export function useUploads() {
  const [rows, setRows] = useState<Row[]>([]);

  function send(file: File) {
    const id = ++lastId;
    const canceled = new AbortController();

    function change(news: Partial<Row>) {
      setRows((rows) => rows.map((row) => (row.id === id ? { ...row, ...news } : row)));
    }

    const upload = new Upload(file, {
      endpoint: process.env.NEXT_PUBLIC_API,
      signal: canceled.signal,
      onProgress: ({ sentBytes, totalBytes }) => change({ sent: totalBytes && sentBytes / totalBytes }),
      onRetry: ({ message }) => change({ words: `${message} Trying again…` }),
    });

    async function start() {
      change({ state: 'sending', words: 'Sending…', retry: undefined });
      try {
        const { key, receipt, unproven } = await upload.start();
        if (!receipt) {
          throw unproven ?? new UploadError('It is stored, but the upload service gives no receipts.');
        }
        const wrong = await attach(receipt);
        change(wrong ? { state: 'failed', words: wrong } : { state: 'stored', words: `Stored as ${key}` });
      } catch (error) {
        if (canceled.signal.aborted) {
          change({ state: 'canceled', words: 'Canceled' });
        } else if (error instanceof UploadError) {
          const words = WORDS[error.code] ?? error.message;
          change({ state: 'failed', words, retry: error.retryable ? start : undefined });
        } else {
          change({ state: 'failed', words: 'The server can’t be reached.', retry: start }); // nothing is sent twice
        }
      }
    }

    const cancel = () => canceled.abort();
    setRows((rows) => [...rows, { id, name: file.name, state: 'sending', sent: 0, words: '', cancel }]);
    void start();
  }

  return { rows, send };
}
