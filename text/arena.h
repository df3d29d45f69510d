/* An arena: memory that is handed out piece by piece and taken back at once.
 *
 * The caller owns the memory behind it, and says how much there is; the arena
 * never asks for more. Not thread-safe: each worker has its own.
 */
#ifndef TEXT_ARENA_H
#define TEXT_ARENA_H

#include <stddef.h>

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct text_arena {
  char *base;
  size_t size_bytes;
  size_t used_bytes;
  size_t peak_bytes; /* the most that was touched since the reset */
  /* Under AddressSanitizer: up to here nothing can be touched that is not handed out. */
  size_t guarded_bytes;
} text_arena;

/* `memory` must be aligned for any type. Null memory makes an empty arena. */
void text_arena_init(text_arena *arena, void *memory, size_t size_bytes);

/* Memory aligned for any type and not cleared, valid until the reset. Null when
 * there is not enough left. */
void *text_arena_allocate(text_arena *arena, size_t size_bytes);

/* A copy of `text` with a NUL behind it, for the C functions that want one. The
 * NUL is not counted. A slice with null data when there is not enough left. */
text_slice text_arena_copy(text_arena *arena, text_slice text);

/* A buffer over all that is left. Nothing else may be allocated until
 * text_arena_close() keeps what was appended and gives the rest back. Of a buffer
 * that overflowed nothing is kept, and the slice has null data. */
text_buffer text_arena_open(text_arena *arena);
text_slice text_arena_close(text_arena *arena, const text_buffer *buffer);

/* So many bytes behind what is handed out have been written to, though nothing is kept of them. */
void text_arena_note_touched(text_arena *arena, size_t size_bytes);

/* Takes back all that was handed out since used_bytes was `used_bytes`. */
void text_arena_rewind(text_arena *arena, size_t used_bytes);

/* The memory goes back to its owner, for any use. */
void text_arena_release(text_arena *arena);

/* Takes back all that was handed out. */
void text_arena_reset(text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
