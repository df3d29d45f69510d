import { Uploads } from './Uploads';
import { documents } from './documents';

export const dynamic = 'force-dynamic'; // what is stored changes

export default function Page() {
  return (
    <>
      <h1>Send us your files</h1>
      <p>Next.js, with a server action that checks the receipt.</p>
      <Uploads />
      <h2>On the server</h2>
      <ul id="documents">
        {documents().map(({ key, size }) => (
          <li key={key}>
            {key} <small>{size} bytes</small>
          </li>
        ))}
      </ul>
    </>
  );
}
