/* One call of the function: the request in hand and all that answering it needs. */
#ifndef FUNCTION_CALL_H
#define FUNCTION_CALL_H

#include "function/admission/admission.h"
#include "function/admission/seal.h"
#include "function/config/upload_config.h"
#include "function/store/store_call.h"
#include "http/reply.h"

/* Tells whoever runs the service what no client can mend. `message` is the caller's. */
typedef void function_log(const char *message);

typedef struct function_call {
  const upload_config *config;
  const upload_rules *rules; /* what this call is held to */
  s3_signer *signer;
  const http_request *request;
  const secret_keys *seal_keys;        /* null: multipart uploads are off */
  const outgoing_transport *transport; /* to S3 */
  const secret_keys *webhook_keys;
  const secret_keys *receipt_keys; /* none: receipts are off */
  const outgoing_transport *app;   /* null: it can't be asked */
  int64_t time_seconds;            /* now, Unix epoch */
  int64_t deadline_ms;             /* of the invocation, Unix epoch; 0: not told */
  const uint8_t *id;               /* KEY_ID_BYTES random bytes */
  text_slice request_id;
  function_log *log; /* null: nobody wants it */
  text_arena *arena;
} function_call;

/* Formats a line for the log, of 256 bytes at most. */
__attribute__((format(printf, 2, 3))) void call_log(const function_call *call, const char *format,
                                                    ...);

/* Holds the call to what the authorizer says of the caller; `narrowed` is where the rules are then,
 * and must live as long as the call. */
http_error call_narrow(function_call *call, upload_rules *narrowed);

/* admission_check(): who calls, when, and the random number are the call's. */
http_error call_check(const function_call *call, const upload_request *request,
                      const upload_rules *rules, admitted_upload *upload);

/* store_call() with the call's own store, clock and deadline. */
http_error call_store(const function_call *call, const store_operation *operation, s3_xml *xml,
                      s3_part_list *parts);

/* Answers a call: fills `reply`, or returns what is wrong. */
typedef http_error function_route(const function_call *call, http_reply *reply);

#endif
