/* An object's tags, as a form has them.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
#ifndef S3_TAGGING_H
#define S3_TAGGING_H

#include "text/buffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the header x-amz-tagging has at most. */
enum { S3_TAGS_MAX_BYTES = 2048 };

/* Appends the XML that a form's field "tagging" has for what the header x-amz-tagging would have:
 * `tags` is name=value&name=value, percent-encoded, of at most S3_TAGS_MAX_BYTES. */
void s3_tagging_append_xml(text_buffer *buffer, text_slice tags);

#ifdef __cplusplus
}
#endif

#endif
