/** The page's elements, by their names in index.html. */

import { text } from './text.js';

/** @typedef {import('./text.js').Key} Key */

/**
 * @template {Element} T
 * @param {ParentNode} within
 * @param {string} selector
 * @param {new () => T} kind
 */
export function find(within, selector, kind) {
  const found = within.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(selector);
  return found;
}

export const input = find(document, '#files', HTMLInputElement);
export const folderInput = find(document, '#folder', HTMLInputElement);
export const uploads = find(document, '#uploads', HTMLElement);
const news = find(document, '#news', HTMLElement);

/** Each is named with its file. @param {HTMLElement} button @param {Key} key @param {string} name */
export function label(button, key, name) {
  button.textContent = text(key);
  button.ariaLabel = `${text(key)} ${name}`;
}

/**
 * @param {ParentNode} within @param {string} selector @param {Key} key @param {string} name
 * @param {() => void} action
 */
export function button(within, selector, key, name, action) {
  const found = find(within, selector, HTMLElement);
  label(found, key, name);
  found.addEventListener('click', action);
  return found;
}

/** Said to those who can't see the list. @param {string} text */
export function announce(text) {
  news.textContent = text;
}
