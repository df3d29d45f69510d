import assert from 'node:assert/strict';
import test from 'node:test';
import { hasCode, isPassing, refused, storeError } from '../../web/countersign/error.js';

const xml = (code, message = '') => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

test('what S3 says is told in words, and by its code', () => {
  const error = storeError(403, xml('SignatureDoesNotMatch'), false, false);
  assert.equal(error.message, 'S3 refused the file: what was sent differs from what was signed.');
  assert.deepEqual([error.status, error.code, error.retryable], [403, 'SignatureDoesNotMatch', false]);
  assert.equal(storeError(400, xml('EntityTooLarge'), false, false).message, 'S3 refused the file: EntityTooLarge.');
  assert.equal(storeError(418, 'no XML', false, false).message, 'S3 refused the file: status 418.');
});

for (const [how, said, wasStale] of [
  ['in words', xml('AccessDenied', 'Request has expired'), false],
  ['by a code', xml('ExpiredToken'), false],
  ['by naming its time', '<Error><Code>AccessDenied</Code><X-Amz-Expires>300</X-Amz-Expires></Error>', false],
  ['not at all', xml('AccessDenied'), true],
]) {
  test(`a store tells ${how} that a URL expired`, () => {
    assert.deepEqual([storeError(403, said, wasStale, false).code, storeError(403, said, wasStale, false).retryable], ['Expired', true]);
  });
}

test('a proxy without a code had no answer, when all was sent', () => {
  assert.equal(storeError(502, '<html>', false, true).code, 'NoAnswer');
  assert.equal(storeError(502, '<html>', false, false).code, '');
});

test('what passes is tried again', () => {
  assert.deepEqual([0, 408, 409, 429, 500, 503, 599].filter((status) => !isPassing(status)), []);
  assert.deepEqual([400, 401, 403, 404, 413, 501].filter(isPassing), []);
  assert.equal(refused('', 409, 'StoredDiffers').retryable, false);
  assert.equal(refused('', 404, 'NotStored').retryable, true);
});

test('a code is an UploadError’s alone', () => {
  assert.ok(hasCode(refused('', 404, 'NotStored'), 'NotStored'));
  assert.ok(!hasCode(Object.assign(new Error(), { code: 'NotStored' }), 'NotStored'));
});
