/* One call of the function: the request in hand and all that answering it needs. */
#ifndef FUNCTION_CALL_H
#define FUNCTION_CALL_H

#include "config.h"
#include "http_reply.h"
#include "s3_transport.h"
#include "seal.h"

typedef struct function_call {
  const upload_config *config;
  s3_signer *signer;
  const http_request *request;
  const upload_seal *seal; /* null: multipart uploads are off */
  const s3_transport *transport;
  int64_t time_seconds; /* now, Unix epoch */
  int64_t deadline_ms;  /* of the invocation, Unix epoch; 0: not told */
  const uint8_t *id;    /* KEY_ID_BYTES random bytes */
  text_slice request_id;
  text_arena *arena;
} function_call;

/* Answers a call: fills `reply`, or returns what is wrong. */
typedef api_error function_route(const function_call *call, http_reply *reply);

#endif
