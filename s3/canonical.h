/* The canonical request, written piece by piece: into its hash, or as a text.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
#ifndef S3_CANONICAL_H
#define S3_CANONICAL_H

#include "signer.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a request may have; a query also has the parameters of the signature. */
enum { S3_HEADERS_MAX = 32, S3_QUERY_MAX = 16, S3_CANONICAL_QUERY_MAX = S3_QUERY_MAX + 6 };

/* Headers as the canonical request wants them: sorted by name. The names are
 * lower-cased where they are written. */
typedef struct s3_canonical_headers {
  text_pair sorted[S3_HEADERS_MAX + 1]; /* and Host */
  size_t count;
} s3_canonical_headers;

/* Checks, adds Host and sorts. */
s3_status s3_canonical_headers_init(s3_canonical_headers *headers, const text_pair *given,
                                    size_t count, text_slice host);

/* Appends the names in lower case with `separator` between them. */
void s3_canonical_headers_append_names(const s3_canonical_headers *headers, const char *separator,
                                       text_buffer *buffer);

typedef struct s3_canonical_request {
  text_slice method;
  text_slice path;        /* encoded */
  const text_pair *query; /* encoded; any order */
  size_t query_count;     /* at most S3_CANONICAL_QUERY_MAX */
  const s3_canonical_headers *headers;
  text_slice payload; /* the hash of the payload as it is signed; empty: UNSIGNED-PAYLOAD */
} s3_canonical_request;

/* `memo` keeps what the next request of a batch starts with. It belongs to one session
 * token, whose value is long and is not compared. */
void s3_canonical_request_hash(const s3_canonical_request *request, s3_hash_memo *memo,
                               uint8_t digest[S3_HASH_BYTES]);

/* Appends what s3_canonical_request_hash() hashes: for people to look at. It holds the session
 * token.
 */
void s3_canonical_request_append(const s3_canonical_request *request, text_buffer *text);

/* Appends the signature of the canonical request with this digest, in hexadecimal. */
void s3_canonical_append_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                   const uint8_t digest[S3_HASH_BYTES], text_buffer *out);

#ifdef __cplusplus
}
#endif

#endif
