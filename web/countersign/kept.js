/** What is kept in IndexedDB. Where that does not work nothing is, and nobody is bothered. */

const NAME = 'countersign';
const STORE = 'uploads';
const WAIT_MAX_SECONDS = 5;
/** An upload's sealed id lives so long. */
const KEPT_MAX_MS = 7 * 24 * 3600 * 1000;

let works = true;
/** @type {Promise<any>} */ let last = Promise.resolve();

/**
 * One after the other, in the order asked.
 *
 * @template T
 * @param {(store: IDBObjectStore) => IDBRequest<T>} action
 * @returns {Promise<T | undefined>}
 */
function inStore(action) {
  last = last.then(() => (works ? limited(transact(action)) : undefined));
  return last;
}

/** @param {import('./types.js').Kept} kept */
export async function keep(kept) {
  return (await inStore((store) => store.put(kept))) !== undefined;
}

/** @param {string} id */
export async function forget(id) {
  await inStore((store) => store.delete(id));
}

/** @returns {Promise<import('./types.js').Kept[]>} all but those that are too old, which go */
export async function allKept() {
  /** @type {import('./types.js').Kept[]} */ const all = (await inStore((store) => store.getAll())) ?? [];
  return all.filter(({ id, startedAt }) => Date.now() < startedAt + KEPT_MAX_MS || void forget(id));
}

/**
 * @template T
 * @param {(store: IDBObjectStore) => IDBRequest<T>} action
 */
async function transact(action) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'id' });
  await new Promise((resolve, reject) => {
    opening.onsuccess = resolve;
    opening.onerror = reject;
  });
  try {
    const transaction = opening.result.transaction(STORE, 'readwrite');
    const request = action(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
    });
    return request.result;
  } finally {
    opening.result.close(); // other tabs may want it gone
  }
}

/**
 * A database may hang, too.
 *
 * @template T
 * @param {Promise<T>} done
 * @returns {Promise<T | undefined>}
 */
function limited(done) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      works = false;
      resolve(undefined);
    }, WAIT_MAX_SECONDS * 1000);
    done.catch(() => undefined).then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
