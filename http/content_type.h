/* Content types (media types): RFC 9110, section 8.3. */
#ifndef HTTP_CONTENT_TYPE_H
#define HTTP_CONTENT_TYPE_H

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HTTP_CONTENT_TYPE_MAX_BYTES = 255 };

/* type/subtype without a star, then parameters after a semicolon if any; printable ASCII that a
 * browser sends exactly as it is here: no space at an end or next to another. No second type
 * behind a comma: a browser that opens the file would take that one.
 * Source: https://fetch.spec.whatwg.org/#content-type-header */
bool http_content_type_is_valid(text_slice type);

/* A type or a subtype alone: a token without a star, which patterns use. */
bool http_content_type_is_name(text_slice name);

/* type/subtype without the parameters. */
text_slice http_content_type_essence(text_slice type);

/* Whether a comma-separated list of patterns (image/png, image/ *, * / *) has one
 * that `type` matches, without regard to case and parameters. */
bool http_content_type_matches(text_slice type, text_slice patterns);

#ifdef __cplusplus
}
#endif

#endif
