/* Content-Disposition: the name under which a browser saves a file (RFC 6266, RFC 8187). */
#ifndef HTTP_CONTENT_DISPOSITION_H
#define HTTP_CONTENT_DISPOSITION_H

#include "text/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends attachment; filename="..." and, when the name is more than plain ASCII, filename* with
 * the very name, which browsers prefer. `name` is UTF-8 without control characters. */
void http_content_disposition_append(text_buffer *buffer, text_slice name);

#ifdef __cplusplus
}
#endif

#endif
