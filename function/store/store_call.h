/* Calls of S3 by presigned URL, and what its errors become for the client. */
#ifndef FUNCTION_STORE_CALL_H
#define FUNCTION_STORE_CALL_H

#include "function/outgoing/outgoing_transport.h"
#include "http/error.h"
#include "s3/presign.h"
#include "s3/xml.h"

/* The bucket, who signs for it, and how a request gets there. */
typedef struct store_access {
  const s3_endpoint *endpoint;
  s3_signer *signer;
  const outgoing_transport *transport;
  int64_t time_seconds; /* now, Unix epoch */
  int64_t deadline_ms;  /* when the answer must be there, Unix epoch; 0: not told */
  text_arena *arena;
} store_access;

typedef struct store_operation {
  text_slice method;
  text_slice key;
  const text_pair *query;
  size_t query_count;
  const text_pair *headers; /* signed and sent */
  size_t header_count;
  text_slice body;
  bool repeatable; /* see outgoing_request; so too the next */
  bool is_question;
  /* Gets each line of the answer's head, as outgoing_request tells; null: nobody wants it. */
  void (*on_head_line)(void *context, text_slice line);
  void *head_context;
  s3_xml_root expects; /* S3_XML_OTHER: any 2xx, whatever it says */
} store_operation;

/* Does it and reads the reply. An error is the client's to see: S3's code, never
 * its body. Of a HEAD's, which has none, 404 and 403 stay what they are. `parts` as for
 * s3_xml_read(). */
http_error store_call(const store_access *access, const store_operation *operation, s3_xml *xml,
                      s3_part_list *parts);

#endif
