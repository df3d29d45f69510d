#include "http_chunks.h"

#include <string.h>

#include "text/ascii.h"

enum { DIGITS_MAX = 15 /* less than 2^60 bytes */ };

static runtime_http_chunks_place drop(runtime_http_chunks *chunks,
                                      runtime_http_chunks_place place) {
  return ++chunks->line_bytes > RUNTIME_HTTP_CHUNKS_LINES_MAX_BYTES ? RUNTIME_HTTP_CHUNKS_BAD
                                                                    : place;
}

static runtime_http_chunks_place take_size(runtime_http_chunks *chunks, char c) {
  if (text_ascii_is_hex(c)) {
    chunks->left_bytes = chunks->left_bytes * 16 + (uint64_t)text_ascii_hex_value(c);
    return ++chunks->digits > DIGITS_MAX ? RUNTIME_HTTP_CHUNKS_BAD : RUNTIME_HTTP_CHUNKS_SIZE;
  }
  if (chunks->digits == 0) {
    return RUNTIME_HTTP_CHUNKS_BAD;
  }
  if (c == '\r') {
    return RUNTIME_HTTP_CHUNKS_SIZE_END;
  }
  return c == ';' || text_ascii_is_blank(c) ? RUNTIME_HTTP_CHUNKS_EXTENSION
                                            : RUNTIME_HTTP_CHUNKS_BAD;
}

/* A byte of a line that is dropped, which ends with a CR. */
static runtime_http_chunks_place take_dropped(runtime_http_chunks *chunks, char c,
                                              runtime_http_chunks_place in_line,
                                              runtime_http_chunks_place behind_cr) {
  if (c == '\n' || c == '\0') {
    return RUNTIME_HTTP_CHUNKS_BAD;
  }
  return c == '\r' ? behind_cr : drop(chunks, in_line);
}

static runtime_http_chunks_place end_size(runtime_http_chunks *chunks, char c) {
  chunks->digits = 0;
  chunks->line_bytes = 0;
  if (c != '\n') {
    return RUNTIME_HTTP_CHUNKS_BAD;
  }
  return chunks->left_bytes > 0 ? RUNTIME_HTTP_CHUNKS_DATA : RUNTIME_HTTP_CHUNKS_TRAILER;
}

/* Where a byte that is no data leads to. */
static runtime_http_chunks_place take_byte(runtime_http_chunks *chunks, char c) {
  switch (chunks->place) {
  case RUNTIME_HTTP_CHUNKS_SIZE:
    return take_size(chunks, c);
  case RUNTIME_HTTP_CHUNKS_EXTENSION:
    return take_dropped(chunks, c, RUNTIME_HTTP_CHUNKS_EXTENSION, RUNTIME_HTTP_CHUNKS_SIZE_END);
  case RUNTIME_HTTP_CHUNKS_SIZE_END:
    return end_size(chunks, c);
  case RUNTIME_HTTP_CHUNKS_DATA_END:
    return c == '\r' ? RUNTIME_HTTP_CHUNKS_DATA_END_LF : RUNTIME_HTTP_CHUNKS_BAD;
  case RUNTIME_HTTP_CHUNKS_DATA_END_LF:
    return c == '\n' ? RUNTIME_HTTP_CHUNKS_SIZE : RUNTIME_HTTP_CHUNKS_BAD;
  case RUNTIME_HTTP_CHUNKS_TRAILER:
    return take_dropped(chunks, c, RUNTIME_HTTP_CHUNKS_IN_TRAILER, RUNTIME_HTTP_CHUNKS_END_LF);
  case RUNTIME_HTTP_CHUNKS_IN_TRAILER:
    return take_dropped(chunks, c, RUNTIME_HTTP_CHUNKS_IN_TRAILER, RUNTIME_HTTP_CHUNKS_TRAILER_LF);
  case RUNTIME_HTTP_CHUNKS_TRAILER_LF:
    return c == '\n' ? RUNTIME_HTTP_CHUNKS_TRAILER : RUNTIME_HTTP_CHUNKS_BAD;
  case RUNTIME_HTTP_CHUNKS_END_LF:
    return c == '\n' ? RUNTIME_HTTP_CHUNKS_ENDED : RUNTIME_HTTP_CHUNKS_BAD;
  case RUNTIME_HTTP_CHUNKS_DATA:
  case RUNTIME_HTTP_CHUNKS_ENDED:
  case RUNTIME_HTTP_CHUNKS_BAD:
    break;
  }
  return chunks->place;
}

static size_t take_data(runtime_http_chunks *chunks, char *to, const char *from, size_t size) {
  const size_t taken = size < chunks->left_bytes ? size : (size_t)chunks->left_bytes;
  memmove(to, from, taken);
  chunks->left_bytes -= taken;
  if (chunks->left_bytes == 0) {
    chunks->place = RUNTIME_HTTP_CHUNKS_DATA_END;
  }
  return taken;
}

size_t runtime_http_chunks_take(runtime_http_chunks *chunks, char *data, size_t *size) {
  size_t read = 0;
  size_t kept = 0;
  while (read < *size && chunks->place < RUNTIME_HTTP_CHUNKS_ENDED) {
    if (chunks->place == RUNTIME_HTTP_CHUNKS_DATA) {
      const size_t taken = take_data(chunks, data + kept, data + read, *size - read);
      read += taken;
      kept += taken;
    } else {
      chunks->place = take_byte(chunks, data[read]);
      read++;
    }
  }
  *size = kept;
  return read;
}
