#include "store_words.h"

#include "s3/hash.h"
#include "text/utf8.h"

enum { SECRET_WORD_BYTES = 2 * S3_HASH_BYTES, SHOWN_MAX_BYTES = 800 };

/* The name of a role or an object is long and no secret. */
static bool is_arn(text_slice word) {
  return text_slice_starts_with(word, TEXT_LITERAL("arn:")) ||
         text_slice_starts_with(word, TEXT_LITERAL("\"arn:"));
}

static void append_words(text_buffer *shown, text_slice text) {
  text_slice word;
  for (bool first = true; text.size > 0 && text_slice_split(&text, ' ', &word); first = false) {
    text_buffer_append_string(shown, first ? "" : " ");
    text_buffer_append(shown, word.size >= SECRET_WORD_BYTES && !is_arn(word) ? TEXT_LITERAL("****")
                                                                              : word);
  }
}

text_slice store_words(const s3_error_reply *error, const secret_mask *mask, text_arena *arena) {
  text_buffer said = text_arena_open(arena);
  append_words(&said, error->code);
  if (error->message.size > 0) {
    text_buffer_append_string(&said, ": ");
    append_words(&said, error->message);
  }
  if (error->details.size > 0) {
    text_buffer_append_string(&said, " (");
    append_words(&said, error->details);
    text_buffer_append_string(&said, ")");
  }
  const text_slice whole = text_arena_close(arena, &said);
  text_buffer masked = text_arena_open(arena);
  mask_append(mask, whole, &masked);
  if (masked.size > SHOWN_MAX_BYTES) {
    masked.size = text_utf8_whole((text_slice){masked.data, SHOWN_MAX_BYTES}).size;
    text_buffer_append_string(&masked, " ...");
  }
  return text_arena_close(arena, &masked);
}
