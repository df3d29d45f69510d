/* A slice: bytes that somebody else owns, by pointer and length.
 *
 * A slice is never NUL-terminated by contract and may hold any byte. It is
 * valid for as long as what it points into. The empty slice has size 0 and may
 * have a null pointer.
 */
#ifndef TEXT_SLICE_H
#define TEXT_SLICE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct text_slice {
  const char *data;
  size_t size;
} text_slice;

/* A name and its value: a header, a query parameter. */
typedef struct text_pair {
  text_slice name;
  text_slice value;
} text_pair;

/* A slice of a string literal; its size is known when it is compiled. */
#ifdef __cplusplus
#define TEXT_LITERAL(literal) (text_slice{(literal), sizeof(literal) - 1})
#else
#define TEXT_LITERAL(literal) ((text_slice){(literal), sizeof(literal) - 1})
#endif

/* The same where only a constant initializer will do: in static tables. */
#define TEXT_INITIALIZER(literal) \
  { (literal), sizeof(literal) - 1 }

/* The bytes of a NUL-terminated string; the empty slice for a null pointer. */
text_slice text_slice_of(const char *string);

bool text_slice_equal(text_slice a, text_slice b);

/* Equal but for the case of ASCII letters, as header names are (RFC 9110, 5.1). */
bool text_slice_equal_ignoring_case(text_slice a, text_slice b);

bool text_slice_starts_with(text_slice text, text_slice prefix);
bool text_slice_ends_with(text_slice text, text_slice suffix);

bool text_slice_contains(text_slice text, char byte);

/* The order of memcmp; where one is a prefix of the other the shorter comes
 * first. Negative, zero or positive, as memcmp is. */
int text_slice_compare(text_slice a, text_slice b);

/* What is left of `text` from byte `start` on; empty when that is past its end. */
text_slice text_slice_from(text_slice text, size_t start);

/* Without the spaces and tabs at both ends. */
text_slice text_slice_trim(text_slice text);

/* Takes the next piece off `rest`, up to `separator` or the end. False when
 * nothing is left, which is when the data of `rest` is null; "a,,b" gives three
 * pieces, and "" one. */
bool text_slice_split(text_slice *rest, char separator, text_slice *piece);

#ifdef __cplusplus
}
#endif

#endif
