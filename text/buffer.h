/* An append-only buffer with a ceiling.
 *
 * Appending past the ceiling appends nothing and sets `overflowed`, which stays
 * set: a writer appends all it has and looks at the flag once, at the end.
 */
#ifndef TEXT_BUFFER_H
#define TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct text_buffer {
  char *data; /* the caller's storage */
  size_t size;
  size_t capacity;
  bool overflowed;
} text_buffer;

void text_buffer_init(text_buffer *buffer, char *storage, size_t capacity);

/* All or nothing: what does not fit is not appended in part. */
void text_buffer_append(text_buffer *buffer, text_slice bytes);
void text_buffer_append_byte(text_buffer *buffer, char byte);
void text_buffer_append_string(text_buffer *buffer, const char *string);
void text_buffer_append_decimal(text_buffer *buffer, int64_t number);
/* Each byte as two lower-case hexadecimal digits. */
void text_buffer_append_hex(text_buffer *buffer, text_slice bytes);

/* What was appended; valid while the storage is. */
text_slice text_buffer_slice(const text_buffer *buffer);

/* Empties the buffer and clears the flag. */
void text_buffer_clear(text_buffer *buffer);

#ifdef __cplusplus
}
#endif

#endif
