/** Uploads that an earlier visit began, and that wait for their file. */

/** @typedef {import('countersign').Unfinished} Unfinished */

/** @type {Map<Unfinished, () => void>} with what takes it off the page */ const begun = new Map();

/** @param {Unfinished} upload @param {() => void} hide */
export function wait(upload, hide) {
  begun.set(upload, hide);
}

/** @param {Unfinished} upload that waits no more */
export function settle(upload) {
  begun.get(upload)?.();
  begun.delete(upload);
}

/**
 * The one that goes on with this file, if it came by itself or with the same path.
 *
 * @param {File} file
 * @param {string} [path]
 */
export async function begunWith(file, path) {
  for (const upload of begun.keys()) {
    const isHere = [undefined, upload.metadata.path].includes(path);
    if (isHere && upload.size === file.size && (await upload.fits(file))) return upload;
  }
}
