import assert from 'node:assert/strict';
import test from 'node:test';
import { fingerprintOf } from '../../web/countersign/fingerprint.js';

const MIB = 1024 * 1024;
const PLACE = { endpoint: 'https://api.example.com/', name: 'holiday.mp4', metadata: { album: '1' } };

function file({ bytes = new Uint8Array(5 * MIB), name = 'holiday.mp4', type = 'video/mp4', lastModified = 1 } = {}) {
  return new File([bytes], name, { type, lastModified });
}

function withByte(at) {
  const bytes = new Uint8Array(5 * MIB);
  bytes[at] = 1;
  return file({ bytes });
}

const usual = await fingerprintOf(file(), PLACE);

test('the same file has the same fingerprint', async () => {
  assert.equal(await fingerprintOf(file(), { ...PLACE, metadata: { ...PLACE.metadata } }), usual);
  assert.match(usual, /^.{43}=$/);
});

for (const [what, other, place] of [
  ['name', file({ name: 'other.mp4' })],
  ['type', file({ type: 'video/webm' })],
  ['date', file({ lastModified: 2 })],
  ['size', file({ bytes: new Uint8Array(5 * MIB + 1) })],
  ['first bytes', withByte(0)],
  ['first MiB', withByte(MIB - 1)],
  ['last MiB', withByte(4 * MIB)],
  ['last byte', withByte(5 * MIB - 1)],
  ['endpoint', file(), { endpoint: 'https://api.example.com/other/' }],
  ['name for the service', file(), { name: 'album/holiday.mp4' }],
  ['metadata', file(), { metadata: { album: '2' } }],
]) {
  test(`another ${what} is another fingerprint`, async () => {
    assert.notEqual(await fingerprintOf(other, { ...PLACE, ...place }), usual);
  });
}

test('no more is read than the ends', async () => {
  const read = [];
  const slice = Blob.prototype.slice;
  const large = file({ bytes: new Uint8Array(64 * MIB) });
  large.slice = (...range) => {
    const part = slice.apply(large, range);
    read.push(part.size);
    return part;
  };
  large.arrayBuffer = () => assert.fail('read whole');
  await fingerprintOf(large, PLACE);
  assert.deepEqual(read, [MIB, MIB]);
});

test('a small file is read whole', async () => {
  const one = await fingerprintOf(file({ bytes: new Uint8Array([1, 2]) }), PLACE);
  const other = await fingerprintOf(file({ bytes: new Uint8Array([2, 1]) }), PLACE);
  assert.notEqual(one, other);
});
