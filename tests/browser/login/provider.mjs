// An OpenID provider: provider.mjs MODULES LIFETIME KIND PAGE... . It says at which issuer, and lives until its input ends.
// MODULES: the folder with oidc-provider; LIFETIME: seconds that tokens live; KIND: of access tokens, opaque or jwt; PAGE: where a user may be sent back to.
// POST /forget: all refresh tokens are refused from then on. POST /claims: those of the token in the body, as API Gateway's JWT
// authorizer knows them, or 401.
import { createServer } from 'node:http';

const [modules, lifetime, kind, ...pages] = process.argv.slice(2);
const { Provider } = await import(`${modules}/oidc-provider/lib/index.js`);
const { createRemoteJWKSet, jwtVerify } = await import(`${modules}/jose/dist/webapi/index.js`);
const seconds = Number(lifetime);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const given = new Set();

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'upload-page',
      application_type: 'native', // which may be at http://127.0.0.1
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: pages,
      post_logout_redirect_uris: pages,
    },
  ],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `The user ${id}` }) }),
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name'] },
  scopes: ['openid', 'profile', 'offline_access'],
  issueRefreshToken: () => true,
  ttl: { AccessToken: seconds, IdToken: seconds, RefreshToken: 3600, Interaction: 600, Session: 600, Grant: 3600 },
  cookies: { keys: ['only-the-tests-have-this-one'] },
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: kind === 'jwt',
      defaultResource: () => 'https://api.example.com',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'openid', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));

// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
async function claimsOf(token) {
  const { payload } = await jwtVerify(token, keys, { issuer });
  if (![payload.aud, payload.client_id].flat().includes('upload-page')) throw new Error('for another');
  return payload;
}

provider.on('refresh_token.saved', (token) => given.add(token));
provider.use(async (context, next) => {
  if (context.path === '/forget') {
    await Promise.all([...given].map((token) => token.destroy()));
    context.status = 204;
  } else if (context.path === '/claims') {
    const body = (await context.req.toArray()).join('');
    context.body = await claimsOf(body).catch(() => null);
    context.status = context.body ? 200 : 401;
  } else {
    await next();
  }
});
server.on('request', provider.callback());
console.log(issuer);
process.stdin.resume().on('end', () => process.exit());
