/* The chunked transfer coding, taken off in place.
 *
 * Extensions and trailers are dropped; their lines too end in CR LF, and have no other CR or LF in
 * them, and no NUL. Pure: no memory but the caller's.
 *
 * Source: RFC 9112, 7.1.
 */
#ifndef RUNTIME_HTTP_CHUNKS_H
#define RUNTIME_HTTP_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RUNTIME_HTTP_CHUNKS_LINES_MAX_BYTES = 64 * 1024 }; /* one size line; all trailers */

typedef enum runtime_http_chunks_place {
  RUNTIME_HTTP_CHUNKS_SIZE,      /* at the digits of a size */
  RUNTIME_HTTP_CHUNKS_EXTENSION, /* behind them */
  RUNTIME_HTTP_CHUNKS_SIZE_END,  /* at the LF of its line */
  RUNTIME_HTTP_CHUNKS_DATA,
  RUNTIME_HTTP_CHUNKS_DATA_END, /* at the CR LF behind it */
  RUNTIME_HTTP_CHUNKS_DATA_END_LF,
  RUNTIME_HTTP_CHUNKS_TRAILER, /* at the start of a line behind the last chunk */
  RUNTIME_HTTP_CHUNKS_IN_TRAILER,
  RUNTIME_HTTP_CHUNKS_TRAILER_LF, /* at the LF of its line */
  RUNTIME_HTTP_CHUNKS_END_LF,     /* at the LF of the last line */
  RUNTIME_HTTP_CHUNKS_ENDED,
  RUNTIME_HTTP_CHUNKS_BAD
} runtime_http_chunks_place;

/* All zero to begin with. */
typedef struct runtime_http_chunks {
  runtime_http_chunks_place place;
  uint64_t left_bytes; /* of this chunk */
  size_t digits;       /* of its size, so far */
  size_t line_bytes;   /* of what is being dropped */
} runtime_http_chunks;

/* Takes the coding off `*size` bytes at `data`: what they hold is moved to the front, and
 * `*size` becomes how much that is. Returns how many bytes were read: less than given when the
 * last chunk ends before, or when they are no chunks (place ENDED, BAD). */
size_t runtime_http_chunks_take(runtime_http_chunks *chunks, char *data, size_t *size);

#ifdef __cplusplus
}
#endif

#endif
