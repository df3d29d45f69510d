/** A form with `data-upload` sends its file to S3, and is then `stored`, which HTMX posts it upon. */

import { upload, UploadError } from './vendor/countersign.js';

// What the codes are for your users. What is not here is told in the error's own words.
const WORDS = {
  TooLarge: 'This file is too large.',
  TypeNotAllowed: 'Files of this kind are not taken.',
};

async function send(form) {
  const [file] = form.querySelector('input[type=file]').files;
  const [bar, words] = form.querySelectorAll('progress, [role=status]');
  const [submit, cancel] = form.querySelectorAll('button');
  const canceled = new AbortController();
  cancel.onclick = () => canceled.abort();
  const sending = (now) => {
    [bar.hidden, cancel.hidden, submit.hidden] = [!now, !now, now];
  };
  sending(true);
  bar.value = 0;
  words.textContent = 'Sending…';
  try {
    const { receipt, unproven } = await upload(file, {
      endpoint: form.dataset.upload,
      signal: canceled.signal,
      onProgress: ({ sentBytes, totalBytes }) => { bar.value = totalBytes && sentBytes / totalBytes; },
      onRetry: ({ message }) => { words.textContent = `${message} Trying again…`; },
    });
    if (!receipt) {
      throw unproven ?? new UploadError('It is stored, but the upload service gives no receipts.');
    }
    form.elements.receipt.value = receipt;
    words.textContent = '';
    form.dispatchEvent(new Event('stored'));
  } catch (error) {
    if (!canceled.signal.aborted && !(error instanceof UploadError)) {
      throw error;
    }
    words.textContent = canceled.signal.aborted ? 'Canceled' : (WORDS[error.code] ?? error.message);
  } finally {
    sending(false);
  }
}

addEventListener('submit', (event) => {
  if (event.target.matches('form[data-upload]')) {
    event.preventDefault();
    send(event.target);
  }
});

addEventListener('htmx:after:request', ({ target }) => target.reset());
addEventListener('htmx:error', ({ target }) => {
  target.querySelector('[role=status]').textContent = 'The server can’t be reached.';
});
