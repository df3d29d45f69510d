/** The page's texts, sizes and times in the browser's language. */

import { english } from './english.js';

/** @typedef {import('./english.js').Text} Text */
/** @typedef {keyof typeof english} Key */

/** Those in web/messages. */
const OTHERS = ['de', 'es', 'fr', 'ja', 'pt', 'zh'];

/** @type {Record<string, Text>} */ let messages = english;
/** Of numbers, too: such as de-CH. */ let locale = 'en';

/**
 * The first of a person's languages that the page has.
 *
 * @param {readonly string[]} wanted such as navigator.languages
 */
export function languageOf(wanted) {
  const found = wanted.find((tag) => ['en', ...OTHERS].includes(base(tag)));
  return found ?? 'en';
}

/** @param {string} tag */
const base = (tag) => tag.toLowerCase().split('-')[0];

/**
 * The page stays English where the texts can't be loaded.
 *
 * @param {string} tag
 * @param {() => Promise<{ languages: Record<string, Record<string, Text>> }>} load
 */
export async function speak(tag, load) {
  const other = base(tag) === 'en' ? english : (await load().catch(() => null))?.languages[base(tag)];
  messages = { ...english, ...other };
  locale = other ? tag : 'en';
  return { lang: locale, dir: String(messages.dir) };
}

/** @param {Key} key @param {Record<string, string | number>} [values] */
export function text(key, values = {}) {
  return fill(messages[key], values);
}

/** What an error's code means; the module's own English words will do in English. @param {string} code */
export function textOfCode(code) {
  return code in english ? undefined : /** @type {string | undefined} */ (messages[code]);
}

/** @param {Text} message @param {Record<string, string | number>} values */
function fill(message, values) {
  const form = typeof message === 'string' ? message : formOf(message, Number(values.count));
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : value;
  });
}

/** @param {Exclude<Text, string>} message @param {number} count */
function formOf(message, count) {
  return message[new Intl.PluralRules(locale).select(count)] ?? message.other;
}

/** @param {number} value @param {Intl.NumberFormatOptions} [how] */
function number(value, how) {
  return new Intl.NumberFormat(locale, how).format(value);
}

/** @param {number} value @param {string} unit @param {Intl.NumberFormatOptions} [how] */
function inUnits(value, unit, how) {
  return number(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0, ...how });
}

/** @param {number} bytes @param {number} least */
function scaled(bytes, least) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(units.length - 1, Math.max(least, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return { value, unit: units[power], how: { maximumFractionDigits: power > 0 && value < 100 ? 1 : 0 } };
}

/** @param {number} bytes */
export function size(bytes) {
  const { value, unit, how } = scaled(bytes, 0);
  return inUnits(value, unit, { ...how, unitDisplay: unit === 'byte' ? 'long' : 'short' });
}

/** @param {number} bytesPerSecond */
export function rate(bytesPerSecond) {
  const { value, unit, how } = scaled(bytesPerSecond, 1);
  return inUnits(value, `${unit}-per-second`, how);
}

/** Nothing, while it is not known. @param {number} bytesPerSecond @param {number} leftBytes */
export function howFast(bytesPerSecond, leftBytes) {
  return bytesPerSecond > 0 ? [rate(bytesPerSecond), text('left', { time: time(leftBytes / bytesPerSecond) })] : [];
}

/** @param {number} seconds */
export function time(seconds) {
  if (seconds < 60) return inUnits(Math.ceil(seconds), 'second');
  if (seconds < 3600) return inUnits(Math.ceil(seconds / 60), 'minute');
  return inUnits(seconds / 3600, 'hour', { maximumFractionDigits: 1 });
}

/** @param {number} part of 1; all of it is not there until it is */
export function share(part) {
  return number(Math.floor(part * 100) / 100, { style: 'percent' });
}

/** @param {string[]} items */
export function list(items) {
  return new Intl.ListFormat(locale).format(items);
}
