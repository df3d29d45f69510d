/* Base64 with the standard alphabet and padding (RFC 4648, section 4), and the form for URLs. */
#ifndef TEXT_BASE64_H
#define TEXT_BASE64_H

#include <stdbool.h>

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

void text_base64_append_encoded(text_buffer *buffer, text_slice bytes);

/* Appends what `text` stands for. False, and nothing appended, when it is not
 * strict base64: another letter, a wrong length, padding inside, or bits left
 * over that are not zero. */
bool text_base64_append_decoded(text_buffer *buffer, text_slice text);

/* The same with the alphabet for URLs and without padding (RFC 4648, section 5). */
void text_base64_append_url_encoded(text_buffer *buffer, text_slice bytes);
bool text_base64_append_url_decoded(text_buffer *buffer, text_slice text);

#ifdef __cplusplus
}
#endif

#endif
