/* The upload service: from an event to the reply, with no I/O of its own: what it
 * asks of S3 and of the app goes through the transports that it is given.
 *
 * One upload_function serves one thread: its signer keeps the day's key.
 */
#ifndef FUNCTION_FUNCTION_H
#define FUNCTION_FUNCTION_H

#include "function/admission/key.h"
#include "function/admission/seal.h"
#include "function/config/upload_config.h"
#include "function/outgoing/outgoing_transport.h"
#include "function/routes/call.h"

typedef struct upload_function {
  const upload_config *config;
  s3_signer signer;
  secret_keys seal_keys;
  secret_keys webhook_keys;
  secret_keys receipt_keys;
} upload_function;

/* What the caller knows and the function must not find out by itself. */
typedef struct function_inputs {
  text_slice event; /* of API Gateway, a function URL or a load balancer */
  text_slice request_id;
  int64_t time_seconds;                /* now, Unix epoch */
  int64_t deadline_ms;                 /* when the reply must be there, Unix epoch; 0: not told */
  const outgoing_transport *transport; /* to S3; null: no multipart uploads */
  const outgoing_transport *app;       /* to the app; null: it can't be asked */
  function_log *log;                   /* null: nobody wants it */
  uint8_t id[KEY_ID_BYTES];            /* random, new for each call */
} function_inputs;

/* `config` must outlive the function; `arena` too. False when s3_signer_init() is.
 * Call it before any other thread starts. */
bool function_init(upload_function *function, const upload_config *config, text_arena *arena);

/* Appends the reply for the service that sent the event. Returns null, or why
 * the event can't be answered at all, constant text. `arena` is for this call. */
const char *function_handle(upload_function *function, const function_inputs *inputs,
                            text_arena *arena, text_buffer *out);

#endif
