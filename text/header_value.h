/* Values of HTTP headers, and which of them reach the other side as they were sent. */
#ifndef TEXT_HEADER_VALUE_H
#define TEXT_HEADER_VALUE_H

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Printable ASCII, no space at its ends and no two in a row: proxies may drop those, and
 * the canonical form of Signature Version 4 does. The empty value is one.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
bool text_header_value_is_usable(text_slice value);

/* A token, as the names of headers are: RFC 9110, 5.6.2. */
bool text_header_value_is_token(text_slice value);

/* Whether a header can hold it at all: no control byte but tabs. One with a line end in it would
 * be two. */
bool text_header_value_is_one_line(text_slice value);

#ifdef __cplusplus
}
#endif

#endif
