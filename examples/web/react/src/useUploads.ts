import { Upload, UploadError } from 'countersign';
import { useState } from 'react';

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

export function useUploads(endpoint: string) {
  const [rows, setRows] = useState<Row[]>([]);

  function send(file: File) {
    const id = ++lastId;
    const canceled = new AbortController();

    function change(news: Partial<Row>) {
      setRows((rows) => rows.map((row) => (row.id === id ? { ...row, ...news } : row)));
    }

    const upload = new Upload(file, {
      endpoint,
      signal: canceled.signal,
      onProgress: ({ sentBytes, totalBytes }) => change({ sent: totalBytes && sentBytes / totalBytes }),
      onRetry: ({ message }) => change({ words: `${message} Trying again…` }),
    });

    async function start() {
      change({ state: 'sending', words: 'Sending…', retry: undefined });
      try {
        const { key } = await upload.start();
        change({ state: 'stored', words: `Stored as ${key}` });
      } catch (error) {
        if (canceled.signal.aborted) {
          change({ state: 'canceled', words: 'Canceled' });
        } else if (error instanceof UploadError) {
          const words = WORDS[error.code] ?? error.message;
          change({ state: 'failed', words, retry: error.retryable ? start : undefined });
        } else {
          throw error;
        }
      }
    }

    const cancel = () => canceled.abort();
    setRows((rows) => [...rows, { id, name: file.name, state: 'sending', sent: 0, words: '', cancel }]);
    void start();
  }

  return { rows, send };
}
