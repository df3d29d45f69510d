import assert from 'node:assert/strict';
import test from 'node:test';
import { Rate } from '../../web/hooks/rate.js';

/** Adds what was sent at each time, in seconds; the rate then. */
function rateOf(context, samples) {
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  const rate = new Rate();
  for (const [seconds, bytes] of samples) {
    now = 1000 * seconds;
    rate.add(bytes);
  }
  return rate.perSecond;
}

const steady = (from, to, perSecond) => Array.from({ length: to - from + 1 }, (_, i) => [from + i, (from + i) * perSecond]);

test('of one look there is no rate', (context) => {
  assert.equal(rateOf(context, [[0, 1000]]), 0);
  assert.equal(rateOf(context, [[1, 1000], [1, 2000]]), 0);
});

test('what is steady is its rate, from the second look on', (context) => {
  assert.equal(rateOf(context, steady(0, 1, 500)), 500);
  assert.equal(rateOf(context, steady(0, 20, 500)), 500);
});

test('what was there before does not count', (context) => {
  assert.equal(rateOf(context, [[0, 1e9], [1, 1e9 + 500]]), 500);
});

test('what changed is the rate after some seconds', (context) => {
  const slower = rateOf(context, [...steady(0, 10, 1000), ...Array.from({ length: 12 }, (_, i) => [11 + i, 10_000 + 100 * (i + 1)])]);
  assert.ok(slower > 100 && slower < 120, String(slower));
});

test('it is never below nothing', (context) => {
  assert.ok(rateOf(context, [...steady(0, 10, 1000), [11, 0], [12, 0]]) >= 0);
});
