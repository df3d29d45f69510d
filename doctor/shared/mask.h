/* What must not be shown: found wherever it stands in a text, and struck out.
 *
 * Whoever learns a secret adds it here; all that is shown goes through mask_append().
 */
#ifndef DOCTOR_MASK_H
#define DOCTOR_MASK_H

#include "text/buffer.h"

enum { MASK_MAX = 64 };

/* The slices must outlive it. Past MASK_MAX nothing is shown any more. */
typedef struct secret_mask {
  struct {
    text_slice text;
    bool partly; /* an access key's id: its ends are shown */
  } hidden[MASK_MAX];
  size_t count;
  bool too_many;
} secret_mask;

/* Secrets under 8 bytes are left out: they would strike out plain words. A secret is hidden as a
 * whole and in the pieces that a request taken apart may cut it into. */
void mask_add(secret_mask *mask, text_slice secret);
void mask_add_partly(secret_mask *mask, text_slice access_key_id);

/* Whether a header or parameter of this name has a value that is never shown. */
bool mask_hides_name(text_slice name);

/* Appends `text` as it may be shown: without secrets, in printable ASCII, other bytes as \xNN. */
void mask_append(const secret_mask *mask, text_slice text, text_buffer *shown);

#endif
