/** A list of uploads, each made to do what a test says, at the time that it says. */

import { mock } from 'node:test';
import { Uploads } from '../../web/hooks/store.js';

/** What stands for Upload: it has its shape, and no network. */
export class Told {
  paused = false;
  inParts = true;
  starts = 0;

  constructor(file, options) {
    this.file = file;
    this.options = options;
  }

  start() {
    this.starts++;
    return new Promise((resolve, reject) => {
      this.store = resolve;
      this.fail = reject;
      this.options.signal.addEventListener('abort', () => reject(this.options.signal.reason));
    });
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
  }

  progress(sentBytes) {
    this.options.onProgress({ sentBytes, totalBytes: this.file.size });
  }
}

/** @param {object} [options] of the list */
export function list(options) {
  /** @type {Told[]} */ const made = [];
  const uploads = new Uploads(options, (file, own) => {
    made.push(new Told(file, own));
    return made.at(-1);
  });
  return { uploads, made, items: uploads.getSnapshot };
}

/** @param {number} [size] */
export function file(size = 1000, name = 'cat.png') {
  return new File([new Uint8Array(size)], name, { type: 'image/png' });
}

/** The time stands still, but for what `pass` lets pass. */
export function clock() {
  let nowMs = 1000;
  mock.method(performance, 'now', () => nowMs);
  mock.timers.enable({ apis: ['setTimeout'] });
  return {
    pass(/** @type {number} */ seconds) {
      nowMs += seconds * 1000;
      mock.timers.tick(seconds * 1000);
    },
  };
}

/** What is under way in promises comes to its end. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}
