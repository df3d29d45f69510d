/* Receipts: what was granted, and what is stored, as the app can check without AWS.
 *
 * A receipt is a JSON Web Token (RFC 7519) signed with HMAC-SHA-256 ("HS256", RFC 7518, 3.2) by the
 * bytes of the first of UPLOAD_RECEIPT_SECRET. Its header names which of the two it is ("typ", RFC
 * 8725, 3.11), and only a header that is written just so is read, so nobody chooses the algorithm.
 * docs/app.md describes the claims for users.
 */
#ifndef FUNCTION_RECEIPT_H
#define FUNCTION_RECEIPT_H

#include "secret_keys.h"
#include "text/arena.h"

/* What a receipt is about. Empty slices for what is not known. */
typedef struct upload_receipt {
  text_slice bucket;
  text_slice subject; /* the caller */
  text_slice key;
  text_slice profile;
  text_slice content_type;
  text_slice sha256;  /* declared, in base64 */
  int64_t size_bytes; /* declared; -1: it was not */
  int64_t granted_at; /* Unix epoch, seconds; only of one that was read */
} upload_receipt;

/* An object as S3 tells of it. */
typedef struct stored_object {
  int64_t size_bytes; /* -1: not told */
  text_slice content_type;
  text_slice etag; /* without quotes */
  text_slice version;
  text_slice sha256;   /* of the whole, in base64 */
  int64_t modified_at; /* Unix epoch, seconds; -1: not told */
} stored_object;

/* The token of an upload that was granted, which lives for 8 days: as long as a URL can, and a day
 * for the upload to end. Null data without room in `arena`; `keys` must have one. */
text_slice receipt_granted(const secret_keys *keys, const upload_receipt *about,
                           int64_t time_seconds, text_arena *arena);

/* The token of an object that is stored, which lives for a day. */
text_slice receipt_stored(const secret_keys *keys, const upload_receipt *about,
                          const stored_object *object, int64_t time_seconds, text_arena *arena);

typedef enum receipt_status {
  RECEIPT_OK,
  RECEIPT_FORGED, /* no token of a granted upload, or one that none of the secrets signed */
  RECEIPT_EXPIRED /* more than a minute ago: clocks differ */
} receipt_status;

/* Reads the token of an upload that was granted, of whatever bucket, profile and caller: to compare
 * these is the caller's. Lives in `arena`. */
receipt_status receipt_open(const secret_keys *keys, text_slice token, int64_t time_seconds,
                            upload_receipt *about, text_arena *arena);

/* Null, or what the object has other than was granted: its size, content type or SHA-256. A store
 * that tells no SHA-256 where one was granted has another one. */
const char *receipt_difference(const upload_receipt *granted, const stored_object *object);

/* Whether the object was there before the grant, and so is another upload's: a minute before, for
 * clocks differ. One whose time is not told was not. */
bool receipt_is_of_earlier(const upload_receipt *granted, const stored_object *object);

#endif
