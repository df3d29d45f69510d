import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import Dashboard from '@uppy/dashboard';
import '@uppy/core/css/style.min.css';
import '@uppy/dashboard/css/style.min.css';

const api = import.meta.env.VITE_API;

// What the codes are for your users. What is not here is told in the service's own words.
const WORDS = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

async function signRequest(request) {
  const headers = { 'content-type': 'application/json' }; // and authorization, with an authorizer
  const reply = await fetch(`${api}/sign`, { method: 'POST', headers, body: JSON.stringify(request) });
  const signed = await reply.json();
  if (!reply.ok) {
    throw new Error(WORDS[signed.code] ?? signed.message);
  }
  return signed;
}

const uppy = new Uppy()
  .use(Dashboard, { target: '#uppy', inline: true, width: '100%', theme: 'auto', proudlyDisplayPoweredByUppy: false })
  .use(AwsS3, { signRequest, generateObjectKey: ({ name }) => name }); // the service makes a key of the name

// The Dashboard itself says why only behind its question mark.
uppy.on('upload-error', (file, error) => uppy.info(error.message, 'error', 10_000));
