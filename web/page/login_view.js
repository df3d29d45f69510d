/** What the page shows of the login. */

/** @typedef {(key: import('./text.js').Key) => string} Say */

/** @type {Say} */ export let text = (key) => key;

/** The page's texts, in its language. @param {Say} say */
export function use(say) {
  text = say;
}

/** @param {string} words @param {...HTMLElement} more */
function shown(words, ...more) {
  const box = document.createElement('div');
  box.className = 'login';
  const said = document.createElement('p');
  said.role = 'status';
  said.textContent = words;
  box.append(said, ...more);
  document.querySelector('h1')?.after(box);
  return box;
}

/** @param {string} words @param {() => void} action */
function button(words, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = words;
  made.addEventListener('click', action);
  return made;
}

/** @param {string} words @param {() => void} signIn @returns {{ remove: () => void }} */
export function offer(words, signIn) {
  return shown(words, button(text('signIn'), signIn));
}

/** @param {string} words */
export function tell(words) {
  shown(words);
}

/** @param {string} name @param {() => void} signOut */
export function greet(name, signOut) {
  shown(name, button(text('signOut'), signOut));
}
