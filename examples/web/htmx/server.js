/** An archive of documents. The files go from the browser to S3; this server gets the proof of each, and no file. */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { jwtVerify } from 'jose';

const { API = 'http://127.0.0.1:8080', UPLOAD_BUCKET = 'countersign-local', UPLOAD_RECEIPT_SECRET, PORT = 3000 } = process.env;
if (!UPLOAD_RECEIPT_SECRET) {
  throw new Error('UPLOAD_RECEIPT_SECRET is not set');
}
const page = readFileSync(new URL('page.html', import.meta.url), 'utf8').replaceAll('{{API}}', API);
const documents = []; // a database, in your app

const app = express();
app.use(express.static('public'));
app.use('/vendor', ...['htmx.org', 'countersign'].map((name) => express.static(folderOf(name))));

app.get('/', (request, response) => {
  response.type('html').send(page.replace('{{documents}}', () => documents.map(row).join('')));
});

app.post('/documents', express.urlencoded(), async (request, response) => {
  try {
    const { key, stored } = await checked(request.body.receipt);
    const document = { title: request.body.title, key, size: stored.size };
    documents.push(document);
    response.send(row(document));
  } catch {
    response.status(403).send('<li class="failed"><small>That is no receipt for a file of yours.</small></li>');
  }
});

/** A page's own word for what is stored would be worth nothing. */
async function checked(receipt) {
  const { payload } = await jwtVerify(receipt, new TextEncoder().encode(UPLOAD_RECEIPT_SECRET), {
    algorithms: ['HS256'], // never what the receipt itself says
    typ: 'stored+jwt', // a grant's is granted+jwt
    issuer: 'countersign',
    audience: UPLOAD_BUCKET,
    // With a login: subject, the user of this app's own session.
    requiredClaims: ['exp', 'stored'],
  });
  return payload;
}

function row({ title, key, size }) {
  return `<li class="stored"><span>${escaped(title)}</span><small>${escaped(key)}, ${size} bytes</small></li>`;
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function folderOf(name) {
  return dirname(fileURLToPath(import.meta.resolve(name)));
}

app.listen(PORT, '127.0.0.1', (error) => {
  if (error) {
    throw error;
  }
  console.log(`http://127.0.0.1:${PORT}/`);
});
