import { UploadError } from 'countersign';
import { useUpload, type UploadItem } from 'countersign/react';

export function App() {
  const { uploads, add, ...actions } = useUpload({ endpoint: import.meta.env.VITE_API });
  return (
    <main>
      <h1>Send us your files</h1>
      <p>React, with a hook.</p>
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
          <UploadRow key={item.id} item={item} actions={actions} />
        ))}
      </ul>
    </main>
  );
}

interface RowProps {
  item: UploadItem;
  actions: Pick<ReturnType<typeof useUpload>, 'pause' | 'resume' | 'cancel' | 'retry'>;
}

function UploadRow({ item, actions: { pause, resume, cancel, retry } }: RowProps) {
  const { id, name, state, sentBytes, totalBytes, inParts, retryable } = item;
  const isSending = state === 'waiting' || state === 'running';
  const isPaused = state === 'paused';
  return (
    <li className={isSending || isPaused ? 'sending' : state}>
      <span className="name">{name}</span>
      <progress aria-label="Progress" value={totalBytes && sentBytes / totalBytes} />
      <small role="status">{words(item)}</small>
      <span className="buttons">
        {isSending && inParts && <button onClick={() => pause(id)}>Pause</button>}
        {isPaused && <button onClick={() => resume(id)}>Resume</button>}
        {(isSending || isPaused) && <button onClick={() => cancel(id)}>Cancel</button>}
        {state === 'failed' && retryable && <button onClick={() => retry(id)}>Try again</button>}
      </span>
    </li>
  );
}

/** What the codes are for your users. What is not here is told in the error's own words. */
const WORDS: Record<string, string> = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

function words({ state, error, result, secondsLeft }: UploadItem) {
  switch (state) {
    case 'stored':
      return `Stored as ${result?.key}`;
    case 'paused':
      return 'Paused';
    case 'canceled':
      return 'Canceled';
    case 'failed':
      return (error instanceof UploadError && WORDS[error.code]) || error?.message;
    default:
      if (error) return `${error.message} Trying again…`;
      return secondsLeft === null ? 'Sending…' : `Sending, ${Math.ceil(secondsLeft)} s left`;
  }
}
