import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { UploadError, WORDS } from '../../web/countersign/error.js';
import { languages } from '../../web/messages/index.js';
import { english } from '../../web/page/english.js';
import { languageOf, list, rate, share, size, speak, text, textOfCode, time } from '../../web/page/text.js';

const load = async () => ({ languages });
const forms = (message) => (typeof message === 'string' ? [message] : Object.values(message));
const placeholders = (form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('there are the languages that are promised', () => {
  assert.deepEqual(Object.keys(languages).sort(), ['de', 'es', 'fr', 'ja', 'pt', 'zh']);
});

for (const [tag, messages] of Object.entries(languages)) {
  test(`${tag} has each text, and what the module says by its code`, () => {
    const wanted = [...Object.keys(english), ...Object.keys(WORDS), 'Unconfirmed'];
    assert.deepEqual(Object.keys(messages).sort(), wanted.sort());
  });

  test(`${tag} has the same placeholders, in each form that its numbers need`, () => {
    for (const [key, message] of Object.entries(messages)) {
      for (const form of forms(message)) {
        assert.ok(form.length > 0, key);
        assert.deepEqual(placeholders(form), placeholders(forms(english[key] ?? '')[0]), key);
      }
      if (typeof message !== 'string') {
        const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
        assert.ok(message.other && Object.keys(message).every((form) => categories.includes(form)), key);
      }
    }
  });

  test(`${tag} is another language`, () => {
    const same = Object.keys(english).filter((key) => messages[key] === english[key]);
    assert.ok(same.length <= 8, same.join());
    assert.match(messages.dir, /^(ltr|rtl)$/);
  });

  test(`${tag} is spoken by the page that asks for it`, async () => {
    assert.deepEqual(await speak(languageOf([`${tag.toUpperCase()}-XX`, 'en']), load), { lang: `${tag.toUpperCase()}-XX`, dir: 'ltr' });
    assert.equal(text('choose'), messages.choose);
    assert.equal(textOfCode('Expired'), messages.Expired);
    assert.equal(textOfCode('choose'), undefined);
    assert.equal(textOfCode('SomeOther'), undefined);
  });
}

test('the first language that the page has is taken', () => {
  assert.equal(languageOf(['pl', 'pt-BR', 'en']), 'pt-BR');
  assert.equal(languageOf(['en-GB', 'de']), 'en-GB');
  assert.equal(languageOf(['pl', 'sv']), 'en');
  assert.equal(languageOf([]), 'en');
  assert.equal(languageOf(['zh-Hant-TW']), 'zh-Hant-TW');
});

test('where the texts can’t be loaded the page is English', async () => {
  assert.deepEqual(await speak('de-CH', () => Promise.reject(new Error())), { lang: 'en', dir: 'ltr' });
  assert.equal(text('choose'), 'Choose files');
  assert.equal(size(1_500_000), '1.5 MB');
});

test('one who adds a language that is read from the right says so', async () => {
  const hebrew = { dir: 'rtl', choose: 'בחירת קבצים' };
  assert.deepEqual(await speak('pt', async () => ({ languages: { pt: hebrew } })), { lang: 'pt', dir: 'rtl' });
  assert.equal(text('choose'), hebrew.choose);
  assert.equal(text('pause'), 'Pause'); // what is not translated yet
});

test('numbers are written as the language does', async () => {
  await speak('en', load);
  assert.equal(size(1), '1 byte');
  assert.equal(size(13), '13 bytes');
  assert.equal(size(34_603_008), '34.6 MB');
  assert.equal(size(346_030_080), '346 MB');
  assert.equal(rate(400), '0.4 kB/s');
  assert.equal(rate(1_500_000), '1.5 MB/s');
  assert.deepEqual([5, 61, 5400].map(time), ['5 sec', '2 min', '1.5 hr']);
  assert.equal(share(0.999), '99%');
  assert.equal(text('overall', { stored: 1234, count: 5000 }), '1,234 of 5,000 stored');
  await speak('de', load);
  assert.equal(size(34_603_008), '34,6 MB');
  assert.equal(text('overall', { stored: 1234, count: 5000 }), '1.234 von 5.000 gespeichert');
  await speak('fr', load);
  assert.match(size(34_603_008), /^34,6\sMo$/);
  assert.equal(list(['a', 'b']), 'a et b');
});

test('a text has the form of its number', async () => {
  await speak('fr', load);
  assert.equal(text('failed', { count: 1 }), '1 échec');
  assert.equal(text('failed', { count: 2 }), '2 échecs');
});

test('what is filled in is no text to be filled', async () => {
  await speak('en', load);
  assert.equal(text('emptyFolder', { name: '{name} $& ${key}' }), '{name} $& ${key} is an empty folder: there is nothing to store.');
});

test('the module’s own words do in English', async () => {
  await speak('en', load);
  assert.equal(textOfCode('Expired'), undefined);
  assert.ok(new UploadError('x', { code: 'Expired' }).message);
});

test('index.html names texts that there are', () => {
  const page = readFileSync(new URL('../../web/page/index.html', import.meta.url), 'utf8');
  const named = [...page.matchAll(/data-text="(\w+)"/g)].map(([, key]) => key);
  assert.ok(named.length > 5);
  assert.deepEqual(named.filter((key) => !(key in english)), []);
});
