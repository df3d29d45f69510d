/** What the page's function lets in, and what all uploads are started with. */

/**
 * What page.json tells; what has no rule is absent.
 *
 * @typedef {object} Limits
 * @property {string[]} [types]
 * @property {number} [max_bytes]
 * @property {boolean} [downloads]
 * @property {import('./oidc.js').Config} [login] who the user must be known to
 */

export const settings = {
  /** @type {Limits} */ limits: {},
  /** @type {import('countersign').UploadOptions} */ options: {},
};

/** @type {() => void} */ export let start = () => {};
/** When all that the page needs is there: what is dropped earlier waits. @type {Promise<void>} */
export const ready = new Promise((resolve) => {
  start = resolve;
});

/** An older function has no page.json. */
export async function askLimits() {
  try {
    const response = await fetch('page.json', { signal: AbortSignal.timeout(10_000) });
    if (response.ok) settings.limits = await response.json();
  } catch {
    // What can't be taken is then said when it is tried.
  }
}
