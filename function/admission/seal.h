/* Sealed upload ids: what a multipart upload may become, kept by the client and
 * written by nobody but this service.
 *
 * A token is base64url of
 *   version (1 byte), expiry, cap, declared size and size of a part (8 bytes each, big-endian),
 *   options (1 byte), SHA-256 of the key (32 bytes), S3's upload id,
 *   and HMAC-SHA-256 of all before it (32 bytes),
 * under a key that is derived from a secret of UPLOAD_SEAL_SECRET.
 */
#ifndef FUNCTION_SEAL_H
#define FUNCTION_SEAL_H

#include "function/config/upload_config.h"
#include "s3/hash.h"
#include "text/arena.h"

enum { SEAL_UPLOAD_ID_MAX_BYTES = 1024 };

/* The keys: the first seals, each opens. None: there are no multipart uploads. */
typedef struct upload_seal {
  s3_hmac_key keys[CONFIG_SEAL_SECRETS_MAX];
  size_t count;
} upload_seal;

/* `count` is at most CONFIG_SEAL_SECRETS_MAX. */
void seal_init(upload_seal *seal, const text_slice *secrets, size_t count);

/* What a token holds beside its key. */
typedef struct sealed_upload {
  text_slice upload_id; /* S3's */
  int64_t expires_at;   /* Unix epoch, seconds */
  int64_t max_bytes;    /* 0: no cap of ours */
  int64_t size_bytes;   /* declared; -1: not declared */
  int64_t part_bytes;   /* of each part but the last; 0: no size was declared */
  bool has_sha256;      /* each part has a checksum */
} sealed_upload;

/* Appends the token of an upload of `key`; needs a key in `seal`. */
void seal_append(const upload_seal *seal, text_slice key, const sealed_upload *upload,
                 text_buffer *token);

typedef enum seal_status {
  SEAL_OK,
  SEAL_FORGED,    /* not a token, or one that none of the secrets sealed */
  SEAL_OTHER_KEY, /* of an upload of another key */
  SEAL_EXPIRED
} seal_status;

/* Opens a token for `key`. The upload id lives in `arena`; no room for it is SEAL_FORGED. */
seal_status seal_open(const upload_seal *seal, text_slice token, text_slice key,
                      int64_t time_seconds, sealed_upload *upload, text_arena *arena);

#endif
