/* What is behind the public lambda_reply. */
#ifndef RUNTIME_REPLY_H
#define RUNTIME_REPLY_H

#include "error_report.h"
#include "stream.h"
#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

struct lambda_reply {
  text_arena *arena;
  const lambda_options *options;
  text_buffer body;         /* the answer; of a failed reply, the texts of the failure */
  size_t peak_bytes;        /* the most that a failure dropped from it */
  const char *content_type; /* null: that of the options */
  bool failed;
  lambda_slice error_type;
  lambda_slice error_message;
  lambda_slice error_body; /* empty: made of the two, as is the next */
  lambda_slice error_cause;
  runtime_stream stream;
};

/* Starts a reply whose body is kept in `storage`, and whose handler allocates
 * from `arena`. `options` and `stream`'s client must outlive it; they may be null
 * where no handler gets the reply. */
void runtime_reply_init(lambda_reply *reply, text_arena *arena, char *storage, size_t capacity);

/* A content type of the reply's own; copied. One that a header can't hold, or for
 * which the arena has no room, leaves that of the options. */
void runtime_reply_set_content_type(lambda_reply *reply, lambda_slice content_type);

/* As lambda_fail(), with a report of the handler's own: its body, and what X-Ray is
 * told (one line). Where one is empty it is made of type and message. */
void runtime_reply_fail_with(lambda_reply *reply, const char *type, lambda_slice message,
                             lambda_slice body, lambda_slice cause);

/* Turns what a handler left (its return value, too large a body) into either an
 * answer or a failure; `failed` then tells which. */
void runtime_reply_settle(lambda_reply *reply, int handler_result);

/* How a failed reply is told. */
typedef struct runtime_reply_report {
  lambda_slice body;
  lambda_slice xray_cause;
} runtime_reply_report;

/* Writes the report into the room behind the failure's texts: a handler that used
 * up its memory can still say so. Valid as long as they are. */
runtime_reply_report runtime_reply_make_report(const lambda_reply *reply);

/* Ends a stream, with trailers if the reply has failed. Returns as runtime_stream_end(). */
int runtime_reply_end_stream(lambda_reply *reply);

/* How much of its storage a reply has used at most. */
size_t runtime_reply_touched_bytes(const lambda_reply *reply);

#ifdef __cplusplus
}
#endif

#endif
