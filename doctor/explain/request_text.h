/* Two requests beside each other: the one that was signed, and the one that S3 saw.
 *
 * Each is a canonical request, made by s3/ or told by S3. What nobody knows of
 * one is `request_not_known` there.
 */
#ifndef DOCTOR_REQUEST_TEXT_H
#define DOCTOR_REQUEST_TEXT_H

#include "doctor/shared/signed_url.h"

extern const text_slice request_not_known;

/* What is known about a request beside its URL. */
typedef struct request_facts {
  text_slice method; /* empty: not known */
  const text_pair *headers;
  size_t header_count;
  bool headers_are_whole; /* whether what is not among the headers was surely not sent */
} request_facts;

/* The value of a header, trimmed; a slice with null data when it is not there. */
text_slice request_header(const request_facts *facts, text_slice name);

/* The canonical request that a URL and these facts make, in the arena; null data when there is
 * none: too many headers, or a value that no canonical form has. `payload` may be empty. */
text_slice request_text_make(const signed_url *url, const request_facts *facts, text_arena *arena);

/* A canonical request taken apart. */
typedef struct request_parts {
  text_slice method;
  text_slice path;
  text_pair query[S3_CANONICAL_QUERY_MAX + 1]; /* encoded */
  size_t query_count;
  text_pair headers[S3_HEADERS_MAX + 1]; /* names in lower case */
  size_t header_count;
  text_slice names;
  text_slice payload;
} request_parts;

/* False when `text` is no canonical request. The slices are of `text`. */
bool request_parts_read(request_parts *parts, text_slice text);

/* The value under a name; null data when there is none. */
text_slice request_pair(const text_pair *pairs, size_t count, text_slice name);

#endif
