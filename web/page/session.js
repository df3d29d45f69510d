/** A user who is signed in: the tokens, which are in memory and nowhere else. Source: RFC 9207 (iss) */

import { offer, text } from './login_view.js';
import { askForTokens, begin, checked, claimsOf, discover, here, isFor } from './oidc.js';

/** @typedef {import('./oidc.js').Claims} Claims */
/** @typedef {import('./oidc.js').Config} Config */
/** @typedef {import('./oidc.js').Flow} Flow */
/** @typedef {import('./oidc.js').Provider} Provider */
/** @typedef {import('./oidc.js').Tokens} Tokens */

/** What is kept while the user is at the provider, and the channel to the window beside the page. */
export const KEPT = 'countersign.login';
/** The state begins so when a page that has files signs in again, in a window beside it. */
export const AGAIN = 'again.';
/** How long before its end a token is renewed. */
const EARLY_SECONDS = 30;
const PAUSE_SECONDS = 3;

/** The code of the provider's answer becomes tokens. @param {Config} config @param {Flow} flow @param {URLSearchParams} answer */
export async function finish(config, flow, answer) {
  const provider = await discover(config);
  const issuer = answer.get('iss');
  if (issuer === null ? provider.authorization_response_iss_parameter_supported : issuer !== config.issuer) {
    throw new Error(`${text('loginWrong')} (iss).`);
  }
  const code = answer.get('code');
  if (code === null) throw new Error(`${text('notSignedIn')} (${answer.get('error')}).`);
  const { client_id } = config;
  const form = { grant_type: 'authorization_code', code, client_id, redirect_uri: here, code_verifier: flow.verifier };
  const tokens = await askForTokens(provider, form);
  if (!tokens) throw new Error(`${text('notSignedIn')}.`);
  return new Session(config, provider, tokens, checked(tokens.id_token, config, flow.nonce));
}

export class Session {
  #config;
  #provider;
  #tokens;
  #claims;
  #bearer = '';
  #staleAt = 0;
  /** @type {Promise<void> | null} */ #renewing = null;

  /** @param {Config} config @param {Provider} provider @param {Tokens} tokens @param {Claims} claims */
  constructor(config, provider, tokens, claims) {
    this.#config = config;
    this.#provider = provider;
    this.#tokens = tokens;
    this.#claims = claims;
    this.#take(tokens);
  }

  get name() {
    const { name, preferred_username, email, sub } = this.#claims;
    return String(name ?? preferred_username ?? email ?? this.#claims['cognito:username'] ?? sub);
  }

  /** For the API alone. */
  async headers() {
    if (Date.now() >= this.#staleAt) {
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
    return { Authorization: `Bearer ${this.#bearer}` };
  }

  signOut() {
    const { end_session_endpoint } = this.#provider;
    const url = new URL(end_session_endpoint ?? here);
    if (end_session_endpoint) {
      const { client_id } = this.#config;
      // The last one is for Amazon Cognito, which knows no other.
      const asked = { client_id, id_token_hint: this.#tokens.id_token ?? '', post_logout_redirect_uri: here, logout_uri: here };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    }
    location.assign(url);
  }

  /**
   * An authorizer that was told the page's client id takes the access token where that names it (Amazon Cognito); elsewhere
   * that one may be for another API, or no JWT at all, and the ID token is the one that does.
   *
   * @param {Tokens} tokens
   */
  #take(tokens) {
    const { client_id } = this.#config;
    const access = claimsOf(tokens.access_token);
    const fits = access && (access.client_id === client_id || isFor(access, client_id));
    const { exp, iat } = (fits ? access : claimsOf(tokens.id_token)) ?? {};
    this.#bearer = fits ? tokens.access_token : tokens.id_token ?? '';
    this.#tokens = { ...this.#tokens, ...tokens };
    this.#staleAt = Date.now() + ((exp - iat || 0) - EARLY_SECONDS) * 1000;
  }

  /** Waits for a network that is gone; what waits for the token does so, too. */
  async #renew() {
    const { refresh_token } = this.#tokens;
    const form = { grant_type: 'refresh_token', refresh_token: refresh_token ?? '', client_id: this.#config.client_id };
    while (refresh_token) {
      try {
        const tokens = await askForTokens(this.#provider, form);
        if (!tokens) break;
        if (tokens.id_token) this.#isSame(checked(tokens.id_token, this.#config));
        this.#take(tokens);
        if (this.#bearer) return;
        break;
      } catch {
        await new Promise((take) => setTimeout(take, PAUSE_SECONDS * 1000));
      }
    }
    await this.#signInAgain();
  }

  /** @param {Claims} claims */
  #isSame(claims) {
    if (claims.sub !== this.#claims.sub) throw new Error(text('anotherUser'));
  }

  /** In a window beside the page, which so keeps its files. */
  async #signInAgain() {
    for (let said = text('signInAgain'); ; ) {
      try {
        const { url, flow } = await begin(this.#config, this.#provider, AGAIN);
        const shown = offer(said, () => open(url, '_blank', 'popup,width=480,height=640'));
        const answer = await answerTo(flow);
        shown.remove();
        const session = await finish(this.#config, flow, answer);
        this.#isSame(session.#claims);
        this.#take(session.#tokens);
        return;
      } catch (error) {
        said = messageOf(error);
      }
    }
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** What the window beside this one hears of the provider. @param {Flow} flow @returns {Promise<URLSearchParams>} */
function answerTo({ state }) {
  const channel = new BroadcastChannel(KEPT);
  return new Promise((take) => {
    channel.onmessage = ({ data }) => {
      const answer = new URLSearchParams(String(data));
      if (answer.get('state') !== state) return;
      channel.close();
      take(answer);
    };
  });
}
