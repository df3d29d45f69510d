#include "stream.h"

#include <stdio.h>
#include <string.h>

#include "text/json.h"

#define ERROR_TYPE_TRAILER "Lambda-Runtime-Function-Error-Type"
#define ERROR_BODY_TRAILER "Lambda-Runtime-Function-Error-Body"

static size_t take(lambda_slice from, char *out, size_t room) {
  const size_t size = from.size < room ? from.size : room;
  if (size > 0) {
    memcpy(out, from.data, size);
  }
  return size;
}

static size_t on_read(char *out, size_t size, size_t count, void *context) {
  runtime_stream *stream = context;
  const lambda_slice replay =
      text_slice_from(text_buffer_slice(&stream->replay), stream->replay_at);
  if (replay.size > 0) {
    const size_t taken = take(replay, out, size * count);
    stream->replay_at += taken;
    return taken;
  }
  const lambda_slice chunk = text_slice_from(stream->chunk, stream->chunk_at);
  if (chunk.size == 0 && !stream->last) {
    stream->paused = true;
    return CURL_READFUNC_PAUSE;
  }
  const size_t taken = take(chunk, out, size * count);
  stream->chunk_at += taken;
  return taken;
}

static void rewind_to_start(runtime_stream *stream) {
  stream->replay_at = 0;
  stream->chunk_at = 0;
}

/* libcurl starts anew on another connection. */
static int on_rewind(void *context, curl_off_t offset, int origin) {
  runtime_stream *stream = context;
  if (offset != 0 || origin != SEEK_SET || stream->gone) {
    return CURL_SEEKFUNC_FAIL;
  }
  rewind_to_start(stream);
  return CURL_SEEKFUNC_OK;
}

static bool is_all_taken(const runtime_stream *stream) {
  return stream->chunk_at == stream->chunk.size && stream->replay_at == stream->replay.size &&
         stream->paused;
}

static bool add_trailer(struct curl_slist **list, const char *name, lambda_slice value) {
  char line[40 * 1024];
  text_buffer text;
  text_buffer_init(&text, line, sizeof line);
  text_buffer_append_string(&text, name);
  text_buffer_append_string(&text, ": ");
  text_buffer_append(&text, value);
  text_buffer_append_byte(&text, '\0');
  struct curl_slist *longer = text.overflowed ? NULL : curl_slist_append(*list, line);
  *list = longer != NULL ? longer : *list;
  return longer != NULL;
}

/* libcurl frees the list. */
static int on_trailers(struct curl_slist **list, void *context) {
  const runtime_stream *stream = context;
  if (stream->error_type.size == 0) {
    return CURL_TRAILERFUNC_OK;
  }
  const bool added = add_trailer(list, ERROR_TYPE_TRAILER, stream->error_type) &&
                     add_trailer(list, ERROR_BODY_TRAILER, stream->error_body);
  return added ? CURL_TRAILERFUNC_OK : CURL_TRAILERFUNC_ABORT;
}

static bool begin(runtime_stream *stream) {
  runtime_client *client = stream->client;
  char url[RUNTIME_EXCHANGE_URL_MAX_BYTES];
  runtime_exchange_headers *headers = &stream->headers;
  runtime_exchange_headers_init(headers, stream->header_text, sizeof stream->header_text);
  runtime_exchange_headers_leave_out(headers, "Expect");
  runtime_exchange_headers_add_content_type(headers, stream->content_type);
  runtime_exchange_headers_add_invocation_id(headers, client, stream->request_id);
  runtime_exchange_headers_add(headers, "Lambda-Runtime-Function-Response-Mode",
                               TEXT_LITERAL("streaming"));
  runtime_exchange_headers_add(headers, "Transfer-Encoding", TEXT_LITERAL("chunked"));
  runtime_exchange_headers_add(headers, "Trailer",
                               TEXT_LITERAL(ERROR_TYPE_TRAILER ", " ERROR_BODY_TRAILER));
  if (!runtime_exchange_url(client, stream->request_id, "response", url) ||
      headers->text.overflowed) {
    (void)snprintf(client->error, sizeof client->error, "the request id or a header is too long");
    return false;
  }
  stream->receiver = (runtime_exchange_receiver){.invocation = NULL};
  runtime_exchange_prepare(client, url, &stream->receiver);
  curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
  curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers->nodes);
  curl_easy_setopt(client->curl, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(client->curl, CURLOPT_READDATA, stream);
  curl_easy_setopt(client->curl, CURLOPT_SEEKFUNCTION, on_rewind);
  curl_easy_setopt(client->curl, CURLOPT_SEEKDATA, stream);
  curl_easy_setopt(client->curl, CURLOPT_TRAILERFUNCTION, on_trailers);
  curl_easy_setopt(client->curl, CURLOPT_TRAILERDATA, stream);
  return runtime_exchange_begin(client);
}

static void resume(runtime_stream *stream) {
  if (stream->paused) {
    stream->paused = false;
    (void)curl_easy_pause(stream->client->curl, CURLPAUSE_CONT);
  }
}

static bool make_sure_it_has_begun(runtime_stream *stream) {
  if (!stream->begun) {
    stream->begun = true;
    stream->broken = !begin(stream);
  }
  return !stream->broken;
}

/* Once more from the start, on a new connection, when one broke before the API
 * answered: as with any other post, it ignores what it has already. */
static bool try_again(runtime_stream *stream) {
  if (stream->retries == 0) {
    stream->retries_max = runtime_exchange_retries(stream->client);
  }
  if (stream->retries == stream->retries_max || stream->gone ||
      stream->receiver.head == RUNTIME_EXCHANGE_HEAD_COMPLETE) {
    return false;
  }
  (void)runtime_exchange_end(stream->client, &stream->receiver);
  stream->retries++;
  stream->paused = false;
  rewind_to_start(stream);
  return begin(stream);
}

/* What is not kept must stay where it is until it has been taken. */
static void add(runtime_stream *stream, lambda_slice bytes) {
  stream->gone = stream->replay.overflowed;
  text_buffer_append(&stream->replay, bytes);
  stream->chunk = stream->replay.overflowed ? bytes : TEXT_LITERAL("");
  stream->chunk_at = 0;
}

/* Until all was taken, which is true, or there is nothing more to do. */
static bool move_on(runtime_stream *stream) {
  runtime_exchange_limit limit = runtime_exchange_limit_of(stream->client, stream->request_id);
  resume(stream);
  do {
    while (runtime_exchange_step(stream->client)) {
      if (is_all_taken(stream)) {
        return true;
      }
      if (!runtime_exchange_wait_within(stream->client, &limit)) {
        return false;
      }
    }
  } while (try_again(stream));
  return false;
}

static bool write_whole(runtime_stream *stream, lambda_slice bytes) {
  if (!make_sure_it_has_begun(stream)) {
    return false;
  }
  add(stream, bytes);
  stream->broken = !move_on(stream); /* the API answered, or went, before the end */
  return !stream->broken;
}

bool runtime_stream_write(runtime_stream *stream, lambda_slice bytes) {
  runtime_pool *const before = runtime_pool_use(&stream->client->memory);
  const bool written = write_whole(stream, bytes);
  (void)runtime_pool_use(before);
  return written;
}

long runtime_stream_end(runtime_stream *stream, lambda_slice error_type, lambda_slice error_body) {
  runtime_pool *const before = runtime_pool_use(&stream->client->memory);
  stream->error_type = error_type;
  stream->error_body = error_body;
  stream->last = true;
  add(stream, TEXT_LITERAL(""));
  if (make_sure_it_has_begun(stream)) {
    (void)move_on(stream);
  }
  const long status = runtime_exchange_end(stream->client, &stream->receiver);
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
