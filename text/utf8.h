/* UTF-8 as RFC 3629 has it: no overlong form, no surrogate, at most U+10FFFF. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads the first character of `text`, which is not empty. Returns its size in
 * bytes, 1 to 4, or 0 when no valid character starts there. */
size_t text_utf8_next(text_slice text, uint32_t *code_point);

/* Appends a character, which is no surrogate and at most U+10FFFF. */
void text_utf8_append(text_buffer *buffer, uint32_t code_point);

bool text_utf8_is_valid(text_slice text);

/* C0, DEL and C1. */
bool text_utf8_is_control(uint32_t code_point);

/* Valid, and without a control character. */
bool text_utf8_is_clean(text_slice text);

/* `text` without the part of a character at its end, where it was cut there. */
text_slice text_utf8_whole(text_slice text);

#ifdef __cplusplus
}
#endif

#endif
