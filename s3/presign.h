/* Presigned URLs: Signature Version 4 in the query string.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
#ifndef S3_PRESIGN_H
#define S3_PRESIGN_H

#include "canonical.h"
#include "endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { S3_EXPIRES_MAX_SECONDS = 604800, S3_KEY_MAX_BYTES = 1024 };

typedef struct s3_presign_options {
  const s3_endpoint *endpoint;
  text_slice method;
  text_slice key; /* the object's key: any bytes, not encoded */
  bool of_bucket; /* a call of the bucket itself, such as ?cors: there is no key */
  /* The headers that the client must send as they are here; Host is added. */
  const text_pair *headers;
  size_t header_count; /* at most S3_HEADERS_MAX */
  /* Parameters of the operation, such as uploadId; X-Amz-... ones are added. */
  const text_pair *query;
  size_t query_count;      /* at most S3_QUERY_MAX */
  int64_t expires_seconds; /* 1 to S3_EXPIRES_MAX_SECONDS */
  int64_t time_seconds;    /* now, Unix epoch */
} s3_presign_options;

/* Appends the URL to `url`, which is left as it was on failure (but for its
 * overflow flag). The payload is not signed: bind it by an x-amz-checksum-sha256
 * header. */
s3_status s3_presign(s3_signer *signer, const s3_presign_options *options, text_buffer *url);

/* Whether a browser can reach `key` and S3 takes it: 1 to 1,024 bytes, and no
 * segment "." or "..", which URL parsers drop. */
bool s3_key_is_usable(text_slice key);

#ifdef __cplusplus
}
#endif

#endif
