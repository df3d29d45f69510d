/** Members have a picture. This app is asked before one is uploaded, told what was stored, and checks receipts. */

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import { jwtVerify } from 'jose';
import { Webhook } from 'standardwebhooks';

const PROFILE = 'avatar';
const MEMBERS = new Set(['ann', 'bob']);
const QUOTA_BYTES = 1_000_000;

const api = setting('API_URL'); // with the profile: https://upload.example.com/avatar
const bucket = setting('UPLOAD_BUCKET');
const webhook = new Webhook(setting('UPLOAD_WEBHOOK_SECRET'));
const receiptSecret = new TextEncoder().encode(setting('UPLOAD_RECEIPT_SECRET'));
const notifySecret = setting('NOTIFY_SECRET');
const page = readFileSync(new URL('../page.html', import.meta.url), 'utf8').replaceAll('{{API_URL}}', api);

// A database, in your app.
const users = new Map(); // by session
const files = new Map(); // by key: user, size, sequencer (empty until it is stored)
const pictures = new Map(); // by user: a key

const app = express();

// Asked: before anything is signed.
app.post('/may-upload', express.raw({ type: '*/*' }), (request, response) => {
  let asked;
  try {
    asked = webhook.verify(request.body, request.headers); // the bytes as they came
  } catch {
    return response.status(401).json({ message: 'not signed by the upload service' });
  }
  const user = asked.caller?.sub;
  if (!MEMBERS.has(user)) {
    return response.json({ allow: false, message: 'Only members may upload a picture.' });
  }
  const left = QUOTA_BYTES - bytesOf(user);
  if (left < 1 || asked.size > left) {
    return response.json({ allow: false, message: `You have ${left} bytes left.` });
  }
  if (!files.has(asked.key)) {
    files.set(asked.key, { user, size: 0, sequencer: '' });
  }
  response.json({ allow: true, max_bytes: left, metadata: { user } });
});

// Told: at least once for each object, in any order.
app.post('/stored', express.json(), (request, response) => {
  if (!isSame(request.get('x-notify-secret') ?? '', notifySecret)) {
    return response.status(401).json({ message: 'not from the bucket' });
  }
  const { key, size, sequencer } = request.body.detail.object;
  const file = files.get(key);
  if (file && sequencer > file.sequencer) {
    Object.assign(file, { size, sequencer });
  }
  response.json({});
});

// Proof: what the page says it has stored.
app.post('/attach', express.json(), async (request, response) => {
  const user = userOf(request);
  if (!user) {
    return response.status(401).json({ message: 'Log in first.' });
  }
  try {
    const { key } = await checked(request.body.receipt, user);
    pictures.set(user, key);
    response.json({ picture: key });
  } catch {
    response.status(403).json({ message: 'That is no receipt for a picture of yours.' });
  }
});

async function checked(receipt, user) {
  const { payload } = await jwtVerify(receipt, receiptSecret, {
    algorithms: ['HS256'], // never what the receipt itself says
    typ: 'stored+jwt', // a grant's is granted+jwt
    issuer: 'countersign',
    audience: bucket,
    subject: user, // of this app's own session
    clockTolerance: 60,
    requiredClaims: ['exp', 'stored'],
  });
  if (payload.profile !== PROFILE) {
    throw new Error('another kind of upload');
  }
  return payload;
}

// Your app has its own; a login asks for more than a name.
app.get('/', (request, response) => response.type('html').send(page));
app.get('/mine', (request, response) => {
  const user = userOf(request);
  const stored = [...files].filter(([, file]) => file.user === user && file.sequencer);
  const sizes = Object.fromEntries(stored.map(([key, { size }]) => [key, size]));
  response.json({ files: sizes, picture: pictures.get(user) ?? null });
});
app.post('/login', express.json(), (request, response) => {
  const session = randomUUID();
  users.set(session, request.body.user);
  response.cookie('session', session, { httpOnly: true, sameSite: 'lax' }).json({ user: request.body.user });
});

function userOf(request) {
  return users.get(/(?:^|; )session=([^;]+)/.exec(request.get('cookie') ?? '')?.[1]);
}

function bytesOf(user) {
  return [...files.values()].reduce((sum, file) => sum + (file.user === user ? file.size : 0), 0);
}

/** Takes as long wherever they differ. */
function isSame(given, expected) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function setting(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) {
    throw error;
  }
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
