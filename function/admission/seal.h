/* Sealed upload ids: what a multipart upload may become, kept by the client and
 * written by nobody but this service.
 *
 * A token is base64url of
 *   version (1 byte), expiry, cap, declared size, size of a part and lifetime of a part's URL (8
 *   bytes each, big-endian), options (1 byte), SHA-256 of what it is of (32 bytes: profile, key,
 *   caller and, of a key of the app's, folders, with a NUL behind each), S3's upload id, and
 *   HMAC-SHA-256 of all before it (32 bytes),
 * under a key that is derived from a secret of UPLOAD_SEAL_SECRET.
 */
#ifndef FUNCTION_SEAL_H
#define FUNCTION_SEAL_H

#include "secret_keys.h"
#include "text/arena.h"

enum { SEAL_UPLOAD_ID_MAX_BYTES = 1024 };

/* The keys that seal and open: derived, so that the secret may have other uses. */
void seal_keys_init(secret_keys *keys, const config_secrets *secrets);

/* What a token is of. */
typedef struct seal_subject {
  text_slice profile; /* empty: there are none */
  text_slice key;
  text_slice caller; /* as receipts name it; empty: they don't */
  text_slice
      folders; /* the caller's, which a key of the template has in it and one of the app's not */
} seal_subject;

/* What a token holds beside its key. */
typedef struct sealed_upload {
  text_slice upload_id;    /* S3's */
  int64_t expires_at;      /* Unix epoch, seconds */
  int64_t max_bytes;       /* 0: no cap of ours */
  int64_t size_bytes;      /* declared; -1: not declared */
  int64_t part_bytes;      /* of each part but the last; 0: no size was declared */
  int64_t expires_seconds; /* of a part's URL */
  bool has_sha256;         /* each part has a checksum */
  bool key_is_apps;        /* the app gave the key, so it need not be of the template's form */
} sealed_upload;

/* Appends the token of an upload; `keys` must have one. */
void seal_append(const secret_keys *keys, const seal_subject *subject, const sealed_upload *upload,
                 text_buffer *token);

typedef enum seal_status {
  SEAL_OK,
  SEAL_FORGED,    /* not a token, or one that none of the secrets sealed */
  SEAL_OTHER_KEY, /* of an upload of another key, profile or caller */
  SEAL_EXPIRED
} seal_status;

/* Opens a token for `subject`. `upload` is what it holds, if it is SEAL_OK or SEAL_EXPIRED. The
 * upload id lives in `arena`; no room for it is SEAL_FORGED. */
seal_status seal_open(const secret_keys *keys, text_slice token, const seal_subject *subject,
                      int64_t time_seconds, sealed_upload *upload, text_arena *arena);

#endif
