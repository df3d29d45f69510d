/* A JSON text without what its strings say: cJSON checks the outline, which is short, and never
 * looks at a string, of which it would copy byte for byte what most of an event is.
 *
 * A string in C ends at a NUL, so a text with an escaped NUL (\u0000) would be read short. It is
 * read as the control character U+0001 instead, which is refused wherever a NUL would have to be.
 *
 * Half of a surrogate pair (\uD83D), which JavaScript writes of a text that was cut within a
 * character, is no character and no reason to refuse the rest. It is read as U+FFFD, as browsers
 * write it in a URL (https://infra.spec.whatwg.org/#convert).
 */
#ifndef HTTP_JSON_OUTLINE_H
#define HTTP_JSON_OUTLINE_H

#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* With a NUL behind it. It can be written to, as cJSON's strings. */
typedef struct http_json_string {
  char *data;
  size_t size;
} http_json_string;

typedef struct http_json_outline {
  text_slice text;                 /* each string is "" */
  const http_json_string *strings; /* what they say, in their order */
} http_json_outline;

/* False when a string does not end or has an escape that JSON has not, for a NUL byte, and without
 * room in `arena`. All else that is wrong in `text` is wrong in the outline. */
bool http_json_outline_make(http_json_outline *outline, text_slice text, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
