import assert from 'node:assert/strict';
import test from 'node:test';

/** A module of its own, as a page has. */
async function keptWith(indexedDB, name) {
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, ...indexedDB });
  return import(`../../web/countersign/kept.js?${name}`);
}

const RECORD = { id: '1', startedAt: Date.now() };

for (const [name, how] of Object.entries({
  missing: { value: undefined },
  denied: { get() { throw new DOMException('', 'SecurityError'); } },
  failing: { value: { open() { const it = {}; setTimeout(() => it.onerror(new Event('error'))); return it; } } },
})) {
  test(`a database that is ${name} keeps nothing`, async () => {
    const { allKept, forget, keep } = await keptWith(how, name);
    assert.equal(await keep(RECORD), false);
    await forget('1');
    assert.deepEqual(await allKept(), []);
  });
}

test('a database that hangs is waited for once', async (context) => {
  let opened = 0;
  const { allKept, keep } = await keptWith({ value: { open() { opened++; return {}; } } }, 'hanging');
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const kept = keep(RECORD);
  await new Promise((resolve) => setImmediate(resolve));
  context.mock.timers.tick(5000);
  assert.equal(await kept, false);
  assert.deepEqual(await allKept(), []);
  assert.equal(opened, 1);
});
