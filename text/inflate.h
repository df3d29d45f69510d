/* What a DEFLATE stream stands for.
 *
 * Our own, for no library that does it is as small: the plain text of the page's files, beside what
 * browsers get, may take 1 kB of the zip. It is slow, a bit at a time, and wants all of the stream.
 *
 * Source: RFC 1951
 */
#ifndef TEXT_INFLATE_H
#define TEXT_INFLATE_H

#include "buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Appends the bytes to a buffer that is empty. Of a stream that is cut off or wrong, too, only
 * the overflow flag tells. */
void text_inflate_append(text_buffer *buffer, text_slice stream);

#ifdef __cplusplus
}
#endif

#endif
