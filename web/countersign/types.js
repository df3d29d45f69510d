/** The types that the modules share; there is no code here. */

/**
 * @typedef {object} Progress
 * @property {number} sentBytes it falls when something is sent again
 * @property {number} totalBytes
 */

/** @typedef {Record<string, string>} Headers */

/**
 * @typedef {object} UploadOptions
 * @property {string | URL} [endpoint] the service's URL; where the page is, by default
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(error: import('./error.js').UploadError) => void} [onRetry] it will be tried again
 * @property {AbortSignal} [signal] gives the upload up
 * @property {Headers | (() => Headers | Promise<Headers>)} [headers] for the service, such as Authorization; not for S3.
 *   A function is asked for them before each request
 * @property {RequestCredentials} [credentials] `include`: cookies for a service of another origin
 * @property {string} [name] such as its path in a folder; its own by default
 * @property {Record<string, string>} [metadata] of the object
 * @property {number} [multipartFromBytes=16777216] from this size on in parts
 * @property {boolean} [resume=true] an upload in parts outlives the page
 * @property {FileSystemFileHandle} [handle] of the file, to be kept for `unfinished`
 * @property {number} [stallSeconds=300] how long no byte may move
 * @property {number} [answerSeconds=180] how long S3's answer may take
 * @property {number} [answerBytesPerSecond=5000] size / this is added
 */

/**
 * @typedef {object} Stored
 * @property {string} key
 * @property {string | null} etag null for an upload in parts, and when S3's answer was lost
 * @property {string | null} [receipt] proof for the app, where receipts are on; null: none came
 * @property {import('./error.js').UploadError} [unproven] why; start() asks again, and sends nothing again
 */

/**
 * What S3 has of a file, before the service has proved it.
 *
 * @typedef {Stored & { granted?: string }} Sent `granted`: the receipt of what was allowed
 */

/**
 * A request to S3 with a file or part in it.
 *
 * @typedef {object} Signed
 * @property {string} key
 * @property {string} method
 * @property {string} url
 * @property {Headers} headers
 * @property {Record<string, string>} [fields] of a form, which has the file behind them
 * @property {string} [receipt] of what was allowed
 * @property {number} staleAt from when on it is not used, in milliseconds
 */
/** @typedef {{ key: string, receipt?: string, uploadId: string, checksum?: string, partSize: number }} Multipart */

/** @typedef {{ PartNumber: number, ETag: string }} Part */

/** @typedef {{ endpoint: string, name: string, metadata: Record<string, string> }} Place where a file goes to, and how */

/**
 * What IndexedDB has of an upload in parts. No header, token or URL.
 *
 * @typedef {object} About
 * @property {string} id the fingerprint
 * @property {string} type
 * @property {number} size
 * @property {number} startedAt
 * @property {number} storedBytes
 * @property {FileSystemFileHandle} [handle]
 * @property {Part[]} [parts] were asked to be joined
 * @property {Sent} [sent] for tabs that wait for it
 *
 * @typedef {Multipart & Place & About} Kept
 */

/**
 * @typedef {object} Unfinished
 * @property {string} id
 * @property {string} name as the service was told it
 * @property {Record<string, string>} metadata
 * @property {string} type
 * @property {number} size
 * @property {number} storedBytes
 * @property {number} startedAt
 * @property {FileSystemFileHandle} [handle] if one was given
 * @property {(file: File) => Promise<boolean>} fits whether an upload of it, by this name and metadata, goes on with this
 * @property {() => Promise<void>} forget and delete the parts
 */

/**
 * What the modules share of one upload.
 *
 * @typedef {object} Job
 * @property {File} file
 * @property {UploadOptions} options
 * @property {import('./service.js').Service} service
 * @property {import('./retry.js').Tries} tries
 * @property {import('./progress.js').Sending} sending
 */

export {};
