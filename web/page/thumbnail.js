/** Small pictures of images, drawn when they come into sight, one at a time, so that few are in memory at once. */

const FILE_MAX_BYTES = 8_000_000;
const SIDE_PIXELS = 96;
const TYPES = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

/** @type {WeakMap<Element, { canvas: HTMLCanvasElement, file: File }>} */ const waiting = new WeakMap();
let last = Promise.resolve();

const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    const found = waiting.get(target);
    if (!isIntersecting || !found) continue;
    sight.unobserve(target);
    last = last.then(() => draw(found.canvas, found.file)).catch(() => {}); // what is no image has no picture
  }
});

/** @param {Element} card @param {HTMLCanvasElement} canvas @param {File} file */
export function showThumbnail(card, canvas, file) {
  if (!TYPES.test(file.type) || file.size > FILE_MAX_BYTES) return;
  waiting.set(card, { canvas, file });
  sight.observe(card);
}

/** @param {HTMLCanvasElement} canvas @param {File} file */
async function draw(canvas, file) {
  if (!canvas.isConnected) return;
  const bitmap = await createImageBitmap(file, { resizeWidth: SIDE_PIXELS, resizeQuality: 'medium' });
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  canvas.hidden = false;
}
