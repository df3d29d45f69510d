// What a page without any library does: ask for a URL, and send the file with the
// headers of the reply.

async function sha256(file) {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

async function ask(api, fields, method) {
  if (method === 'GET') return fetch(`${api}/signed_url?${new URLSearchParams(fields)}`);
  return fetch(`${api}/signed_url`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
}

export async function upload(api, { declare = [], method = 'GET', otherBytes = null }) {
  const [file] = window.input().files;
  const fields = { file_name: file.name, file_type: file.type };
  if (declare.includes('size')) fields.size = file.size;
  if (declare.includes('sha256')) fields.sha256 = await sha256(file);
  let reply;
  try {
    reply = await ask(api, fields, method);
  } catch (error) {
    return { asked: null, error: String(error) };
  }
  const said = await reply.json();
  if (!reply.ok) return { asked: reply.status, error: said.message };
  const { url, headers, key } = said;
  const body = otherBytes === null ? file : new Blob([otherBytes]);
  const sent = await fetch(url, { method: said.method, headers, body });
  const etag = sent.headers.get('ETag');
  return { asked: reply.status, sent: sent.status, etag, key, text: await sent.text() };
}
