/* What the C++ headers call: lambda.h in names that no program has.
 *
 * Programs written for aws-lambda-cpp may have a function called lambda_handler
 * or a type called text_slice, so its headers must not bring lambda.h's names
 * into them. Nobody else needs this header: it may change with each version.
 */
#ifndef COUNTERSIGN_BRIDGE_H
#define COUNTERSIGN_BRIDGE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that somebody else owns. */
typedef struct countersign_bytes {
  const char *data;
  size_t size;
} countersign_bytes;

/* As lambda_invocation. */
typedef struct countersign_request {
  countersign_bytes payload;
  countersign_bytes request_id;
  countersign_bytes trace_id;
  countersign_bytes client_context;
  countersign_bytes cognito_identity;
  countersign_bytes function_arn;
  countersign_bytes content_type;
  countersign_bytes tenant_id;
  countersign_bytes invocation_id;
  int64_t deadline_ms; /* Unix epoch; 0 when not told */
} countersign_request;

/* The answer to one, or what is told instead of it. */
typedef struct countersign_answer {
  int failed;
  countersign_bytes body;
  const char *content_type;
  /* Of a failure: its type as the Runtime API's header wants it, what the log says,
   * and what X-Ray is told (one line of JSON, or empty). */
  const char *error_type;
  countersign_bytes error_message;
  countersign_bytes xray_cause;
} countersign_answer;

/* Handles one request and calls countersign_reply_with() once. */
typedef struct countersign_reply countersign_reply;
typedef void countersign_handler(const countersign_request *request, countersign_reply *reply,
                                 void *context);

/* As lambda_run(), with the default options. */
int countersign_run(countersign_handler *handler, void *context);

/* Copies the answer. */
void countersign_reply_with(countersign_reply *reply, const countersign_answer *answer);

/* A loop of one's own. As lambda_connect() and its like; `runtime_api` and
 * `user_agent` (null: the default) must outlive the connection. */
typedef struct countersign_connection countersign_connection;
countersign_connection *countersign_connect(const char *runtime_api, const char *user_agent);
void countersign_disconnect(countersign_connection *connection);
int countersign_next(countersign_connection *connection, countersign_request *request);
int countersign_post(countersign_connection *connection, countersign_bytes request_id,
                     countersign_bytes invocation_id, const countersign_answer *answer);
int countersign_post_init_error(countersign_connection *connection,
                                const countersign_answer *answer);

/* One line of the log: "TAG message". */
typedef enum countersign_level {
  COUNTERSIGN_DEBUG,
  COUNTERSIGN_INFO,
  COUNTERSIGN_ERROR
} countersign_level;
#if defined(__GNUC__)
__attribute__((format(printf, 3, 0)))
#endif
void countersign_log(countersign_level level, const char *tag, const char *format,
                     va_list arguments);

/* Writes `text` as a JSON string with its quotes, valid whatever the text is, and
 * returns its size. `storage` must have 6 bytes for each of the text and 2 more. */
size_t countersign_quote(countersign_bytes text, char *storage);

/* As lambda_version(). */
const char *countersign_version(void);

#ifdef __cplusplus
}
#endif

#endif
