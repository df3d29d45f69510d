/**
 * Signs the page's user in by OpenID Connect: an authorization code with PKCE. Loaded only where a login is configured.
 *
 * Tokens are in memory and nowhere else: a page that is loaded again signs in again, mostly without a question, for the
 * provider knows its user.
 */

import { greet, offer, tell, text, use } from './login_view.js';
import { begin, discover, here } from './oidc.js';
import { AGAIN, finish, KEPT, messageOf } from './session.js';

/** @typedef {import('./oidc.js').Config} Config */
/** @typedef {import('./oidc.js').Flow} Flow */
/** @typedef {import('./session.js').Session} Session */

/** The provider's answer, if the page was loaded with one. It goes out of the URL at once. */
function takeAnswer() {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state') || !(answer.has('code') || answer.has('error'))) return null;
  history.replaceState(null, '', here);
  return answer;
}

/** @param {URLSearchParams} answer @returns {Flow} */
function takeFlow(answer) {
  const flow = JSON.parse(sessionStorage.getItem(KEPT) ?? '{}');
  sessionStorage.removeItem(KEPT);
  if (flow.state !== answer.get('state')) throw new Error(text('loginNotHere'));
  return flow;
}

/** @param {Config} config @returns {Promise<never>} for the page is left */
async function leave(config) {
  const { url, flow } = await begin(config, await discover(config), '');
  sessionStorage.setItem(KEPT, JSON.stringify(flow));
  location.assign(url);
  return new Promise(() => {});
}

/**
 * @param {Config} config
 * @param {import('./login_view.js').Say} say a text of the page
 * @returns {Promise<Session>} when the user is signed in
 */
export async function signIn(config, say) {
  use(say);
  const answer = takeAnswer();
  let said = text('signInFirst');
  if (answer?.get('state')?.startsWith(AGAIN)) {
    new BroadcastChannel(KEPT).postMessage(String(answer));
    close();
    tell(text('closeWindow'));
    return new Promise(() => {});
  }
  try {
    if (answer) {
      const session = await finish(config, takeFlow(answer), answer);
      greet(session.name, () => session.signOut());
      return session;
    }
  } catch (error) {
    said = messageOf(error);
  }
  for (;;) {
    try {
      await new Promise((take) => {
        const shown = offer(said, () => take(shown.remove()));
      });
      await leave(config);
    } catch (error) {
      said = messageOf(error);
    }
  }
}
