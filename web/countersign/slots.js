/** How many requests to S3 are under way at once. */

/** Browsers open six connections to a host. */
const PUTS_AT_ONCE = 6;

/** Below 0: so many wait. */
let freeSlots = PUTS_AT_ONCE;
/** @type {(() => void)[]} */ const waitingForSlot = [];

/**
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withSlot(action) {
  if (--freeSlots < 0) {
    await new Promise((/** @type {(value: void) => void} */ resolve) => waitingForSlot.push(resolve));
  }
  try {
    return await action();
  } finally {
    freeSlots++;
    waitingForSlot.shift()?.();
  }
}
