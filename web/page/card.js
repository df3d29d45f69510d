/** What the list has of one file, or of a folder that can't be taken. */

import * as overall from './overall.js';
import { announce, button, find, input, label, uploads } from './elements.js';
import { text } from './text.js';

const template = find(document, '#upload', HTMLTemplateElement);

export class Card {
  /** @type {overall.State} */ #state = '';

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.element = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    this.bar = this.find('progress', HTMLProgressElement);
    this.state = this.find('.state', HTMLElement);
    this.find('.name', HTMLElement).textContent = name;
    this.bar.ariaLabel = text('progressOf', { name });
    this.cancel = this.button('.cancel', 'cancel', () => this.remove());
    uploads.append(this.element);
    overall.added(this);
  }

  /** @param {overall.State} state @param {string} said */
  finish(state, said) {
    this.is(state);
    this.show(said);
    this.label(this.cancel, 'remove');
    overall.tell(this.name, state, said);
  }

  remove() {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    /** @type {HTMLElement | null | undefined} */ const nearest = next?.querySelector('.cancel');
    this.takeOff();
    announce(`${this.name}: ${text('removed')}`);
    (nearest ?? input).focus();
  }

  takeOff() {
    this.element.remove();
    overall.removed(this, this.#state);
  }

  /** @param {overall.State} state */
  is(state) {
    overall.became(this.#state, state);
    this.#state = state;
    this.element.className = state;
  }

  /** @param {string} said */
  show(said) {
    this.state.textContent = said;
  }

  /** @param {HTMLElement} button @param {import('./text.js').Key} key */
  label(button, key) {
    label(button, key, this.name);
  }

  /**
   * @template {HTMLElement} T
   * @param {string} selector @param {new () => T} kind
   */
  find(selector, kind) {
    return find(this.element, selector, kind);
  }

  /** @param {string} selector @param {import('./text.js').Key} key @param {() => void} action */
  button(selector, key, action) {
    return button(this.element, selector, key, this.name, action);
  }
}

/** What can't be taken. @param {string} name @param {string} why */
export function refuse(name, why) {
  const card = new Card(name);
  card.bar.hidden = true;
  card.finish('failed', why);
}
