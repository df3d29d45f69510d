// A Lambda authorizer for an HTTP API (payload 2.0, simple responses): who calls is whom a session cookie stands for.
//
// The sessions are in a DynamoDB table. SESSIONS_TABLE has its name, SESSION_COOKIE that of the cookie ("session" by
// default); the function's role needs dynamodb:GetItem on the table. An item has
//
//   id          text, the key: the cookie's value
//   user        text: who it is, which becomes the claim sub
//   expires_at  number: when it ends, in Unix seconds
//   limits      map, if this user may upload less than others: max_bytes and expires_seconds (numbers), types and
//               profiles (texts with commas between, or lists of texts)
//
// Whoever has no session is not let in. Where nobody can tell, for the table does not answer or an item is not as
// above, the function fails, and API Gateway lets nobody in either (500).

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const TABLE = process.env.SESSIONS_TABLE;
const COOKIE = process.env.SESSION_COOKIE || 'session';
const DYNAMODB = new DynamoDBClient({ maxAttempts: 2 });
// Shorter than API Gateway waits for an authorizer, which is ten seconds.
const TABLE_MILLISECONDS = 5000;
const NOBODY = { isAuthorized: false };

export async function handler(event) {
  const session = sessionOf(event);
  if (session === null) {
    return NOBODY;
  }
  // Consistent: who has signed out a moment ago is not let in.
  const asked = new GetItemCommand({ TableName: TABLE, Key: { id: { S: session } }, ConsistentRead: true });
  const { Item: item } = await DYNAMODB.send(asked, { abortSignal: AbortSignal.timeout(TABLE_MILLISECONDS) });
  // DynamoDB deletes what has expired, but only some time later. NaN is no time to come.
  if (item === undefined || !(Number(item.expires_at.N) > Date.now() / 1000)) {
    return NOBODY;
  }
  return { isAuthorized: true, context: contextOf(item) };
}

// The cookie's value; null without one that can be a session's. Of two cookies with the name, which a page on another
// host of the domain can see to, neither counts.
function sessionOf(event) {
  const headers = event.cookies?.length ? event.cookies : [event.headers?.cookie ?? ''];
  const values = headers
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE}=`))
    .map((pair) => pair.slice(COOKIE.length + 1));
  return values.length === 1 && /^[A-Za-z0-9_-]{16,256}$/.test(values[0]) ? values[0] : null;
}

// What the upload service hears of the caller. A limit that has no meaning is an error, and no limit left out.
function contextOf(item) {
  const context = { sub: text(item.user) };
  const limits = item.limits ?? { M: {} };
  // Of another kind than a map it has no M, which throws.
  for (const [name, value] of Object.entries(limits.M)) {
    if (!Object.hasOwn(LIMITS, name)) {
      throw new Error(`there is no limit ${name}`);
    }
    const [claim, read] = LIMITS[name];
    context[claim] = read(value);
  }
  return context;
}

function text(value) {
  if (typeof value?.S !== 'string' || value.S === '') {
    throw new Error('a text is missing or empty');
  }
  return value.S;
}

function number(value) {
  if (!/^[1-9][0-9]{0,14}$/.test(value.N)) {
    throw new Error('a limit is no whole number from 1 on');
  }
  return Number(value.N);
}

function texts(value) {
  const listed = [...(value.L ?? []).map(text), ...(value.SS ?? [])];
  return listed.length > 0 ? listed.join(',') : text(value);
}

const LIMITS = {
  max_bytes: ['uploadMaxBytes', number],
  expires_seconds: ['uploadExpiresSeconds', number],
  types: ['uploadTypes', texts],
  profiles: ['uploadProfiles', texts],
};
