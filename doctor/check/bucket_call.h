/* The doctor's calls of a bucket: its settings, and what a browser asks before it uploads. */
#ifndef DOCTOR_BUCKET_CALL_H
#define DOCTOR_BUCKET_CALL_H

#include "function/outgoing/outgoing_transport.h"
#include "s3/presign.h"

enum { HEAD_VALUE_MAX_BYTES = 1024 };

/* What is wanted of an answer's head. */
typedef struct bucket_head {
  char storage[6][HEAD_VALUE_MAX_BYTES];
  text_slice allow_origin;
  text_slice allow_methods;
  text_slice allow_headers;
  text_slice expose_headers;
  text_slice region;
  text_slice version; /* that was written, of a bucket with versions */
} bucket_head;

typedef struct bucket_caller {
  const s3_endpoint *endpoint;
  s3_signer *signer; /* of credentials that are not empty, or null */
  const outgoing_transport *transport;
  text_slice origin; /* of the page; may be empty */
  int64_t now_seconds;
  text_arena *arena;
} bucket_caller;

/* GET of a setting, such as "cors", signed. The status of the answer is 0 when there was none. */
outgoing_answer bucket_call_get(const bucket_caller *caller, text_slice setting, bucket_head *head);

/* A browser's preflight for an upload to the bucket; `headers` in lower case, with a comma between,
 * may be empty. */
outgoing_answer bucket_call_preflight(const bucket_caller *caller, text_slice method,
                                      text_slice headers, bucket_head *head);

/* A call for an object. The URL signs nothing but the host and the query. */
typedef struct bucket_object_call {
  text_slice method;
  text_slice key;
  const text_pair *query;
  size_t query_count;
  const text_pair *header; /* that is sent without being signed; or null */
  text_slice body;
} bucket_object_call;

/* One that writes is not sent twice: it could leave two versions. */
outgoing_answer bucket_call_object(const bucket_caller *caller, const bucket_object_call *wanted,
                                   bucket_head *head);

#endif
