/** Makes SHA-256 checksums for countersign.js, away from the page's own thread. */

import { digestOf } from './countersign/digest.js';

addEventListener('message', async ({ data: { job, blob } }) => {
  postMessage({ job, sha256: await digestOf(blob).catch(() => null) });
});
