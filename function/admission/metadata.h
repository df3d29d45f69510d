/* The metadata that a client gives its file: one rule for PUT, forms and multipart.
 *
 * A value of printable ASCII is stored as it is. Any other one is written as RFC 2047 has it,
 * =?UTF-8?B?...?=, which S3 knows and which keeps headers and form fields alike in ASCII.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 *          https://www.rfc-editor.org/rfc/rfc2047
 */
#ifndef FUNCTION_METADATA_H
#define FUNCTION_METADATA_H

#include "http/error.h"
#include "http/request.h"

/* S3's limit is for names and values together. */
enum { METADATA_MAX = 16, METADATA_NAME_MAX_BYTES = 48, METADATA_MAX_BYTES = 2048 };

/* As headers or form fields: x-amz-meta-... in lower case, and the value as it is sent. */
typedef struct upload_metadata {
  text_pair list[METADATA_MAX];
  text_slice texts[METADATA_MAX]; /* the values as they were given */
  size_t count;
  size_t size_bytes; /* of all names and values */
} upload_metadata;

/* From parameters metadata[NAME]=VALUE. A value "null" is none: some clients write it so. */
http_error metadata_from_query(upload_metadata *metadata, const http_request *request,
                               text_arena *arena);

/* From an object of texts, booleans and whole numbers that are not negative; null, as a value or
 * for all, is none. */
http_error metadata_from_json(upload_metadata *metadata, const cJSON *object, text_arena *arena);

/* A value's name as it was given, but in lower case. */
text_slice metadata_name(const text_pair *header);

/* Puts `given` in: its values replace those of the same names. False when that is too much. */
bool metadata_put(upload_metadata *metadata, const upload_metadata *given);

#endif
