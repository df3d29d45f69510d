/* Writing JSON (RFC 8259) into a buffer. Reading it is cJSON's job. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many bytes `text` starts with that are the same in a JSON string: printable ASCII but quotes
 * and backslashes. */
size_t text_json_plain_size(text_slice text);

/* Appends `text` as a JSON string with its quotes. UTF-8 is kept as it is;
 * quotes, backslashes and control characters are escaped, and each byte that is
 * not UTF-8 becomes U+FFFD, so the result is valid whatever the text is. */
void text_json_append_string(text_buffer *buffer, text_slice text);

/* The same of a text that is JSON, as it is written here: it has quotes and backslashes to escape,
 * and nothing else. */
void text_json_append_json(text_buffer *buffer, text_slice json);

/* Appends `start`, which ends where a value begins, and the value as a JSON string; nothing when
 * the value is empty. */
void text_json_append_known(text_buffer *buffer, const char *start, text_slice value);

/* The same in ASCII alone: other characters as \\uXXXX. For headers. */
void text_json_append_ascii_string(text_buffer *buffer, text_slice text);

/* For a line of plain text: without the quotes, and those in the text and backslashes
 * stay as they are. A byte becomes at most six. */
void text_json_append_line(text_buffer *buffer, text_slice text);

#ifdef __cplusplus
}
#endif

#endif
