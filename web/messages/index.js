/**
 * The page's texts in other languages, which it loads when it needs one. One more is a file here, its tag in
 * web/page/text.js and, where it is read from the right, dir: 'rtl'.
 */

import { de } from './de.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';
import { pt } from './pt.js';
import { zh } from './zh.js';

export const languages = { de, es, fr, ja, pt, zh };
