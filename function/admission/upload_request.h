/* What a client asks for when it wants to upload: the parameters as they came. */
#ifndef FUNCTION_UPLOAD_REQUEST_H
#define FUNCTION_UPLOAD_REQUEST_H

#include "http/error.h"
#include "http/request.h"
#include "metadata.h"

/* How a client's protocol names what an error is about. */
typedef struct upload_names {
  const char *file_name;
  const char *file_type;
  const char *declaring; /* what to add where a size or checksum is missing */
} upload_names;

/* What stock Uppy can do about that, which declares neither. */
#define UPLOAD_UPPY_DECLARES                                                                    \
  "; Uppy tells none, so it does not go with UPLOAD_REQUIRE, and with UPLOAD_MAX_BYTES and "    \
  "UPLOAD_FORM=put or UPLOAD_OVERWRITE=deny it must send files in parts by Companion's routes " \
  "(shouldUseMultipart: true)"

extern const upload_names upload_names_of_companion;

/* Texts, not checked yet; null data when the client did not give it. */
typedef struct upload_request {
  text_slice file_name;
  text_slice file_type;
  text_slice size;
  text_slice sha256;
  text_slice expires;
  const upload_names *names; /* null: file_name and file_type */
  bool in_parts;            /* the size is checked when they are joined, and checksums are theirs */
  bool size_is_capped;      /* S3 itself holds the upload to the cap, whatever size is declared */
  upload_metadata metadata; /* checked, and as it is sent */
} upload_request;

/* From the query, with metadata[NAME]. Unknown parameters are ignored; one given twice is refused.
 */
http_error upload_request_from_query(upload_request *upload, const http_request *request,
                                     text_arena *arena);

/* A JSON object that is a request. */
#define UPLOAD_REQUEST_EXAMPLE "{\"file_name\":\"a.txt\"}"

/* From a JSON object with the same names, and an object metadata; size and expires may be
 * numbers. */
http_error upload_request_from_object(upload_request *upload, const cJSON *object,
                                      text_arena *arena);

/* From a body that is one. */
http_error upload_request_from_json(upload_request *upload, const http_request *request,
                                    text_arena *arena);

#endif
