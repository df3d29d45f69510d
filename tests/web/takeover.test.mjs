import assert from 'node:assert/strict';
import test from 'node:test';
import { refused } from '../../web/countersign/error.js';
import { joined, listed } from '../../web/countersign/takeover.js';

const HOUR_MS = 3600 * 1000;
const PARTS = [{ PartNumber: 1, ETag: 'a' }];
const GONE = refused('', 404, 'NoSuchUpload');

/** The service as it answers in this order; an error is thrown. */
function job(size, ...answers) {
  const asked = [];
  const ask = async (method, path, signal, body) => {
    asked.push([method, path.split('?')[0], body]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, file: { size }, service: { ask }, tries: { persist: (action) => action() } };
}

function kept(more) {
  return { key: 'k', uploadId: 'u', partSize: 10, startedAt: Date.now(), ...more };
}

test('parts are taken over by number and size', async () => {
  const list = [
    { PartNumber: 1, ETag: 'a', Size: 10 },
    { PartNumber: 2, ETag: 'b', Size: 9 },
    { PartNumber: 3, ETag: 'c', Size: 5 },
    { PartNumber: 4, ETag: 'd', Size: 0 },
    { PartNumber: 5, ETag: 'e', Size: 10 },
  ];
  const found = await listed(kept(), job(25, list));
  assert.deepEqual(found.map(({ ETag }) => ETag), ['a', 'c']);
});

for (const code of ['NoSuchUpload', 'UploadExpired', 'InvalidUploadId', 'UploadOfOtherKey', 'KeyNotAllowed', 'MultipartOff']) {
  test(`${code}: there is no such upload any more`, async () => {
    assert.equal(await listed(kept(), job(25, refused('', 403, code))), null);
  });
}

for (const [what, error] of [
  ['a busy service', refused('', 503, 'StoreError')],
  ['an authorizer', refused('Unauthorized', 401, undefined)],
]) {
  test(`${what} says nothing of the upload`, async () => {
    await assert.rejects(listed(kept(), job(25, error)), error);
    await assert.rejects(joined(kept({ parts: PARTS }), job(25, error)), error);
  });
}

test('nothing was asked to be joined', async () => {
  const nothing = job(25);
  assert.equal(await joined(kept(), nothing), null);
  assert.deepEqual(nothing.asked, []);
});

test('the same parts are asked to be joined again', async () => {
  const again = job(25, { receipt: 'r' });
  assert.deepEqual(await joined(kept({ parts: PARTS }), again), { key: 'k', etag: null, receipt: 'r', granted: undefined });
  assert.deepEqual(again.asked, [['POST', 's3/multipart/u/complete', { parts: PARTS }]]);
});

for (const [what, hours, receipt, answers, isStored] of [
  ['is gone, as one that is stored', 23, undefined, [], true],
  ['is gone, perhaps by a lifecycle rule', 24, undefined, [], false],
  ['has a proof', 100, 'granted', [{ receipt: 'proof' }], true],
  ['is not stored', 1, 'granted', [refused('', 404, 'NotStored')], false],
  ['is another object', 1, 'granted', [refused('', 409, 'StoredDiffers')], false],
  ['has nobody to prove it', 1, 'granted', [refused('', 501, 'ReceiptsOff')], true],
]) {
  test(`one that was to be joined ${what}`, async () => {
    const old = kept({ parts: PARTS, receipt, startedAt: Date.now() - hours * HOUR_MS });
    const sent = await joined(old, job(25, GONE, ...answers));
    assert.equal(sent !== null, isStored);
    assert.equal(sent?.receipt, answers[0]?.receipt);
  });
}
