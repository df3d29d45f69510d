/** Makes SHA-256 checksums for countersign.js, away from the page's own thread. */

/** @param {ArrayBuffer} buffer */
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

addEventListener('message', async ({ data: { job, blob } }) => {
  try {
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    postMessage({ job, sha256: base64(digest) });
  } catch {
    postMessage({ job, sha256: null });
  }
});
