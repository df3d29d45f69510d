'use client';

import { type Stored, UploadError } from 'countersign';
import { useUpload, type UploadItem } from 'countersign/react';
import { attach } from './actions';

const OPTIONS = { endpoint: process.env.NEXT_PUBLIC_API, onStored: tell };

/** Until the server knows, a file is not shown as stored. */
async function tell({ receipt, unproven }: Stored) {
  if (!receipt) {
    throw unproven ?? new UploadError('It is stored, but the upload service gives no receipts.');
  }
  const wrong = await attach(receipt).catch(() => {
    throw new Error('The server can’t be reached.'); // another try sends nothing twice
  });
  if (wrong) {
    throw new UploadError(wrong);
  }
}

export function Uploads() {
  const { uploads, add, cancel, retry } = useUpload(OPTIONS);
  return (
    <>
      <input
        type="file"
        multiple
        aria-label="Files"
        onChange={({ target }) => {
          add(target.files);
          target.value = ''; // so that the same file can be chosen again
        }}
      />
      <ul>
        {uploads.map((item) => (
          <UploadRow key={item.id} item={item} cancel={cancel} retry={retry} />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  item: UploadItem;
  cancel: (id: number) => void;
  retry: (id: number) => void;
}

function UploadRow({ item, cancel, retry }: RowProps) {
  const { id, name, state, sentBytes, totalBytes, retryable } = item;
  const isSending = state === 'waiting' || state === 'running';
  return (
    <li className={isSending ? 'sending' : state}>
      <span className="name">{name}</span>
      <progress aria-label="Progress" value={totalBytes && sentBytes / totalBytes} />
      <small role="status">{words(item)}</small>
      {isSending && <button onClick={() => cancel(id)}>Cancel</button>}
      {state === 'failed' && retryable && <button onClick={() => retry(id)}>Try again</button>}
    </li>
  );
}

/** What the codes are for your users. What is not here is told in the error's own words. */
const WORDS: Record<string, string> = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

function words({ state, error, result }: UploadItem) {
  switch (state) {
    case 'stored':
      return `Stored as ${result?.key}`;
    case 'canceled':
      return 'Canceled';
    case 'failed':
      return (error instanceof UploadError && WORDS[error.code]) || error?.message;
    default:
      return error ? `${error.message} Trying again…` : 'Sending…';
  }
}
