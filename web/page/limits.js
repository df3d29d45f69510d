/** What may be uploaded: told before a file is chosen, and of what can't be, at once. */

import { list, size, text } from './text.js';

/** @typedef {import('./settings.js').Limits} Limits */

/** @type {Record<string, import('./text.js').Key>} */
const KINDS = {
  'image/*': 'images',
  'video/*': 'videos',
  'audio/*': 'audio',
  'text/*': 'texts',
  'text/plain': 'texts',
};

/** As people call them: "images and PDF". @param {string[]} types */
export function namesOf(types) {
  return list(types.map((type) => {
    const kind = KINDS[type];
    const name = type.match(/\/(?:x-)?(\w{1,5})(?:\+xml)?$/)?.[1];
    return kind ? text(kind) : name?.toUpperCase() ?? type;
  }));
}

/** @param {Limits} limits */
export function limitsText({ types, max_bytes }) {
  return [
    types && text('allowed', { types: namesOf(types) }),
    max_bytes && text('most', { size: size(max_bytes) }),
  ].filter(Boolean).join(' ');
}

/**
 * Why the service would refuse it. A type that the browser does not know it tells by the name.
 *
 * @param {{ type: string, size: number }} file
 * @param {Limits} limits
 */
export function refusalOf(file, { types, max_bytes = Infinity }) {
  if (types && file.type && !types.some((pattern) => fits(file.type, pattern))) return wrongType(types);
  return file.size > max_bytes ? tooLarge(file.size, max_bytes) : undefined;
}

/** @param {string} type @param {string} pattern such as image/* */
function fits(type, pattern) {
  const [wanted, own] = [pattern, type].map((text) => text.toLowerCase().split(';')[0].trim().split('/'));
  return wanted.every((part, i) => part === '*' || part === own[i]);
}

/** @param {string[]} types */
export function wrongType(types) {
  return text('typeNotAllowed', { types: namesOf(types) });
}

/** @param {number} bytes @param {number} [most] */
export function tooLarge(bytes, most) {
  return most === undefined
    ? text('tooLarge', { size: size(bytes) })
    : text('tooLargeFor', { size: size(bytes), most: size(most) });
}
