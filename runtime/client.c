#include "client.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "invocation.h"
#include "request.h"
#include "text/ascii.h"
#include "text/decimal.h"

enum {
  FIRST_TRIES = 16,
  FIRST_TRY_PAUSE_US = 50 * 1000,
  PORT_MAX = 65535,
  HOST_MAX_BYTES = 272,
  USER_AGENT_MAX_BYTES = 4096,
  FIXED_FIELDS_MAX_BYTES = 256 /* of GET next: all but the host and the user agent */
};

/* "host:port" of a name or an IPv4 address: nothing that could turn the URL into
 * another one. */
static bool is_host_and_port(text_slice text) {
  text_slice port = text;
  text_slice host;
  int64_t number = 0;
  if (!text_slice_split(&port, ':', &host) || host.size == 0 ||
      !text_decimal_parse(port, PORT_MAX, &number) || number == 0) {
    return false;
  }
  for (size_t i = 0; i < host.size; i++) {
    const char c = host.data[i];
    if (!text_ascii_is_alnum(c) && c != '.' && c != '-' && c != '_') {
      return false;
    }
  }
  return true;
}

static bool check_host(runtime_client *client, const char *runtime_api) {
  if (runtime_api == NULL || runtime_api[0] == '\0') {
    (void)snprintf(client->error, sizeof client->error,
                   "AWS_LAMBDA_RUNTIME_API is not set: this program is started by Lambda, or by an "
                   "emulator of it such as `sam local invoke`");
    return false;
  }
  const lambda_slice host = text_slice_of(runtime_api);
  if (host.size > HOST_MAX_BYTES || !is_host_and_port(host)) {
    (void)snprintf(client->error, sizeof client->error,
                   "AWS_LAMBDA_RUNTIME_API must be host:port, such as 127.0.0.1:9001");
    return false;
  }
  return true;
}

/* An empty buffer in the pool; no larger than it has to be, for a start touches it. */
static bool open_buffer(text_buffer *buffer, size_t capacity) {
  text_buffer_init(buffer, runtime_pool_malloc(capacity), capacity);
  return buffer->data != NULL;
}

static bool make_origin(runtime_client *client, const char *host) {
  static const char scheme[] = "http://";
  text_buffer origin;
  if (!open_buffer(&origin, sizeof scheme + strlen(host))) {
    return false;
  }
  text_buffer_append_string(&origin, scheme);
  text_buffer_append_string(&origin, host);
  text_buffer_append_byte(&origin, '\0');
  client->origin = origin.data;
  return true;
}

static bool make_next(runtime_client *client, lambda_slice host, lambda_slice user_agent) {
  text_buffer request;
  if (!open_buffer(&request, FIXED_FIELDS_MAX_BYTES + host.size + user_agent.size)) {
    return false;
  }
  text_buffer_append_string(&request, "GET " RUNTIME_REQUEST_PATH "invocation/next HTTP/1.1\r\n");
  const size_t fields_at = request.size;
  runtime_request_append_field(&request, "Host", host);
  runtime_request_append_field(&request, "User-Agent", user_agent);
  client->common_fields = text_slice_from(text_buffer_slice(&request), fields_at);
  text_buffer_append_string(&request, "\r\n");
  client->next = text_buffer_slice(&request);
  return !request.overflowed;
}

/* What is the same for each request is written once. */
static bool prepare(runtime_client *client, const lambda_options *options) {
  const lambda_slice user_agent = text_slice_of(options->user_agent);
  runtime_pool *const before = runtime_pool_use(&client->memory);
  const bool made = user_agent.size <= USER_AGENT_MAX_BYTES &&
                    make_origin(client, options->runtime_api) &&
                    make_next(client, text_slice_of(options->runtime_api), user_agent);
  (void)runtime_pool_use(before);
  if (!made) {
    (void)snprintf(client->error, sizeof client->error, "the user agent is longer than %d bytes",
                   USER_AGENT_MAX_BYTES);
  }
  return made;
}

bool runtime_client_start_library(void) {
  return curl_global_init_mem(CURL_GLOBAL_NOTHING, runtime_pool_malloc, runtime_pool_free,
                              runtime_pool_realloc, runtime_pool_strdup,
                              runtime_pool_calloc) == CURLE_OK;
}

bool runtime_client_open(runtime_client *client, const lambda_options *options,
                         const runtime_client_storage *storage) {
  *client = (runtime_client){.memory = {.region = storage->pool, .lent = true},
                             .answer_storage = storage->answers,
                             .answer_storage_bytes = storage->answers_bytes,
                             .stop_descriptor = -1};
  return check_host(client, options->runtime_api) && prepare(client, options);
}

void runtime_client_close(runtime_client *client) {
  runtime_pool *const before = runtime_pool_use(&client->memory);
  runtime_transport_close(&client->transport);
  runtime_pool_release();
  (void)runtime_pool_use(before);
}

static void on_field(void *context, text_pair field) {
  lambda_invocation *invocation = context;
  runtime_invocation_take_field(invocation, field);
}

static runtime_client_answer ask_for_next(runtime_client *client, text_arena *arena,
                                          lambda_invocation *invocation) {
  runtime_exchange exchange = {.client = client, .limit.endless = true};
  runtime_http_answer *const got = &exchange.answer;
  text_buffer memory = text_arena_open(arena);
  runtime_client_answer answer = {0};
  *invocation = (lambda_invocation){0};
  if (runtime_exchange_begin(&exchange, memory.data, memory.capacity)) {
    got->take_field = on_field;
    got->context = invocation;
    const bool sent = runtime_exchange_send(&exchange, client->next);
    answer.stopped = !runtime_exchange_receive(&exchange);
    answer.status = runtime_exchange_end(&exchange, sent);
    answer.cut = answer.status == 0 && got->head.whole;
    answer.truncated = got->dropped;
  }
  answer.missed = exchange.kept && answer.status == 0 && !got->begun && !answer.stopped;
  memory.size = got->size;
  text_arena_note_touched(arena, got->touched);
  (void)text_arena_close(arena, &memory);
  if (got->head.whole) {
    invocation->payload = runtime_http_answer_body(got);
  } else {
    *invocation = (lambda_invocation){0}; /* half a head says nothing */
  }
  client->request_id = invocation->request_id;
  client->invocation_id = invocation->invocation_id;
  client->deadline_ms = invocation->deadline_ms;
  return answer;
}

runtime_client_answer runtime_client_next(runtime_client *client, text_arena *arena,
                                          lambda_invocation *invocation) {
  const size_t mark = arena->used_bytes;
  runtime_pool *const before = runtime_pool_use(&client->memory);
  runtime_client_answer answer = ask_for_next(client, arena, invocation);
  if (answer.missed) {
    text_arena_rewind(arena, mark);
    answer = ask_for_next(client, arena, invocation);
  }
  /* The emulator may start a function before it listens, and this one is quick. */
  for (int tries = 1; tries < FIRST_TRIES && client->refused && !client->answered; tries++) {
    (void)usleep(FIRST_TRY_PAUSE_US);
    answer = ask_for_next(client, arena, invocation);
  }
  (void)runtime_pool_use(before);
  return answer;
}

/* Head and body go out at once where there is room for the head in front of the body, or
 * behind the head for the body. */
static bool send_both(runtime_exchange *exchange, text_buffer *head,
                      const runtime_client_post_request *request) {
  const lambda_slice body = request->body;
  if (head->size <= request->room_bytes) {
    char *start = request->room + request->room_bytes - head->size;
    memcpy(start, head->data, head->size);
    return runtime_exchange_send(exchange, (lambda_slice){start, head->size + body.size});
  }
  if (body.size <= head->capacity - head->size) {
    const size_t head_bytes = head->size;
    text_buffer_append(head, body);
    const lambda_slice both = text_buffer_slice(head);
    head->size = head_bytes; /* for the next try */
    return runtime_exchange_send(exchange, both);
  }
  return runtime_exchange_send(exchange, text_buffer_slice(head)) &&
         runtime_exchange_send(exchange, body);
}

static int post_once(runtime_exchange *exchange, text_buffer *head,
                     const runtime_client_post_request *request) {
  runtime_client *client = exchange->client;
  if (!runtime_exchange_begin(exchange, client->answer_storage, client->answer_storage_bytes)) {
    return 0;
  }
  const bool sent = send_both(exchange, head, request);
  (void)runtime_exchange_receive(exchange);
  return runtime_exchange_end(exchange, sent);
}

static void append_head(text_buffer *head, const runtime_client *client,
                        const runtime_client_post_request *request) {
  runtime_request_begin_post(head, client, request->request_id, request->call,
                             request->content_type);
  runtime_request_append_field(head, "Lambda-Runtime-Function-Error-Type", request->error_type);
  text_buffer_append_string(head, "Content-Length: ");
  text_buffer_append_decimal(head, (int64_t)request->body.size);
  text_buffer_append_string(head, "\r\n");
  head->capacity -= 2; /* for the blank line */
  runtime_request_append_field_if_it_fits(head, "Lambda-Runtime-Function-XRay-Error-Cause",
                                          request->xray_cause);
  head->capacity += 2;
  text_buffer_append_string(head, "\r\n");
}

static runtime_client_answer post(runtime_client *client,
                                  const runtime_client_post_request *request) {
  char storage[RUNTIME_REQUEST_HEAD_MAX_BYTES];
  text_buffer head;
  text_buffer_init(&head, storage, sizeof storage);
  append_head(&head, client, request);
  if (!runtime_request_fits(&head, client)) {
    return (runtime_client_answer){0};
  }
  runtime_exchange exchange = {.client = client, .request_id = request->request_id};
  runtime_client_answer answer = {.status = post_once(&exchange, &head, request)};
  /* The API ignores an answer it already has, so sending it again is safe. */
  for (int left = runtime_exchange_retries(&exchange);
       answer.status == 0 && left > 0 && !exchange.limit.passed; left--) {
    answer.status = post_once(&exchange, &head, request);
  }
  return answer;
}

runtime_client_answer runtime_client_post(runtime_client *client,
                                          const runtime_client_post_request *request) {
  runtime_pool *const before = runtime_pool_use(&client->memory);
  const runtime_client_answer answer = post(client, request);
  (void)runtime_pool_use(before);
  return answer;
}
