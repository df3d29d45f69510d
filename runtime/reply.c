#include "reply.h"

#include <string.h>

#include "text/base64.h"
#include "text/header_value.h"
#include "text/utf8.h"

/* Escaped and in base64, the longest message fits several times into a reply's
 * storage; a trailer has less room. */
enum { MESSAGE_MAX_BYTES = 64 * 1024, TRAILER_MESSAGE_MAX_BYTES = 4 * 1024 };

void runtime_reply_init(lambda_reply *reply, text_arena *arena, char *storage, size_t capacity) {
  *reply = (lambda_reply){.arena = arena};
  text_buffer_init(&reply->body, storage, capacity);
}

int lambda_reply_append(lambda_reply *reply, lambda_slice bytes) {
  if (reply->stream.content_type != NULL) {
    return lambda_stream_write(reply, bytes);
  }
  if (!reply->failed) {
    text_buffer_append(&reply->body, bytes);
  }
  return 0;
}

text_arena *lambda_arena(lambda_reply *reply) {
  return reply->arena;
}

text_buffer *lambda_reply_body(lambda_reply *reply) {
  return &reply->body;
}

void *lambda_allocate(lambda_reply *reply, size_t size_bytes) {
  return text_arena_allocate(reply->arena, size_bytes);
}

size_t runtime_reply_touched_bytes(const lambda_reply *reply) {
  return reply->body.size > reply->peak_bytes ? reply->body.size : reply->peak_bytes;
}

/* Appends to the failure's texts and returns what was appended. */
static lambda_slice keep(text_buffer *texts, lambda_slice text) {
  const size_t start = texts->size;
  text_buffer_append(texts, text);
  return text_slice_from(text_buffer_slice(texts), start);
}

static lambda_slice cut(lambda_slice message, size_t max_bytes) {
  return message.size <= max_bytes ? message
                                   : text_utf8_whole((lambda_slice){message.data, max_bytes});
}

/* As keep(), the first text of all: one that may be in the storage already. */
static lambda_slice move_to_start(text_buffer *texts, lambda_slice text) {
  text_buffer_clear(texts);
  if (text.size > texts->capacity) {
    texts->overflowed = true;
  } else if (text.size > 0) {
    memmove(texts->data, text.data, text.size);
    texts->size = text.size;
  }
  return text_buffer_slice(texts);
}

/* `type` is not in the reply's storage. */
static void fail(lambda_reply *reply, lambda_slice type, lambda_slice message) {
  reply->peak_bytes = runtime_reply_touched_bytes(reply);
  reply->failed = true;
  reply->error_message = move_to_start(&reply->body, cut(message, MESSAGE_MAX_BYTES));
  reply->error_type = keep(&reply->body, type);
}

int lambda_fail(lambda_reply *reply, const char *type, lambda_slice message) {
  char copy[RUNTIME_ERROR_TYPE_MAX_BYTES];
  text_buffer given;
  text_buffer_init(&given, copy, sizeof copy);
  text_buffer_append_string(&given, type);
  const bool valid = runtime_error_type_is_valid(text_buffer_slice(&given));
  fail(reply, valid ? text_buffer_slice(&given) : TEXT_LITERAL("Function.Unknown"), message);
  return -1;
}

void runtime_reply_fail_with(lambda_reply *reply, const char *type, lambda_slice message,
                             lambda_slice body, lambda_slice cause) {
  (void)lambda_fail(reply, type, message);
  reply->error_body = keep(&reply->body, body);
  reply->error_cause =
      text_header_value_is_one_line(cause) ? keep(&reply->body, cause) : TEXT_LITERAL("");
}

void runtime_reply_set_content_type(lambda_reply *reply, lambda_slice content_type) {
  if (content_type.size > 0 && text_header_value_is_one_line(content_type)) {
    reply->content_type = text_arena_copy(reply->arena, content_type).data;
  }
}

void runtime_reply_settle(lambda_reply *reply, int handler_result) {
  if (reply->failed) {
    return;
  }
  if (handler_result != 0) {
    fail(reply, TEXT_LITERAL("Function.HandlerFailed"),
         TEXT_LITERAL("the handler returned an error without saying which"));
  } else if (reply->body.overflowed) {
    fail(reply, TEXT_LITERAL("Function.ResponseSizeTooLarge"),
         TEXT_LITERAL("the reply is larger than the 6,291,556 bytes that Lambda accepts"));
  }
}

/* What is left of the storage behind `used_bytes`. */
static text_buffer room_behind(const text_buffer *storage, size_t used_bytes) {
  text_buffer room;
  text_buffer_init(&room, storage->data + used_bytes, storage->capacity - used_bytes);
  return room;
}

/* What `append` writes of the report behind `used_bytes`; empty when it does not fit. */
static lambda_slice make(const lambda_reply *reply, size_t used_bytes,
                         void (*append)(text_buffer *, const runtime_error_report *)) {
  const runtime_error_report report = {.type = reply->error_type, .message = reply->error_message};
  text_buffer room = room_behind(&reply->body, used_bytes);
  append(&room, &report);
  return room.overflowed ? TEXT_LITERAL("") : text_buffer_slice(&room);
}

runtime_reply_report runtime_reply_make_report(const lambda_reply *reply) {
  runtime_reply_report report = {reply->error_body, reply->error_cause};
  size_t used_bytes = reply->body.size;
  if (report.body.size == 0) {
    report.body = make(reply, used_bytes, runtime_error_report_append);
    used_bytes += report.body.size;
  }
  if (report.xray_cause.size == 0) {
    report.xray_cause = make(reply, used_bytes, runtime_error_report_append_cause);
  }
  return report;
}

static int start_stream(lambda_reply *reply, const char *content_type) {
  if (reply->failed || reply->stream.content_type != NULL || reply->body.size > 0) {
    return -1;
  }
  /* A copy, for the caller's text may be gone when the first bytes are sent. */
  const lambda_slice copy = text_arena_copy(reply->arena, text_slice_of(content_type));
  reply->stream.content_type = copy.data;
  return copy.data != NULL ? 0 : -1;
}

int lambda_stream(lambda_reply *reply, const char *content_type) {
  return start_stream(reply,
                      content_type != NULL ? content_type : reply->options->reply_content_type);
}

int lambda_stream_http(lambda_reply *reply, const lambda_http_head *head) {
  if (start_stream(reply, "application/vnd.awslambda.http-integration-response") != 0) {
    return -1;
  }
  text_buffer text = text_arena_open(reply->arena);
  if (text.capacity > RUNTIME_STREAM_HTTP_HEAD_MAX_BYTES) {
    text.capacity = RUNTIME_STREAM_HTTP_HEAD_MAX_BYTES;
  }
  runtime_stream_append_http_head(&text, head);
  reply->stream.opening = text_arena_close(reply->arena, &text);
  if (text.overflowed) {
    reply->stream.content_type = NULL; /* no stream after all */
    return -1;
  }
  return 0;
}

int lambda_stream_write(lambda_reply *reply, lambda_slice bytes) {
  if (reply->failed || reply->stream.content_type == NULL) {
    return -1;
  }
  return bytes.size == 0 || runtime_stream_write(&reply->stream, bytes) ? 0 : -1;
}

int runtime_reply_end_stream(lambda_reply *reply) {
  if (!reply->failed) {
    return runtime_stream_end(&reply->stream, TEXT_LITERAL(""), TEXT_LITERAL(""));
  }
  const runtime_error_report report = {
      .type = reply->error_type, .message = cut(reply->error_message, TRAILER_MESSAGE_MAX_BYTES)};
  text_buffer json = room_behind(&reply->body, reply->body.size);
  runtime_error_report_append(&json, &report);
  text_buffer encoded = room_behind(&reply->body, reply->body.size + json.size);
  text_base64_append_encoded(&encoded, text_buffer_slice(&json));
  return runtime_stream_end(&reply->stream, reply->error_type, text_buffer_slice(&encoded));
}
