/* JSON read by cJSON into an arena; its strings as json_outline.h says. */
#ifndef HTTP_JSON_TREE_H
#define HTTP_JSON_TREE_H

#include <cjson/cJSON.h>

#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Once, before the first http_json_parse(): makes cJSON allocate from the arena of
 * the thread that parses. */
void http_json_setup(void);

/* Null when `text` is not what cJSON takes for JSON (it is laxer than RFC 8259) or
 * has more behind it, nests deeper than 1,000, has a NUL byte, or needs more than
 * `arena` has, which then has all of it back. Of members with the same name the first one counts.
 * The tree lives as long as the arena's content; it is never deleted. */
const cJSON *http_json_parse(text_slice text, text_arena *arena);

/* A member by its exact name; null when `object` is null, no object, or lacks it. */
const cJSON *http_json_member(const cJSON *object, const char *name);

/* Whether an earlier member of `object` has the name of this one. Readers of JSON differ in which
 * of the two they take. */
bool http_json_is_repeated(const cJSON *object, const cJSON *member);

/* A string's text; a slice with null data when `item` is null or no string. */
text_slice http_json_text(const cJSON *item);

/* Appends `item` as JSON without spaces. One that nests deeper than 32 overflows the buffer. */
void http_json_append(text_buffer *json, const cJSON *item);

/* The digits of a number; null data unless it is a whole one that is not negative and that every
 * client's numbers hold. */
text_slice http_json_digits(const cJSON *number, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
