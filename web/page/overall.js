/** What the page says of all files together. Each change is counted: nothing looks through a thousand rows. */

import { Rate } from '../hooks/rate.js';
import { announce, find, input } from './elements.js';
import { howFast, text } from './text.js';

/** @typedef {'' | 'waiting' | 'running' | 'stored' | 'failed'} State */
/** @typedef {{ takeOff(): void, element: Element }} Card */

/** With more than so many nobody wants to hear of each. */
const TOLD_MAX = 10;
const SHOW_EACH_SECONDS = 0.25;

const box = find(document, '#overall', HTMLElement);
const line = find(box, 'p', HTMLElement);
const clearButton = find(box, 'button', HTMLButtonElement);

/** @type {Set<Card>} */ const cards = new Set();
/** @type {Record<State, number>} */ const counts = { '': 0, waiting: 0, running: 0, stored: 0, failed: 0 };
let sentBytes = 0;
let totalBytes = 0;
let speed = new Rate();
let willShow = false;

/** @param {Card} card */
export function added(card) {
  cards.add(card);
  counts['']++;
  showSoon();
}

/** @param {Card} card @param {State} state */
export function removed(card, state) {
  cards.delete(card);
  counts[state]--;
  showSoon();
}

/** @param {State} before @param {State} state */
export function became(before, state) {
  counts[before]--;
  counts[state]++;
  showSoon();
}

/** @param {number} sent @param {number} total how many bytes more than before */
export function moved(sent, total) {
  sentBytes += sent;
  totalBytes += total;
  showSoon();
}

/** @param {string} name @param {State} state @param {string} said */
export function tell(name, state, said) {
  if (cards.size <= TOLD_MAX || state === 'failed') announce(`${name}: ${said}`);
  else if (isOver()) announce(summary());
}

const isOver = () => counts.waiting + counts.running === 0;

/** Not for each of many changes. */
function showSoon() {
  if (willShow) return;
  willShow = true;
  setTimeout(() => {
    willShow = false;
    show();
  }, SHOW_EACH_SECONDS * 1000);
}

function show() {
  box.hidden = cards.size < 2;
  clearButton.hidden = counts.stored === 0;
  speed.add(sentBytes);
  if (isOver()) {
    speed = new Rate();
    sentBytes = totalBytes = 0;
  }
  line.textContent = [summary(), ...howFast(speed.perSecond, totalBytes - sentBytes)].join(', ');
}

function summary() {
  const stored = text('overall', { stored: counts.stored, count: cards.size });
  return [stored, ...(counts.failed ? [text('failed', { count: counts.failed })] : [])].join(', ');
}

clearButton.addEventListener('click', () => {
  for (const card of cards) if (card.element.className === 'stored') card.takeOff();
  show();
  announce(line.textContent ?? '');
  input.focus();
});
