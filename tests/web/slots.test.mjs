import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { pace } from '../../web/countersign/pace.js';
import { withSlot } from '../../web/countersign/slots.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for slots, and holds each until it is let go. */
class Holder {
  running = [];
  #done = [];

  ask(name, isFile) {
    this.#done.push(withSlot(!isFile, () => new Promise((letGo) => this.running.push({ name, letGo }))));
  }

  async letGo(name) {
    const index = this.running.findIndex((one) => one.name === name);
    this.running.splice(index, 1)[0].letGo();
    await turn();
  }

  get names() {
    return this.running.map(({ name }) => name);
  }

  async end() {
    while (this.running.length > 0) {
      await this.letGo(this.running[0].name);
    }
    await Promise.all(this.#done);
  }
}

afterEach(() => {
  pace.atOnce = 6;
});

test('six go at once, and the others wait in their order', async () => {
  const holder = new Holder();
  for (let i = 0; i < 8; i++) holder.ask(i, true);
  await turn();
  assert.deepEqual(holder.names, [0, 1, 2, 3, 4, 5]);
  await holder.letGo(3);
  assert.deepEqual(holder.names, [0, 1, 2, 4, 5, 6]);
  await holder.end();
});

test('a small file goes before the parts of large ones, which go on', async () => {
  const holder = new Holder();
  for (let i = 0; i < 20; i++) holder.ask(`part ${i}`, false);
  await turn();
  for (let i = 0; i < 20; i++) holder.ask(`file ${i}`, true);
  for (let i = 0; i < 6; i++) await holder.letGo(`part ${i}`);
  const files = holder.names.filter((name) => name.startsWith('file'));
  assert.deepEqual([files.length, holder.names.length], [4, 6]);
  await holder.end();
});

test('no more parts than the pace says', async () => {
  const holder = new Holder();
  pace.atOnce = 3;
  for (let i = 0; i < 6; i++) holder.ask(`part ${i}`, false);
  await turn();
  assert.equal(holder.names.length, 3);
  holder.ask('file', true);
  await turn();
  assert.equal(holder.names.length, 4);
  await holder.end();
});

test('what fails gives its slot back', async () => {
  await assert.rejects(withSlot(false, () => Promise.reject(new Error('broken'))), /broken/);
  const holder = new Holder();
  for (let i = 0; i < 6; i++) holder.ask(i, true);
  await turn();
  assert.equal(holder.names.length, 6);
  await holder.end();
});
