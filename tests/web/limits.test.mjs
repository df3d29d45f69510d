import assert from 'node:assert/strict';
import test from 'node:test';
import { limitsText, refusalOf } from '../../web/page/limits.js';

const file = (type, size = 5) => ({ type, size });
const types = ['image/*', 'application/pdf'];

test('limits are told as people call them', () => {
  assert.equal(limitsText({}), '');
  assert.equal(limitsText({ types, max_bytes: 5_000_000 }), 'Allowed: images and PDF. At most 5 MB each.');
  assert.equal(limitsText({ max_bytes: 1 }), 'At most 1 byte each.');
  const others = ['image/svg+xml', 'text/plain', 'application/x-tar', 'application/vnd.ms-excel', 'application/*'];
  assert.equal(limitsText({ types: others }), 'Allowed: SVG, texts, TAR, application/vnd.ms-excel, and application/*.');
});

test('what can’t be taken is told without asking', () => {
  assert.equal(refusalOf(file('text/plain'), { types }), 'Files of this kind are not allowed. Allowed: images and PDF.');
  const words = 'The file is too large: it has 6 bytes, and 5 bytes are allowed.';
  assert.equal(refusalOf(file('', 6), { max_bytes: 5 }), words);
});

for (const type of ['image/png', 'IMAGE/PNG', 'application/pdf', 'application/pdf; version=2', '']) {
  test(`the service is asked about “${type}”, which may be allowed`, () => {
    assert.equal(refusalOf(file(type), { types, max_bytes: 5 }), undefined);
  });
}

test('where there are no rules all is taken', () => {
  assert.equal(refusalOf(file('text/plain', 1e12), {}), undefined);
});

test('a pattern is no prefix', () => {
  assert.ok(refusalOf(file('imagery/png'), { types }));
  assert.ok(refusalOf(file('application/pdfx'), { types }));
});
