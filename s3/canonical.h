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

enum { S3_HEADER_NAME_MAX_BYTES = 64 };

/* Headers as the canonical request wants them: sorted by name, in lower case. */
typedef struct s3_canonical_headers {
  text_pair sorted[S3_HEADERS_MAX + 1]; /* and Host; the names stand in `names` */
  size_t count;
  char names[(S3_HEADERS_MAX + 1) * (S3_HEADER_NAME_MAX_BYTES + 1)]; /* with ; behind each */
  size_t names_bytes;                                                /* but for the last ; */
} s3_canonical_headers;

/* Checks, adds Host and sorts. The values must outlive the headers, which may not be copied. */
s3_status s3_canonical_headers_init(s3_canonical_headers *headers, const text_pair *given,
                                    size_t count, text_slice host);

/* Appends the names with %3B between them, as a query has them. */
void s3_canonical_headers_append_names(const s3_canonical_headers *headers, text_buffer *buffer);

enum { S3_CANONICAL_OWN_MAX = 3 };

typedef struct s3_canonical_request {
  text_slice method;
  text_slice path; /* encoded */
  /* The signature's own parameters as the URL has them: from X-Amz-Algorithm to X-Amz-Expires,
   * then X-Amz-Security-Token if there is one, and X-Amz-SignedHeaders. None: they are among
   * the others. */
  text_slice own[S3_CANONICAL_OWN_MAX];
  size_t own_count;
  const text_pair *query; /* the others: encoded; any order */
  size_t query_count;     /* at most S3_CANONICAL_QUERY_MAX, the signature's counted */
  text_slice query_text;  /* the others as the URL has them; only where `own` is given */
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

#ifdef __cplusplus
}
#endif

#endif
