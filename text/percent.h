/* Percent-encoding: RFC 3986 for what is signed, WHATWG for what browsers send. */
#ifndef TEXT_PERCENT_H
#define TEXT_PERCENT_H

#include <stdbool.h>

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends `text` with every byte but A-Z a-z 0-9 - . _ ~ as %XX, in upper case.
 * Source: UriEncode() in
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
void text_percent_append_encoded(text_buffer *buffer, text_slice text);

/* The same, but `/` stands for itself: for an object key in a path. */
void text_percent_append_encoded_path(text_buffer *buffer, text_slice text);

/* Appends a name or value of a query string: %XX decoded, + read as a space. A
 * percent sign without two hexadecimal digits stands for itself.
 * Source: https://url.spec.whatwg.org/#urlencoded-parsing */
void text_percent_append_form_decoded(text_buffer *buffer, text_slice text);

#ifdef __cplusplus
}
#endif

#endif
