import assert from 'node:assert/strict';
import test from 'node:test';
import { UploadError } from '../../web/countersign/error.js';
import { PartUrls } from '../../web/countersign/part_urls.js';
import { Service } from '../../web/countersign/service.js';
import { Signer } from '../../web/countersign/sign.js';
import { withSlot } from '../../web/countersign/slots.js';

const going = () => new AbortController().signal;

/** Answers as the service does; each `asked` is [method, path, number of files]. */
function service(answer = () => undefined) {
  const asked = [];
  const group = { signsMany: true, filesMax: 20, coming: new Set() };
  let keys = 0;
  const signed = () => ({ url: `https://s3/${++keys}`, method: 'PUT', key: `${keys}`, expires_in: 300 });
  return {
    asked,
    group,
    async ask(method, path, signal, body) {
      asked.push([method, path.split('?')[0], body?.files.length]);
      const own = answer(path, body);
      if (own instanceof Error) throw own;
      return own ?? (body ? { files: body.files.map(signed) } : signed());
    },
  };
}

function signer(of, name = 'a.txt', size = 5) {
  const tries = { paused: false };
  const made = new Signer({ service: of, file: { name, size, type: 'text/plain' }, options: {}, tries });
  made.expect();
  return Object.assign(made, { tries });
}
const refusal = (status, code = '') => new UploadError('refused', { status, code, retryable: status >= 500 });

test('one file is asked for by a request that needs no preflight', async () => {
  const api = service();
  assert.equal((await signer(api).take(going())).key, '1');
  assert.deepEqual(api.asked, [['GET', 'signed_url', undefined]]);
});

test('files that come together are asked for by one request', async () => {
  const api = service();
  const signers = [1, 2, 3].map(() => signer(api));
  const keys = await Promise.all(signers.map((one) => one.take(going())));
  assert.deepEqual(keys.map(({ key }) => key), ['1', '2', '3']);
  assert.deepEqual(api.asked, [['POST', 'signed_urls', 3]]);
});

/** All of them, six at a time, as an upload does it. */
async function takeAll(api, count, size) {
  const taken = [];
  await Promise.all(Array.from({ length: count }, () => signer(api, 'a', size)).map((one) =>
    withSlot(false, async () => {
      taken.push((await one.take(going())).key);
      one.leave();
    })));
  return taken;
}

for (const [count, size, batches] of [[200, 5, [20, 100, 80]], [50, 5, [20, 30]], [7, 10_000_000, [1 + 3, 1 + 2]]]) {
  test(`those that wait are signed with them: ${count} files of ${size} bytes`, async () => {
    const api = service();
    const taken = await takeAll(api, count, size);
    assert.deepEqual(api.asked.map(([, , files]) => files), batches);
    assert.equal(new Set(taken).size, count);
  });
}

test('fewer at once where a request takes long, as with an app that is asked for each', async (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const api = service((path, body) => void context.mock.timers.tick(body.files.length * 200));
  await takeAll(api, 50, 5);
  assert.deepEqual(api.asked.map(([, , files]) => files), [20, 10, 10, 10]);
});

test('a refusal is that of its own file', async () => {
  const api = service((_, body) => body && {
    files: body.files.map((file) => file.size > 5
      ? { status: 413, message: 'too large', code: 'TooLarge' }
      : { url: 'https://s3/', key: file.file_name, expires_in: 300 }),
  });
  const [small, large] = await Promise.allSettled([signer(api), signer(api, 'b', 6)].map((one) => one.take(going())));
  assert.equal(small.value.key, 'a.txt');
  assert.deepEqual([large.reason.status, large.reason.code, large.reason.message], [413, 'TooLarge', 'too large']);
});

test('a service that is older is asked for each', async () => {
  const api = service((path) => path === 'signed_urls' ? refusal(404, 'NotFound') : undefined);
  await Promise.all([signer(api), signer(api)].map((one) => one.take(going())));
  await Promise.all([signer(api), signer(api)].map((one) => one.take(going())));
  assert.deepEqual(api.asked.map(([method]) => method), ['POST', 'GET', 'GET', 'GET', 'GET']);
});

test('one that does not know the caller now may do so later', async () => {
  const api = service((path) => path === 'signed_urls' ? refusal(401, 'CallerUnknown') : undefined);
  await Promise.all([signer(api), signer(api)].map((one) => one.take(going())));
  assert.equal(api.group.signsMany, true);
});

test('only those that ask in the same way are signed together', () => {
  globalThis.document = { baseURI: 'https://app.example.com/' };
  const group = (options) => new Service({ endpoint: 'https://api.example.com', ...options }).group;
  const headers = () => ({});
  assert.equal(group({ headers }), group({ headers, endpoint: 'https://api.example.com/' }));
  assert.equal(group({ headers: { a: 'b' } }), group({ headers: { a: 'b' } }));
  const others = [{}, { headers: { a: 'b' } }, { headers }, { headers: () => ({}) }, { credentials: 'include' }, { endpoint: '/x' }];
  assert.equal(new Set(others.map(group)).size, others.length);
});

test('one that is given up leaves the others alone', async () => {
  const api = service();
  const over = new AbortController();
  const signers = [signer(api), signer(api)];
  const [given, kept] = [signers[0].take(over.signal), signers[1].take(going())];
  over.abort();
  await assert.rejects(given, { name: 'AbortError' });
  assert.equal((await kept).key, '2');
});

test('a paused one is not signed ahead', async () => {
  const api = service();
  const [first, paused] = [signer(api), signer(api), signer(api)];
  paused.tries.paused = true;
  await first.take(going());
  assert.deepEqual(api.asked, [['POST', 'signed_urls', 2]]);
});

test('what was signed ahead too long ago is signed anew', async (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const api = service();
  const [first, second] = [signer(api), signer(api)];
  await first.take(going());
  first.leave();
  context.mock.timers.tick(299_000);
  assert.equal((await second.take(going())).key, '3');
  assert.deepEqual(api.asked, [['POST', 'signed_urls', 2], ['GET', 'signed_url', undefined]]);
});

test('what was signed ahead is fresh from when it was signed', async (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const api = service();
  const [first, second] = [signer(api), signer(api)];
  const { staleAt } = await first.take(going());
  context.mock.timers.tick(200_000);
  assert.equal((await second.take(going())).staleAt, staleAt);
});

test('what failed on the way is tried again by the caller', async () => {
  let failures = 1;
  const api = service((path) => path === 'signed_urls' && failures-- > 0 ? refusal(503) : undefined);
  const signers = [signer(api), signer(api)];
  const first = await Promise.allSettled(signers.map((one) => one.take(going())));
  assert.deepEqual(first.map(({ reason }) => reason.status), [503, 503]);
  const again = await Promise.all(signers.map((one) => one.take(going())));
  assert.deepEqual(again.map(({ key }) => key), ['1', '2']);
});

const parts = { uploadId: 'sealed', key: 'k', partSize: 5 };
const numbers = (count) => Array.from({ length: count }, (_, i) => i + 1);

function partService(expires = 300) {
  const asked = [];
  return {
    asked,
    async ask(method, path) {
      const [before, text] = path.split('?');
      const query = new URLSearchParams(text);
      const batch = query.get('partNumbers')?.split(',').map(Number);
      asked.push(batch ? batch.length : before.split('/').pop());
      const url = (number) => `https://s3/${number}`;
      return batch ? { presignedUrls: Object.fromEntries(batch.map((n) => [n, url(n)])), expires } : { url: url(before.split('/').pop()), expires };
    },
  };
}

test('parts are signed in batches, ahead of need', async () => {
  const api = partService();
  const urls = new PartUrls(api, parts, numbers(30));
  for (const number of numbers(30)) {
    assert.equal((await urls.take(number, 5, undefined, going())).url, `https://s3/${number}`);
  }
  assert.ok(api.asked.length <= 3, String(api.asked));
  assert.equal(api.asked.reduce((sum, count) => sum + count), 30);
});

test('a part that failed is signed by itself, and so is one with a checksum', async () => {
  const api = partService();
  const urls = new PartUrls(api, parts, numbers(2));
  await urls.take(1, 5, undefined, going());
  await urls.take(1, 5, undefined, going());
  await urls.take(2, 5, 'sum', going());
  assert.deepEqual(api.asked, [2, '1', '2']);
});

test('what was signed too long ago is signed anew', async (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const api = partService(60);
  const urls = new PartUrls(api, parts, numbers(2));
  await urls.take(1, 5, undefined, going());
  context.mock.timers.tick(59_000);
  await urls.take(2, 5, undefined, going());
  assert.deepEqual(api.asked, [2, '2']);
});
