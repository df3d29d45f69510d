import { type Row, useUploads } from './useUploads';

export function App() {
  const { rows, send } = useUploads(import.meta.env.VITE_API);
  return (
    <main>
      <h1>Send us your files</h1>
      <p>React, with a hook.</p>
      <input
        type="file"
        multiple
        aria-label="Files"
        onChange={({ target }) => {
          [...target.files!].forEach(send);
          target.value = ''; // so that the same file can be chosen again
        }}
      />
      <ul>
        {rows.map((row) => (
          <UploadRow key={row.id} row={row} />
        ))}
      </ul>
    </main>
  );
}

function UploadRow({ row: { name, state, sent, words, cancel, retry } }: { row: Row }) {
  return (
    <li className={state}>
      <span className="name">{name}</span>
      <progress aria-label="Progress" value={sent} />
      <small role="status">{words}</small>
      {state === 'sending' && <button onClick={cancel}>Cancel</button>}
      {retry && <button onClick={retry}>Try again</button>}
    </li>
  );
}
