/* What is behind the public lambda_connection: a client, and the memory of the
 * invocation in hand.
 */
#ifndef RUNTIME_CONNECTION_H
#define RUNTIME_CONNECTION_H

#include <stdalign.h>
#include <stddef.h>

#include "client.h"
#include "reply.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lambda_connection {
  alignas(max_align_t) runtime_client client; /* so that what is behind all is aligned too */
  lambda_options options;                     /* with their defaults */
  text_arena arena;
  char *reply_storage;  /* LAMBDA_REPLY_MAX_BYTES */
  char *replay_storage; /* RUNTIME_STREAM_STORAGE_BYTES */
};

/* `given` with the defaults for what it leaves open. */
lambda_options runtime_connection_options(const lambda_options *given);

/* Waits for the next invocation in an arena emptied for it. */
runtime_client_answer runtime_connection_next(lambda_connection *connection,
                                              lambda_invocation *invocation);

/* Starts a reply to `request_id` in the connection's memory. */
void runtime_connection_start_reply(lambda_connection *connection, lambda_slice request_id,
                                    lambda_reply *reply);

/* Posts a settled reply; the empty request id posts a failure of the start. */
runtime_client_answer runtime_connection_post(lambda_connection *connection,
                                              lambda_slice request_id, lambda_reply *reply);

#ifdef __cplusplus
}
#endif

#endif
