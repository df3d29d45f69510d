/* The key template (UPLOAD_KEY), checked and taken apart. admission/key.h makes keys of it. */
#ifndef FUNCTION_KEY_TEMPLATE_H
#define FUNCTION_KEY_TEMPLATE_H

#include "text/slice.h"

enum { KEY_TEMPLATE_MAX_BYTES = 512 };

/* What {id} is made of, and what {id} and {date} make. */
enum {
  KEY_ID_BYTES = 16,
  KEY_ID_DIGITS = 2 * KEY_ID_BYTES,
  KEY_DATE_BYTES = sizeof "2026-11-24" - 1
};

typedef enum key_piece_kind {
  KEY_TEXT,  /* stands for itself */
  KEY_ID,    /* {id} */
  KEY_NAME,  /* {name} */
  KEY_DATE,  /* {date} */
  KEY_CLAIM, /* {claim:...} */
  KEY_WRONG  /* a brace that is none of these */
} key_piece_kind;

typedef struct key_piece {
  key_piece_kind kind;
  text_slice text; /* of KEY_TEXT a single byte; of KEY_CLAIM the claim's name */
} key_piece;

/* Whether a claim may have this name: 1 to 64 letters, digits, and - . _ : */
bool key_template_is_claim_name(text_slice name);

/* Takes the next piece off `rest`. False when nothing is left. */
bool key_template_next(text_slice *rest, key_piece *piece);

/* Whether two checked templates may make the same key. It says so where it can't tell. */
bool key_template_may_meet(text_slice a, text_slice b);

/* Null, or what a template must be. */
const char *key_template_problem(text_slice template);

#endif
