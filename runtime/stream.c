#include "stream.h"

#include <stdio.h>

#include "request.h"
#include "text/json.h"

#define ERROR_TYPE_TRAILER "Lambda-Runtime-Function-Error-Type"
#define ERROR_BODY_TRAILER "Lambda-Runtime-Function-Error-Body"

enum {
  SIZE_LINE_MAX_BYTES = sizeof "FFFFFFFFFFFFFFFF\r\n",
  FRAME_MAX_BYTES = SIZE_LINE_MAX_BYTES + 2,
  LAST_CHUNK_MAX_BYTES = 48 * 1024
};

/* What one step sends behind the replay: nothing, or a write that doesn't fit there. */
typedef struct rest_of_step {
  lambda_slice pieces[3];
  bool last; /* with it the request ends, so that an answer is to come */
} rest_of_step;

static void append_size_line(text_buffer *to, size_t size) {
  char line[SIZE_LINE_MAX_BYTES];
  (void)snprintf(line, sizeof line, "%zX\r\n", size);
  text_buffer_append_string(to, line);
}

static void append_chunk(text_buffer *to, lambda_slice bytes) {
  if (bytes.size > 0) {
    append_size_line(to, bytes.size);
    text_buffer_append(to, bytes);
    text_buffer_append_string(to, "\r\n");
  }
}

static void note_touched(runtime_stream *stream) {
  if (stream->replay.size > stream->touched_bytes) {
    stream->touched_bytes = stream->replay.size;
  }
}

/* The head of the request, and what opens the stream, into the replay. */
static bool begin(runtime_stream *stream) {
  text_buffer *head = &stream->replay;
  stream->exchange = (runtime_exchange){.client = stream->client, .request_id = stream->request_id};
  runtime_request_begin_post(head, stream->client, stream->request_id, "response",
                             stream->content_type);
  text_buffer_append_string(head,
                            "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
                            "Transfer-Encoding: chunked\r\n"
                            "Trailer: " ERROR_TYPE_TRAILER ", " ERROR_BODY_TRAILER "\r\n\r\n");
  append_chunk(head, stream->opening);
  return runtime_request_fits(head, stream->client);
}

static bool make_sure_it_has_begun(runtime_stream *stream) {
  if (!stream->begun) {
    stream->begun = true;
    stream->broken = !begin(stream);
  }
  return !stream->broken;
}

static bool connect_anew(runtime_stream *stream) {
  const runtime_client *client = stream->client;
  stream->replay_at = 0;
  stream->connected = runtime_exchange_begin(&stream->exchange, client->answer_storage,
                                             client->answer_storage_bytes);
  return stream->connected;
}

/* False when it can't be sent: the API answered, or went, before the end. */
static bool send_step(runtime_stream *stream, const rest_of_step *step) {
  runtime_exchange *exchange = &stream->exchange;
  const bool ready =
      stream->connected ? !runtime_exchange_is_interrupted(exchange) : connect_anew(stream);
  const lambda_slice replay =
      text_slice_from(text_buffer_slice(&stream->replay), stream->replay_at);
  if (!ready || !runtime_exchange_send(exchange, replay)) {
    return false;
  }
  stream->replay_at = stream->replay.size;
  for (size_t i = 0; i < sizeof step->pieces / sizeof step->pieces[0]; i++) {
    if (!runtime_exchange_send(exchange, step->pieces[i])) {
      return false;
    }
  }
  return true;
}

/* Once more from the start, on a new connection, when one broke before the API
 * answered: as with any other post, it ignores what it has already. */
static bool try_again(runtime_stream *stream) {
  if (stream->retries_max == 0) {
    stream->retries_max = runtime_exchange_retries(&stream->exchange);
  }
  if (stream->retries == stream->retries_max || stream->gone || stream->exchange.answer.ended ||
      stream->exchange.limit.passed) {
    return false;
  }
  (void)runtime_exchange_end(&stream->exchange, false);
  stream->connected = false;
  stream->retries++;
  return true;
}

/* True when it is sent, and the last one answered. */
static bool move_on(runtime_stream *stream, const rest_of_step *step) {
  stream->exchange.limit = (runtime_exchange_limit){0};
  do {
    const bool sent = send_step(stream, step);
    if (sent && !step->last) {
      return true;
    }
    if (stream->connected) {
      (void)runtime_exchange_receive(&stream->exchange);
    }
    if (sent && stream->exchange.answer.ended) {
      return true;
    }
  } while (try_again(stream));
  return false;
}

/* In the replay as long as it has room for all; when it has lost the start, for this write. */
static bool write_whole(runtime_stream *stream, lambda_slice bytes) {
  text_buffer *replay = &stream->replay;
  if (stream->gone) {
    text_buffer_clear(replay);
    stream->replay_at = 0;
  }
  rest_of_step step = {.last = false};
  char line[SIZE_LINE_MAX_BYTES];
  const bool fits = bytes.size <= replay->capacity - FRAME_MAX_BYTES &&
                    replay->size <= replay->capacity - FRAME_MAX_BYTES - bytes.size;
  if (fits) {
    append_chunk(replay, bytes);
  } else {
    text_buffer size_line;
    text_buffer_init(&size_line, line, sizeof line);
    append_size_line(&size_line, bytes.size);
    step.pieces[0] = text_buffer_slice(&size_line);
    step.pieces[1] = bytes;
    step.pieces[2] = TEXT_LITERAL("\r\n");
  }
  note_touched(stream);
  const bool written = move_on(stream, &step);
  stream->gone |= !fits;
  return written;
}

bool runtime_stream_write(runtime_stream *stream, lambda_slice bytes) {
  runtime_pool *const before = runtime_pool_use(&stream->client->memory);
  if (make_sure_it_has_begun(stream)) {
    stream->broken = !write_whole(stream, bytes);
  }
  (void)runtime_pool_use(before);
  return !stream->broken;
}

static bool end_whole(runtime_stream *stream, lambda_slice error_type, lambda_slice error_body) {
  char storage[LAST_CHUNK_MAX_BYTES];
  text_buffer last_chunk;
  text_buffer_init(&last_chunk, storage, sizeof storage);
  text_buffer_append_string(&last_chunk, "0\r\n");
  if (error_type.size > 0) {
    runtime_request_append_field(&last_chunk, ERROR_TYPE_TRAILER, error_type);
    runtime_request_append_field(&last_chunk, ERROR_BODY_TRAILER, error_body);
  }
  text_buffer_append_string(&last_chunk, "\r\n");
  const rest_of_step step = {.pieces = {text_buffer_slice(&last_chunk)}, .last = true};
  note_touched(stream);
  return runtime_request_fits(&last_chunk, stream->client) && move_on(stream, &step);
}

int runtime_stream_end(runtime_stream *stream, lambda_slice error_type, lambda_slice error_body) {
  runtime_pool *const before = runtime_pool_use(&stream->client->memory);
  bool ended = false;
  if (make_sure_it_has_begun(stream)) {
    ended = end_whole(stream, error_type, error_body);
  }
  const int status = runtime_exchange_end(&stream->exchange, ended);
  (void)runtime_pool_use(before);
  return status;
}

static void append_pairs(text_buffer *buffer, const lambda_http_head *head) {
  for (size_t i = 0; i < head->header_count; i++) {
    text_buffer_append_string(buffer, i > 0 ? "," : "");
    text_json_append_string(buffer, head->headers[i].name);
    text_buffer_append_byte(buffer, ':');
    text_json_append_string(buffer, head->headers[i].value);
  }
}

void runtime_stream_append_http_head(text_buffer *buffer, const lambda_http_head *head) {
  static const char eight_nuls[8] = {0};
  text_buffer_append_string(buffer, "{\"statusCode\":");
  text_buffer_append_decimal(buffer, head->status_code);
  text_buffer_append_string(buffer, ",\"headers\":{");
  append_pairs(buffer, head);
  text_buffer_append_string(buffer, "},\"cookies\":[");
  for (size_t i = 0; i < head->cookie_count; i++) {
    text_buffer_append_string(buffer, i > 0 ? "," : "");
    text_json_append_string(buffer, head->cookies[i]);
  }
  text_buffer_append_string(buffer, "]}");
  text_buffer_append(buffer, (text_slice){eight_nuls, sizeof eight_nuls});
}
