/** A stored file's link, where the function gives any. */

import { settings } from './settings.js';

/** @param {string} key */
async function askLink(key) {
  const { headers } = settings.options;
  const own = typeof headers === 'function' ? await headers() : headers;
  const response = await fetch(`signed_download?${new URLSearchParams({ key })}`, { headers: own });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Blob([(await response.json()).url], { type: 'text/plain' });
}

/**
 * The link is on its way still when the clipboard is asked for, which Safari lets only a click do.
 *
 * @param {string} key
 */
export function copyLink(key) {
  return navigator.clipboard.write([new ClipboardItem({ 'text/plain': askLink(key) })]);
}
