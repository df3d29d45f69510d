/** One upload in the list. */

import { Upload, UploadError } from 'countersign';
import { Rate } from '../hooks/rate.js';
import { Card } from './card.js';
import { copyLink } from './link.js';
import { moved } from './overall.js';
import { announce } from './elements.js';
import { leave, pausedOne, queue } from './queue.js';
import { settings } from './settings.js';
import { howFast, size, text } from './text.js';
import { showThumbnail } from './thumbnail.js';
import { inPlainWords, whileRetrying } from './words.js';

const SHOW_EACH_SECONDS = 0.25;

/**
 * @typedef {object} Source
 * @property {File} file
 * @property {string} [path] in the folder that it came with
 * @property {Promise<FileSystemFileHandle | null> | FileSystemFileHandle} [handle] by which it is found after a reload
 */

export class Row extends Card {
  #abort = new AbortController();
  #rate = new Rate();
  #shownAt = 0;
  #sentBytes = 0;
  /** The bar does not fall below it in a pause, which takes back what of a part was sent. */ #keptBytes = 0;
  /** @type {Upload | null} */ #upload = null;

  /** @param {Source} source */
  constructor({ file, path, handle }) {
    super(path ?? file.name);
    this.file = file;
    this.path = path;
    this.handle = handle;
    this.pause = this.button('.pause', 'pause', () => this.#togglePause());
    this.retry = this.button('.retry', 'retry', () => {
      this.cancel.focus(); // its own button is about to go
      this.start();
    });
    showThumbnail(this.element, this.find('canvas', HTMLCanvasElement), file);
  }

  get paused() {
    return this.#upload?.paused ?? false;
  }

  start() {
    this.is('waiting');
    this.retry.hidden = true;
    this.label(this.cancel, 'cancel');
    this.show(text('waiting'));
    moved(0, this.file.size);
    queue(this);
  }

  async run() {
    this.is('running');
    this.#rate = new Rate();
    try {
      this.#upload ??= await this.#make();
      this.#stored(await this.#upload.start());
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.retry.hidden = !(error instanceof UploadError && error.retryable);
      this.#leaveTotals();
      this.#end('failed', inPlainWords(error, this.file));
    }
  }

  async #make() {
    const { path } = this;
    const handle = await this.handle;
    return new Upload(this.file, {
      ...settings.options,
      signal: this.#abort.signal,
      ...(path && { name: path, metadata: { path } }),
      ...(handle && { handle }),
      onProgress: (progress) => this.#progressed(progress),
      onRetry: (error) => this.show(whileRetrying(error)),
    });
  }

  /** @param {import('countersign').Stored} stored */
  #stored({ key, unproven }) {
    this.bar.value = 1;
    moved(this.file.size - this.#sentBytes, 0);
    this.#sentBytes = 0;
    const details = this.find('details', HTMLElement);
    details.hidden = false;
    this.label(this.find('summary', HTMLElement), 'details');
    this.find('.key', HTMLElement).textContent = text('storedAs', { key });
    if (settings.limits.downloads && navigator.clipboard) {
      const copy = this.button('.copy', 'copy', async () => {
        const said = text(await copyLink(key).then(() => 'copied', () => 'notCopied'));
        this.show(said);
        announce(`${this.name}: ${said}`);
      });
      copy.hidden = false;
    }
    const why = unproven && inPlainWords(unproven, this.file);
    this.#end('stored', why ? text('unproven', { why }) : text('stored'));
  }

  /** @param {import('./overall.js').State} state @param {string} said */
  #end(state, said) {
    if (document.activeElement === this.pause) this.cancel.focus();
    this.pause.hidden = true;
    this.#keptBytes = 0;
    this.finish(state, said);
  }

  #leaveTotals() {
    moved(-this.#sentBytes, -this.file.size);
    this.#sentBytes = 0;
  }

  /** @param {import('countersign').Progress} progress */
  #progressed({ sentBytes, totalBytes }) {
    if (this.paused) return;
    if (sentBytes >= this.#keptBytes) this.#keptBytes = 0;
    const sent = this.#keptBytes || sentBytes;
    moved(sent - this.#sentBytes, 0);
    this.#sentBytes = sent;
    this.bar.value = totalBytes ? sent / totalBytes : 0;
    this.pause.hidden = !this.#upload?.inParts;
    const now = performance.now();
    if (now - this.#shownAt < SHOW_EACH_SECONDS * 1000) return;
    this.#shownAt = now;
    this.#rate.add(sentBytes);
    const progress = text('progress', { sent: size(sent), total: size(totalBytes) });
    this.show([progress, ...howFast(this.#rate.perSecond, totalBytes - sent)].join(', '));
  }

  #togglePause() {
    if (this.paused) {
      this.#upload?.resume();
      this.#rate = new Rate();
      this.label(this.pause, 'pause');
      this.show(text('resuming'));
    } else {
      this.#keptBytes = this.#sentBytes;
      this.#upload?.pause();
      this.label(this.pause, 'resume');
      this.show(text('paused'));
    }
    pausedOne(this.paused);
    announce(`${this.name}: ${this.state.textContent}`);
  }

  /** @override */
  takeOff() {
    leave(this); // giving it up ends a pause
    this.#abort.abort();
    if (['waiting', 'running'].includes(this.element.className)) this.#leaveTotals();
    super.takeOff();
  }
}
