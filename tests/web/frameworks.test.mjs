/** The list of uploads as a composable of Vue and as a store of Svelte; that of React is tried in the examples. */

import assert from 'node:assert/strict';
import { register } from 'node:module';
import { test } from 'node:test';
import { createUploads } from '../../web/hooks/svelte.js';
import { file, list } from './uploads.mjs';

// What it takes of Vue is this package's.
const REACTIVITY = new URL('../../build/typescript/node_modules/@vue/reactivity/index.js', import.meta.url);
register(`data:text/javascript,${encodeURIComponent(`export const resolve = (name, context, next) =>
  next(name === 'vue' ? '${REACTIVITY}' : name, context);`)}`);

test('a store of Svelte tells at once, at each change, and no more when that is ended', () => {
  const store = createUploads({ endpoint: 'https://api.example.com/' });
  /** @type {string[]} */ const told = [];
  const end = store.subscribe((uploads) => told.push(uploads.map(({ state }) => state).join()));
  assert.deepEqual(told, ['']);
  store.clear();
  assert.deepEqual(told, ['', '']);
  end();
  store.clear();
  assert.deepEqual(told, ['', '']);
});

test('a composable of Vue shows what becomes of the files until its component goes', async () => {
  const { effectScope } = await import(REACTIVITY.href);
  const { useUpload } = await import('../../web/hooks/vue.js');
  const { uploads: shared, items, made } = list();
  const component = effectScope();
  const { uploads, add, cancel } = component.run(() => useUpload(shared));
  assert.deepEqual(uploads.value, []);
  const [id] = add(file());
  assert.equal(uploads.value, items());
  assert.deepEqual(uploads.value.map(({ state }) => state), ['waiting']);
  component.stop();
  const last = uploads.value;
  assert.equal(made[0].options.signal.aborted, false); // it goes on
  cancel(id);
  assert.equal(items()[0].state, 'canceled');
  assert.equal(uploads.value, last);
});
