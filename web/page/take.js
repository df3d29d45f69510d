/** Takes files, however they came to the page, into the list. */

import { begunWith, settle } from './begun.js';
import { refuse } from './card.js';
import { refusalOf } from './limits.js';
import { Row } from './row.js';
import { ready, settings } from './settings.js';

/** Of thousands. */
const AT_ONCE = 100;

/** @typedef {import('./row.js').Source} Source */

/** The page goes on meanwhile. @param {Source[]} sources */
export async function takeAll(sources) {
  for (let i = 0; i < sources.length; i++) {
    if (i % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve));
    await take(sources[i]);
  }
}

/** @param {Source} source */
export async function take(source) {
  await ready;
  const { file, path } = source;
  const why = refusalOf(file, settings.limits);
  if (why) return refuse(path ?? file.name, why);
  const begun = await begunWith(file, path);
  if (begun) settle(begun);
  new Row(begun ? { ...source, path: begun.metadata.path } : source).start(); // else it is another upload
}
