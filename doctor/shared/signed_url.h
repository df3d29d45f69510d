/* A presigned URL as somebody has it: maybe pasted from a page, cut short, or encoded
 * twice. What can be read of it is read.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
#ifndef DOCTOR_SIGNED_URL_H
#define DOCTOR_SIGNED_URL_H

#include "s3/canonical.h"

/* Text of the URL and of the arena; empty slices for what it does not have. */
typedef struct signed_url {
  text_slice host;     /* as the Host header has it */
  text_slice raw_path; /* as it stands there */
  text_slice path;     /* as S3 reads it: decoded, and encoded the one way */
  /* The query as S3 reads it, encoded the one way, without X-Amz-Signature. */
  text_pair query[S3_CANONICAL_QUERY_MAX];
  size_t query_count;
  text_slice signature;
  /* Of the query, decoded. */
  text_slice access_key_id, date, region; /* of X-Amz-Credential */
  text_slice time;                        /* X-Amz-Date */
  text_slice expires;
  text_slice signed_names; /* content-type;host */
  text_slice token;
  text_slice raw_token; /* as it stands there */
  bool has_credential;  /* X-Amz-Credential is there, whatever it is */
  bool has_algorithm;   /* of Signature Version 4 */
  bool is_version_2;    /* AWSAccessKeyId and Signature: the older form */
  bool was_html;        /* &amp; stood for & */
} signed_url;

/* False when it is no http(s) URL, or has more than S3_CANONICAL_QUERY_MAX parameters. */
bool signed_url_read(signed_url *url, text_slice text, text_arena *arena);

/* Whether all that a signature in the query needs is there, in its form. */
bool signed_url_is_whole(const signed_url *url);

/* Whether a header, by its name, is among those that are signed. */
bool signed_url_signs(const signed_url *url, text_slice name);

/* Whether two URLs have all in common but the signature, and both have one. */
bool signed_url_differ_in_signature(const signed_url *a, const signed_url *b);

/* When the URL ends, Unix epoch. False when it does not say. */
bool signed_url_end(const signed_url *url, int64_t *begin_seconds, int64_t *end_seconds);

/* Appends `text` with %XX decoded; unlike in a query, a + is a +. */
void signed_url_append_decoded(text_buffer *buffer, text_slice text);

#endif
