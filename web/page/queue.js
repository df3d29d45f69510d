/** Which files are under way. The module sends them in its own order: this only limits how many it looks at. */

const AT_ONCE = 100;

/** @typedef {{ run(): Promise<void>, paused: boolean }} Run */

/** @type {Set<Run>} in their order */ const waiting = new Set();
/** @type {Set<Run>} */ const running = new Set();
let paused = 0;

/** @param {Run} row */
export function queue(row) {
  waiting.add(row);
  startNext();
}

/** @param {Run} row */
export function leave(row) {
  waiting.delete(row);
  if (running.delete(row)) {
    if (row.paused) paused--;
    startNext();
  }
}

/** One that is under way: paused ones need no connection. @param {boolean} isPaused */
export function pausedOne(isPaused) {
  paused += isPaused ? 1 : -1;
  startNext();
}

function startNext() {
  for (const row of waiting) {
    if (running.size - paused >= AT_ONCE) return;
    waiting.delete(row);
    running.add(row);
    row.run().finally(() => leave(row));
  }
}

addEventListener('beforeunload', (event) => {
  if (running.size > 0) event.preventDefault();
});
