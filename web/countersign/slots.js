/** Which requests to S3 are under way at once, and which come next: those of all uploads of a page. */

import { pace } from './pace.js';

/** Browsers open six connections to a host. */
const PUTS_AT_ONCE = 6;
/** So many parts go on while whole files wait, which come first: they are small, and soon done. */
const PARTS_BESIDE_FILES = 2;

/** @type {(() => void)[]} */ const waitingFiles = [];
/** @type {(() => void)[]} */ const waitingParts = [];
let filesRunning = 0;
let partsRunning = 0;

/**
 * @template T
 * @param {boolean} isPart or else a whole file
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withSlot(isPart, action) {
  await new Promise((/** @type {(value: void) => void} */ begin) => {
    (isPart ? waitingParts : waitingFiles).push(begin);
    beginNext();
  });
  try {
    return await action();
  } finally {
    isPart ? partsRunning-- : filesRunning--;
    beginNext();
  }
}

function beginNext() {
  while (filesRunning + partsRunning < PUTS_AT_ONCE) {
    const isPartsTurn = waitingFiles.length === 0 || partsRunning < PARTS_BESIDE_FILES;
    const part = isPartsTurn && partsRunning < pace.atOnce ? waitingParts.shift() : undefined;
    const file = part ? undefined : waitingFiles.shift();
    if (!part && !file) {
      return;
    }
    part ? partsRunning++ : filesRunning++;
    (part ?? file)?.();
  }
}
