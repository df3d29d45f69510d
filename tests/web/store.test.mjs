/** The list of uploads that the hooks are made of. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { UploadError } from '../../web/countersign/index.js';
import { clock, file, list, settled } from './uploads.mjs';

const STORED = { key: 'uploads/1', etag: null };

describe('a list of uploads', () => {
  /** @type {ReturnType<typeof clock>} */ let time;
  beforeEach(() => {
    time = clock();
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  test('starts all that is added, with the options of the list and of the file', () => {
    const { uploads, made, items } = list({ endpoint: 'https://api.example.com/' });
    const ids = uploads.add([file(1, 'a'), file(2, 'b')], ({ name }) => ({ name: `album/${name}`, metadata: { of: name } }));
    assert.deepEqual(items().map(({ id }) => id), ids);
    assert.deepEqual(items().map(({ name, state, totalBytes }) => [name, state, totalBytes]), [
      ['album/a', 'waiting', 1], ['album/b', 'waiting', 2],
    ]);
    assert.deepEqual(made.map(({ starts }) => starts), [1, 1]);
    const { endpoint, name, metadata } = made[1].options;
    assert.deepEqual([endpoint, name, metadata], ['https://api.example.com/', 'album/b', { of: 'b' }]);
    assert.equal('onStored' in made[0].options, false);
  });

  test('takes what an input, a drop or a single choice gives', () => {
    const { uploads, items } = list();
    uploads.add(null);
    uploads.add({ length: 2, 0: file(1, 'a'), 1: file(1, 'b') });
    uploads.add(file(1, 'c'));
    uploads.add(new Set([file(1, 'd')]));
    assert.deepEqual(items().map(({ name }) => name), ['a', 'b', 'c', 'd']);
  });

  test('shows progress, the rate and the time left', async () => {
    const { uploads, made, items } = list();
    uploads.add(file(1000));
    made[0].progress(0);
    time.pass(0.5);
    made[0].progress(100);
    time.pass(0.5);
    const [{ state, sentBytes, totalBytes, bytesPerSecond, secondsLeft, inParts }] = items();
    assert.deepEqual([state, sentBytes, totalBytes, inParts], ['running', 100, 1000, true]);
    assert.deepEqual([bytesPerSecond, secondsLeft], [200, 4.5]);
    made[0].store(STORED);
    await settled();
    time.pass(1);
    const [after] = items();
    assert.deepEqual([after.state, after.sentBytes, after.result, after.secondsLeft], ['stored', 1000, STORED, null]);
  });

  test('knows no rate before bytes moved', () => {
    const { uploads, made, items } = list();
    uploads.add(file());
    made[0].progress(0);
    time.pass(1);
    assert.deepEqual([items()[0].bytesPerSecond, items()[0].secondsLeft], [0, null]);
  });

  test('tells few times of many events', () => {
    const { uploads, made } = list();
    let told = 0;
    uploads.subscribe(() => told++);
    uploads.add([file(1000), file(1000), file(1000)]);
    assert.equal(told, 1);
    for (let step = 1; step <= 1000; step++) {
      for (const each of made) each.progress(step);
      time.pass(0.001);
    }
    assert.ok(told > 4 && told <= 11, `${told} times in a second`);
  });

  test('keeps what was shown as it was, and the items that did not change', () => {
    const { uploads, made, items } = list();
    uploads.add([file(), file()]);
    const before = items();
    assert.equal(items(), before);
    made[0].progress(10);
    assert.equal(items(), before); // until it is told
    time.pass(1);
    const after = items();
    assert.notEqual(after, before);
    assert.notEqual(after[0], before[0]);
    assert.equal(after[1], before[1]);
    assert.equal(before[0].state, 'waiting');
    assert.throws(() => { after[0].state = 'stored'; }, TypeError);
    assert.throws(() => { after.pop(); }, TypeError);
  });

  test('pauses and goes on', () => {
    const { uploads, made, items } = list();
    const [id] = uploads.add(file(1000));
    made[0].progress(0);
    time.pass(0.5);
    made[0].progress(600);
    uploads.pause(id);
    assert.deepEqual([made[0].paused, items()[0].state, items()[0].secondsLeft], [true, 'paused', null]);
    made[0].progress(200); // what the part under way had is lost
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].sentBytes], ['paused', 600]);
    uploads.resume(id);
    assert.deepEqual([made[0].paused, items()[0].state], [false, 'waiting']);
    made[0].progress(700);
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].bytesPerSecond], ['running', 0]); // not that of before the pause
    assert.equal(made[0].starts, 1);
  });

  test('says why it waits to try again', () => {
    const { uploads, made, items } = list();
    uploads.add(file());
    made[0].progress(10);
    const error = new UploadError('S3 is busy.', { retryable: true });
    made[0].options.onRetry(error);
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].error], ['waiting', error]);
    made[0].progress(20);
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].error], ['running', null]);
  });

  for (const retryable of [true, false]) {
    test(`tells that it failed, ${retryable ? 'and tries again with what is missing' : 'for good'}`, async () => {
      const { uploads, made, items } = list();
      const [id] = uploads.add(file());
      const error = new UploadError('No.', { code: 'TooLarge', retryable });
      made[0].fail(error);
      await settled();
      made[0].progress(0);
      time.pass(1);
      assert.deepEqual([items()[0].state, items()[0].error, items()[0].retryable], ['failed', error, retryable]);
      uploads.retry(id);
      assert.deepEqual([made.length, made[0].starts], [1, retryable ? 2 : 1]);
      assert.deepEqual([items()[0].state, items()[0].error], retryable ? ['waiting', null] : ['failed', error]);
    });
  }

  test('gives up, and starts anew', async () => {
    const { uploads, made, items } = list();
    const [id] = uploads.add(file());
    made[0].progress(500);
    uploads.cancel(id);
    assert.ok(made[0].options.signal.aborted);
    await settled();
    time.pass(1);
    made[0].progress(0); // it is still told of what came to nothing
    made[0].options.onRetry(new UploadError('S3 is busy.'));
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].error, items()[0].retryable], ['canceled', null, true]);
    uploads.retry(id);
    made[0].progress(400);
    assert.equal(items()[0].state, 'waiting');
    assert.deepEqual([items()[0].state, items()[0].sentBytes], ['waiting', 0]);
    assert.equal(made[1].options.signal.aborted, false);
    made[1].store(STORED);
    await settled();
    time.pass(1);
    assert.equal(items()[0].state, 'stored');
  });

  test('gives up the parts of what failed', async () => {
    const { uploads, made, items } = list();
    const [id] = uploads.add(file());
    made[0].fail(new UploadError('S3 is busy.', { retryable: true }));
    await settled();
    uploads.remove(id);
    assert.ok(made[0].options.signal.aborted);
    assert.deepEqual(items(), []);
  });

  test('cancels nothing that is stored', async () => {
    const { uploads, made, items } = list();
    const [id] = uploads.add(file());
    made[0].store(STORED);
    await settled();
    for (const action of ['cancel', 'pause', 'resume', 'retry']) uploads[action](id);
    assert.deepEqual([items()[0].state, made[0].options.signal.aborted, made[0].starts], ['stored', false, 1]);
  });

  test('asks again for the receipt alone', async () => {
    const { uploads, made, items } = list();
    const [id] = uploads.add(file());
    made[0].store({ ...STORED, receipt: null, unproven: new UploadError('Busy.', { retryable: true }) });
    await settled();
    uploads.retry(id);
    made[0].store({ ...STORED, receipt: 'proof' });
    await settled();
    time.pass(1);
    assert.deepEqual([made[0].starts, items()[0].state, items()[0].result.receipt], [2, 'stored', 'proof']);
  });

  test('tells the app of what is stored, and again when that failed', async () => {
    let isReachable = false;
    const told = [];
    const onStored = async (stored, { name }) => {
      told.push([stored, name]);
      if (!isReachable) throw new Error('The server can’t be reached.');
    };
    const { uploads, made, items } = list({ onStored });
    const [id] = uploads.add(file());
    made[0].store(STORED);
    await settled();
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].error.message, items()[0].retryable], ['failed', 'The server can’t be reached.', true]);
    isReachable = true;
    uploads.retry(id);
    made[0].store(STORED);
    await settled();
    time.pass(1);
    assert.equal(items()[0].state, 'stored');
    assert.deepEqual(told, [[STORED, 'cat.png'], [STORED, 'cat.png']]);
  });

  test('is not stored before the app knows', async () => {
    const { promise, resolve } = withResolver();
    const { uploads, made, items } = list({ onStored: () => promise });
    uploads.add(file(1000));
    made[0].progress(100);
    made[0].store(STORED);
    await settled();
    time.pass(1);
    assert.deepEqual([items()[0].state, items()[0].sentBytes], ['running', 1000]);
    resolve();
    await settled();
    time.pass(1);
    assert.equal(items()[0].state, 'stored');
  });

  test('takes other options for what is added later', () => {
    const { uploads, made } = list({ endpoint: '/a' });
    uploads.add(file());
    uploads.setOptions({ endpoint: '/b' });
    uploads.add(file());
    assert.deepEqual(made.map(({ options }) => options.endpoint), ['/a', '/b']);
  });

  test('clears what is stored, and nothing else', async () => {
    const { uploads, made, items } = list();
    const [, second] = uploads.add([file(), file()]);
    made[0].store(STORED);
    await settled();
    uploads.clear();
    assert.deepEqual(items().map(({ id }) => id), [second]);
  });

  test('tells nobody who ended it, and goes on', async () => {
    const { uploads, made, items } = list();
    let told = 0;
    const listener = () => told++;
    const ends = [uploads.subscribe(listener), uploads.subscribe(listener)]; // as StrictMode does
    uploads.add(file());
    assert.equal(told, 2);
    ends[0]();
    uploads.add(file());
    assert.equal(told, 3);
    ends[1]();
    made[0].store(STORED);
    await settled();
    time.pass(1);
    assert.deepEqual([told, items()[0].state, made[1].options.signal.aborted], [3, 'stored', false]);
  });
});

function withResolver() {
  /** @type {() => void} */ let resolve = () => {};
  const promise = new Promise((/** @type {(value?: unknown) => void} */ take) => {
    resolve = take;
  });
  return { promise, resolve };
}
