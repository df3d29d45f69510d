/**
 * What OpenID Connect asks and answers, for a page: an authorization code with PKCE.
 * Source: OpenID Connect Core 1.0, RFC 7636 (PKCE)
 */

import { text } from './login_view.js';

/**
 * @typedef {{ issuer: string, client_id: string }} Config
 * @typedef {Record<string, any>} Claims
 * @typedef {{ access_token: string, id_token?: string, refresh_token?: string }} Tokens
 * @typedef {{ state: string, nonce: string, verifier: string }} Flow what was kept when the user went to the provider
 * @typedef {{ issuer: string, authorization_endpoint: string, token_endpoint: string, end_session_endpoint?: string,
 *   scopes_supported?: string[], authorization_response_iss_parameter_supported?: boolean }} Provider
 */

/** Where the page is, without what the provider puts behind it. */
export const here = location.origin + location.pathname;
/** How far clocks may be apart. */
const SKEW_SECONDS = 120;

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** @param {string | undefined} token @returns {Claims | null} null when it is no JWT */
export function claimsOf(token) {
  try {
    const text = atob((token ?? '').split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
  } catch {
    return null;
  }
}

/** @param {Claims | null} claims @param {string} client */
export function isFor(claims, client) {
  return [claims?.aud].flat().includes(client);
}

/**
 * The claims of an ID token. Its signature need not be looked at, for it came from the provider itself, over TLS (3.1.3.7).
 *
 * @param {string | undefined} token @param {Config} config @param {string} [nonce] none when it was renewed
 */
export function checked(token, { issuer, client_id }, nonce) {
  const claims = claimsOf(token);
  const wrong =
    claims?.iss !== issuer ? 'iss'
    : !isFor(claims, client_id) || (claims.azp ?? client_id) !== client_id ? 'aud'
    : !(claims.exp > Date.now() / 1000 - SKEW_SECONDS) ? 'exp'
    : (nonce ?? claims.nonce) !== claims.nonce ? 'nonce'
    : '';
  if (!claims || wrong) throw new Error(`${text('loginWrong')} (${wrong}).`);
  return claims;
}

/** @param {Config} config @returns {Promise<Provider>} */
export async function discover({ issuer }) {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).catch(() => null);
  if (!answer?.ok) throw new Error(text('loginUnreachable'));
  const provider = await answer.json();
  if (provider.issuer !== issuer) throw new Error(`${text('loginWrong')} (issuer).`);
  return provider;
}

/** Where the user goes, and what is kept meanwhile. @param {Config} config @param {Provider} provider @param {string} start */
export async function begin({ client_id }, provider, start) {
  const flow = { state: start + random(), nonce: random(), verifier: random() };
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(flow.verifier));
  const offline = provider.scopes_supported?.includes('offline_access') ? ' offline_access' : '';
  const url = new URL(provider.authorization_endpoint);
  const asked = {
    response_type: 'code',
    client_id,
    redirect_uri: here,
    scope: `openid profile${offline}`,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return { url, flow };
}

/**
 * @param {Provider} provider @param {Record<string, string>} form
 * @returns {Promise<Tokens | null>} null when it was refused
 */
export async function askForTokens({ token_endpoint }, form) {
  const answer = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams(form), redirect: 'error' });
  if (answer.ok) return answer.json();
  if (answer.status < 500 && answer.status !== 429) return null;
  throw new Error(text('loginUnreachable'));
}
