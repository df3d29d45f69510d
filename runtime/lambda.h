/* The AWS Lambda Runtime API for C functions on an OS-only runtime.
 *
 * A program calls lambda_run() with a handler. lambda_run() asks the Runtime API
 * for an invocation, calls the handler, posts its reply or its failure, and asks
 * for the next, until the platform stops the process.
 *
 *   static int echo(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
 *     (void)context;
 *     return lambda_reply_append(reply, invocation->payload);
 *   }
 *   int main(void) { return lambda_run(NULL, echo, NULL); }
 *
 * Memory: everything an invocation needs comes from one arena with a fixed
 * ceiling, which is emptied when the handler returns. Nothing here is freed by
 * the caller.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
#ifndef LAMBDA_H
#define LAMBDA_H

#include <stddef.h>
#include <stdint.h>

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The largest reply the Runtime API accepts: 6 MiB and 100 bytes. */
#define LAMBDA_REPLY_MAX_BYTES 6291556

typedef text_slice lambda_slice;

/* One invocation. Every slice is valid until the handler returns. What the
 * Runtime API did not send is the empty slice, or 0 for the deadline; only
 * request_id is always there. */
typedef struct lambda_invocation {
  lambda_slice payload; /* the event: usually JSON, but any bytes */
  lambda_slice request_id;
  lambda_slice function_arn;
  lambda_slice trace_id;
  lambda_slice client_context;   /* JSON, from mobile SDKs */
  lambda_slice cognito_identity; /* JSON */
  lambda_slice tenant_id;
  lambda_slice content_type;
  lambda_slice invocation_id; /* of this try of the request; told with its answer */
  int64_t deadline_ms;        /* Unix epoch, milliseconds */
} lambda_invocation;

/* What the handler answers. It belongs to the runtime. */
typedef struct lambda_reply lambda_reply;

/* Handles one invocation: appends the answer to `reply` and returns 0, or
 * returns lambda_fail(). Any other non-zero return is reported as
 * Function.HandlerFailed. `context` is the pointer given to lambda_run(). */
typedef int lambda_handle(const lambda_invocation *invocation, lambda_reply *reply, void *context);

/* What lambda_run() may be told. A zero field means its default. The options are
 * copied, but not their strings: those must be valid until lambda_run() or
 * lambda_init_error() returns, or until the connection of lambda_connect() is closed. */
typedef struct lambda_options {
  const char *runtime_api;        /* "host:port"; default: $AWS_LAMBDA_RUNTIME_API */
  const char *user_agent;         /* default: this library and its version; 4 KiB at most */
  const char *reply_content_type; /* default: application/json; empty: none is told */
  size_t workers;                 /* how many invocations at once; default:
                                    $AWS_LAMBDA_MAX_CONCURRENCY, or 1 */
  size_t arena_bytes;             /* ceiling of one invocation's memory: the event and what
                                     the handler allocates; default 48 MiB. Address space,
                                     not resident memory. The reply has its own. */
} lambda_options;

/* Serves invocations; `options` may be null. Returns an exit status: 0 after a
 * SIGTERM, when the invocations in hand are answered; 1 when the Runtime API can't
 * be reached or gives no invocation three times in a row, refuses to go on, or the
 * options are wrong, which has then been logged.
 *
 * With one worker, the handler runs on the calling thread, and _X_AMZN_TRACE_ID
 * is in the environment during each invocation that has a trace id. With more,
 * each has a thread, a connection and memory of its own, and they share nothing
 * but `context`; the threads have ended, their thread-local destructors included,
 * when it returns.
 *
 * A handler that crashes (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, stack
 * overflow) is reported as Runtime.Crash... with a stack trace, also when a thread
 * that it started crashes; the process ends when the other workers have answered
 * what they have in hand, or at its deadlines. */
int lambda_run(const lambda_options *options, lambda_handle *handler, void *context);

/* Reports that the function can't start (POST /init/error) and returns the exit
 * status 1, so that main() can `return lambda_init_error(...)`. `type` as for
 * lambda_fail(). The message is logged as well. */
int lambda_init_error(const lambda_options *options, const char *type, lambda_slice message);

/* Appends to the reply. Returns 0. Past LAMBDA_REPLY_MAX_BYTES the reply is
 * marked as too large, further bytes are dropped, and the invocation is reported
 * as Function.ResponseSizeTooLarge: no need to check. After lambda_fail() nothing
 * is appended. */
int lambda_reply_append(lambda_reply *reply, lambda_slice bytes);

/* Fails the invocation: whatever was appended is dropped. `type` is
 * "Function." or "Runtime." and a capitalised word of ASCII letters, 128 bytes at
 * most; anything else is reported as Function.Unknown. `message` is UTF-8, goes
 * to the caller and is cut at 64 KiB; it may be a part of the reply. Returns -1, so
 * that a handler can `return lambda_fail(...)`. */
int lambda_fail(lambda_reply *reply, const char *type, lambda_slice message);

/* Memory for this invocation, aligned for any type and not cleared; null when
 * the arena is exhausted. Released when the handler returns. */
void *lambda_allocate(lambda_reply *reply, size_t size_bytes);

/* The memory and the reply themselves, for code that takes an arena and a buffer
 * (text/arena.h, text/buffer.h). After lambda_fail() the body is not to be touched. */
struct text_arena *lambda_arena(lambda_reply *reply);
struct text_buffer *lambda_reply_body(lambda_reply *reply);

/* ---- Streaming ---------------------------------------------------------------
 * A reply that is sent while it is made, of up to 200 MiB, where the function is
 * invoked with response streaming.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */

typedef text_pair lambda_pair;

/* The head of an HTTP reply, for function URLs. */
typedef struct lambda_http_head {
  int status_code;
  const lambda_pair *headers;
  size_t header_count;
  const lambda_slice *cookies; /* values of Set-Cookie */
  size_t cookie_count;
} lambda_http_head;

/* Makes `reply` a stream whose bytes have this content type (null: that of the
 * options). Nothing is sent yet, so the handler may still fail as usual. Returns
 * 0, or -1 when something was appended or streamed already, or memory is out. */
int lambda_stream(lambda_reply *reply, const char *content_type);

/* The same for an HTTP reply: `head` goes out before the first bytes, which are
 * the body's. As JSON it has 64 KiB at most: -1 when it has more. After -1 the reply is
 * what it was. */
int lambda_stream_http(lambda_reply *reply, const lambda_http_head *head);

/* Sends `bytes` of the stream, and waits until they are on their way. Returns 0,
 * or -1 when the Runtime API takes no more of it: then the handler had better
 * return. A lambda_fail() after the first bytes is told in the trailers of the
 * stream. lambda_reply_append() on a stream is the same. */
int lambda_stream_write(lambda_reply *reply, lambda_slice bytes);

/* ---- A loop of your own ------------------------------------------------------
 * What lambda_run() is made of, for programs that must drive it themselves. */

typedef struct lambda_connection lambda_connection;

/* Gets ready to ask for invocations; `options` may be null. Null, and logged, when
 * that can't be. A connection serves one thread at a time. */
lambda_connection *lambda_connect(const lambda_options *options);
void lambda_disconnect(lambda_connection *connection); /* null is ignored */

/* Waits for the next invocation. Returns the HTTP status: 200 with an invocation,
 * whose slices are valid until the next call; 413 when the event is larger than
 * the arena: it has its request id, for lambda_respond(), and no whole payload; 0
 * when the Runtime API can't be reached, or gives an event without a request id. */
int lambda_next(lambda_connection *connection, lambda_invocation *invocation);

/* Posts an answer, or a failure, to the invocation of `request_id`. A null content
 * type is that of the options. Return the HTTP status: 202 when it was taken, 413
 * when the body was too large, 400 when there is no such invocation, 0 when the Runtime
 * API can't be reached, or has not answered ten seconds after the invocation's deadline
 * (after 15 minutes when there is none, or it is another invocation's). */
int lambda_respond(lambda_connection *connection, lambda_slice request_id, lambda_slice body,
                   const char *content_type);
int lambda_respond_error(lambda_connection *connection, lambda_slice request_id, const char *type,
                         lambda_slice message);

/* Milliseconds until the deadline, 0 when it has passed, INT64_MAX when none
 * was told. */
int64_t lambda_remaining_ms(const lambda_invocation *invocation);

typedef enum lambda_log_level {
  LAMBDA_LOG_TRACE,
  LAMBDA_LOG_DEBUG,
  LAMBDA_LOG_INFO,
  LAMBDA_LOG_WARN,
  LAMBDA_LOG_ERROR,
  LAMBDA_LOG_FATAL
} lambda_log_level;

/* Writes one line to standard error with the invocation's request id, as plain
 * text or as a JSON object (AWS_LAMBDA_LOG_FORMAT=JSON), when `level` is at
 * least AWS_LAMBDA_LOG_LEVEL (default INFO). Control bytes are escaped, so a
 * message can't forge a line; a message is cut at 4 KiB. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void lambda_log(lambda_log_level level, const char *format, ...);

/* "major.minor.patch" */
const char *lambda_version(void);

#ifdef __cplusplus
}
#endif

#endif
