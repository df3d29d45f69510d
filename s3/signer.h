/* Who signs: credentials, region, and the signing key derived from them.
 *
 * Pure: no clock, no environment, no global. The day's signing key is kept in
 * the caller's s3_signer, and what a second and a batch share: one signer serves
 * one thread.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
#ifndef S3_SIGNER_H
#define S3_SIGNER_H

#include "hash.h"
#include "text/arena.h"
#include "timestamp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct s3_credentials {
  text_slice access_key_id;
  text_slice secret_access_key;
  text_slice session_token; /* of temporary credentials; empty: long-term ones */
} s3_credentials;

enum { S3_MOMENT_QUERY_BYTES = 896 };

/* What all that is signed in one second has in common. */
typedef struct s3_moment {
  int64_t time_seconds;
  s3_timestamp timestamp; /* all zero: there is no moment yet */
  /* The parameters that a query begins with, up to the value of X-Amz-Expires; empty when
   * the credential is too long for it. */
  char query[S3_MOMENT_QUERY_BYTES];
  size_t query_bytes;
  /* The string to sign, hashed with the key up to the hash of the canonical request. */
  s3_hash string_to_sign;
} s3_moment;

typedef struct s3_signer {
  s3_credentials credentials;
  text_slice region;
  text_slice token_parameter; /* X-Amz-Security-Token= and the token, encoded; or empty */
  /* The key of one day (the first eight characters of a timestamp). */
  char key_date[8];
  s3_hmac_key key;
  s3_moment moment;
  /* What the canonical requests of a batch start with, the session token with it. */
  s3_hash_memo canonical_start;
} s3_signer;

/* The slices must outlive the signer. The encoded token goes into `arena`. False
 * when it has no room for that, or the secret has more than 508 bytes. */
bool s3_signer_init(s3_signer *signer, const s3_credentials *credentials, text_slice region,
                    text_arena *arena);

/* Appends the credential scope: 20261124/eu-west-1/s3/aws4_request. */
void s3_signer_append_scope(const s3_signer *signer, const s3_timestamp *timestamp,
                            text_buffer *buffer);

/* Appends the credential: the access key's id, a slash, and the scope. */
void s3_signer_append_credential(const s3_signer *signer, const s3_timestamp *timestamp,
                                 text_buffer *buffer);

/* What is signed at that time has in common; valid until another time is asked for. Null
 * when s3_timestamp_init() is false. */
const s3_moment *s3_signer_moment(s3_signer *signer, int64_t time_seconds);

/* Appends the signature of the canonical request with this digest, in hexadecimal. The buffer
 * overflows when the credential is too long. */
void s3_signer_append_request_signature(const s3_signer *signer, const s3_moment *moment,
                                        const uint8_t digest[S3_HASH_BYTES], text_buffer *buffer);

/* Appends the signature of `string_to_sign` in hexadecimal. */
void s3_signer_append_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                text_slice string_to_sign, text_buffer *buffer);

#ifdef __cplusplus
}
#endif

#endif
