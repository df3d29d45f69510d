/* What the store itself says of a refusal: it is always shown, beside what is made of it. */
#ifndef DOCTOR_STORE_WORDS_H
#define DOCTOR_STORE_WORDS_H

#include "mask.h"
#include "s3/error_reply.h"
#include "text/arena.h"

/* "CODE: message (details)" in the arena, as it may be shown: without the mask's secrets, without
 * words as long as a signature or a token, which a store may repeat, in printable ASCII and cut
 * where it is longer than some lines. Empty when there is no error. */
text_slice store_words(const s3_error_reply *error, const secret_mask *mask, text_arena *arena);

#endif
