/** What went wrong, in plain words of the page's language. */

import { UploadError } from 'countersign';
import { tooLarge, wrongType } from './limits.js';
import { text, textOfCode } from './text.js';

/** @param {unknown} error @param {File} file */
export function inPlainWords(error, file) {
  const { said, code } = parts(error);
  if (code === 'TooLarge' || code === 'EntityTooLarge') {
    const most = said.match(/\d+/)?.[0];
    return tooLarge(file.size, most ? Number(most) : undefined);
  }
  if (code === 'TypeNotAllowed') return wrongType(said.replace(/^[^:]*: /, '').split(/\s*,\s*/));
  return textOfCode(code) ?? said;
}

/** Why it is tried again. @param {UploadError} error */
export function whileRetrying(error) {
  if (!navigator.onLine) return text('offline');
  const { said, code } = parts(error);
  const sentence = (textOfCode(code) ?? said).replace(/[^.!?…。]$/, '$&.'); // the service's have no full stop
  return `${sentence} ${text('retrying')}`;
}

/** @param {unknown} error */
function parts(error) {
  const said = error instanceof Error ? error.message : String(error);
  return { said, code: error instanceof UploadError ? error.code : '' };
}
