/**
 * SHA-256 in base64.
 *
 * @param {Blob} blob
 */
export async function digestOf(blob) {
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
