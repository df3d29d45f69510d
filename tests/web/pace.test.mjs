import assert from 'node:assert/strict';
import test from 'node:test';
import { Pace } from '../../web/countersign/pace.js';

const MIB = 1024 * 1024;

/** Parts of 1 MiB go over a line, at the given bytes a second for each number at once; how many went at once. */
function send(pace, bytesPerSecond, parts) {
  const went = new Set();
  let now = 1000;
  for (let i = 0; i < parts; i++) {
    now += MIB / bytesPerSecond(pace.atOnce);
    went.add(pace.atOnce);
    pace.arrived(MIB, (pace.atOnce * MIB) / bytesPerSecond(pace.atOnce), now);
  }
  return went;
}

test('all connections are used where each adds to the rate', () => {
  const pace = new Pace();
  const went = send(pace, (atOnce) => atOnce * MIB, 500);
  assert.ok(pace.atOnce >= 5 && Math.min(...went) >= 4, [...went].join());
  assert.ok(Math.abs(pace.bytesPerSecond / MIB - 6) <= 1);
});

test('few are used where more are no faster', () => {
  const pace = new Pace();
  send(pace, () => 2 * MIB, 500);
  assert.ok(pace.atOnce <= 3);
});

test('a line that becomes faster with more gets more again', () => {
  const pace = new Pace();
  send(pace, () => 2 * MIB, 500);
  send(pace, (atOnce) => atOnce * MIB, 1000);
  assert.ok(pace.atOnce >= 5);
});

test('failures take one off, down to one, and what arrives brings them back', () => {
  const pace = new Pace();
  const seen = Array.from({ length: 7 }, () => {
    pace.failed();
    return pace.atOnce;
  });
  assert.deepEqual(seen, [5, 4, 3, 2, 1, 1, 1]);
  send(pace, (atOnce) => atOnce * MIB, 1000);
  assert.ok(pace.atOnce >= 5);
});

test('what stands still is waited for by what others took, and longer while nothing arrives', () => {
  const pace = new Pace();
  assert.equal(pace.patienceSeconds(MIB), Infinity);
  for (let i = 1; i < 20; i++) pace.arrived(MIB, 2, i);
  const patience = (bytes) => Math.round(pace.patienceSeconds(bytes));
  assert.equal(patience(MIB), 5 + 6);
  assert.equal(patience(4 * MIB), 5 + 24);
  assert.equal(patience(1), 5 + 6, 'one that has nothing to send still has the way');
  for (let i = 0; i < 6; i++) pace.failed();
  assert.equal(patience(MIB), 2 * (5 + 6));
  pace.arrived(MIB, 2, 30);
  assert.equal(patience(MIB), 5 + 6);
});

test('parts are equal, fill all connections to the end, and keep to the limits of S3', () => {
  const pace = new Pace();
  assert.equal(Math.ceil((64 * MIB) / pace.partBytes(64 * MIB)), 12);
  for (const mebibytes of [16, 20, 29, 30, 31, 64, 200, 1000, 5000, 50_000, 5_000_000]) {
    const bytes = pace.partBytes(mebibytes * MIB);
    const parts = Math.ceil((mebibytes * MIB) / bytes);
    assert.ok(bytes >= 5 * MIB && parts <= 10_000, `${mebibytes} MiB in ${parts} parts of ${bytes}`);
    assert.ok(bytes === 5 * MIB || parts % 6 === 0 || parts > 9990, `${mebibytes} MiB in ${parts} parts`);
  }
});

test('parts are larger where the line is fast, and small where it is slow', () => {
  const fast = new Pace();
  fast.arrived(20 * MIB, 1, 10);
  assert.ok(fast.partBytes(2000 * MIB) > 50 * MIB);
  const slow = new Pace();
  slow.arrived(MIB / 2, 5, 10);
  assert.ok(slow.partBytes(2000 * MIB) < 6 * MIB);
});
