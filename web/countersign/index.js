/*!
 * Uploads files from a browser straight to S3, with requests that Countersign signs.
 *
 *     import { upload } from './countersign.js';
 *     const { key } = await upload(file, { endpoint: 'https://api.example.com/' });
 *
 * What breaks off is tried again, but a file never ends under two keys.
 */

export { UploadError } from './error.js';
export { unfinished } from './memory.js';
export { Upload, upload } from './upload.js';

/** @typedef {import('./types.js').Progress} Progress */
/** @typedef {import('./types.js').Stored} Stored */
/** @typedef {import('./types.js').Unfinished} Unfinished */
/** @typedef {import('./types.js').UploadOptions} UploadOptions */
