#include "client.h"

#include <stdio.h>
#include <unistd.h>

#include "exchange.h"
#include "text/ascii.h"
#include "text/decimal.h"

enum {
  FIRST_TRIES = 16,
  FIRST_TRY_PAUSE_US = 50 * 1000,
  PORT_MAX = 65535,
  HEADERS_MAX_BYTES = 16 * 1024
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

static bool set_base_url(runtime_client *client, const char *runtime_api) {
  if (runtime_api == NULL || runtime_api[0] == '\0') {
    (void)snprintf(client->error, sizeof client->error,
                   "AWS_LAMBDA_RUNTIME_API is not set: this program is started by Lambda, or by an "
                   "emulator of it such as `sam local invoke`");
    return false;
  }
  const int size = snprintf(client->base_url, sizeof client->base_url,
                            "http://%s/2018-06-01/runtime", runtime_api);
  if (size >= (int)sizeof client->base_url || !is_host_and_port(text_slice_of(runtime_api))) {
    (void)snprintf(client->error, sizeof client->error,
                   "AWS_LAMBDA_RUNTIME_API must be host:port, such as 127.0.0.1:9001");
    return false;
  }
  return true;
}

bool runtime_client_start_library(void) {
  return curl_global_init_mem(CURL_GLOBAL_NOTHING, runtime_pool_malloc, runtime_pool_free,
                              runtime_pool_realloc, runtime_pool_strdup,
                              runtime_pool_calloc) == CURLE_OK;
}

bool runtime_client_open(runtime_client *client, const lambda_options *options) {
  *client = (runtime_client){
      .user_agent = options->user_agent, .kept = CURL_SOCKET_BAD, .stop_descriptor = -1};
  if (!set_base_url(client, options->runtime_api)) {
    return false;
  }
  runtime_pool *const before = runtime_pool_use(&client->memory);
  client->curl = curl_easy_init();
  client->multi = curl_multi_init();
  (void)runtime_pool_use(before);
  if (client->curl == NULL || client->multi == NULL) {
    runtime_client_close(client);
    (void)snprintf(client->error, sizeof client->error, "libcurl could not be started");
    return false;
  }
  /* The one that is used; what has been given up for it is closed. */
  curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, 1L);
  return true;
}

void runtime_client_close(runtime_client *client) {
  runtime_pool *const before = runtime_pool_use(&client->memory);
  (void)curl_multi_cleanup(client->multi);
  curl_easy_cleanup(client->curl);
  runtime_pool_release();
  (void)runtime_pool_use(before);
  client->curl = NULL;
  client->multi = NULL;
}

static bool has_started(const runtime_exchange_receiver *receiver) {
  return receiver->head >= RUNTIME_EXCHANGE_FIELDS;
}

/* Waits for the whole answer, unless the stop descriptor says that nobody wants
 * it and nothing of it has come: what has come is an invocation in hand, whose rest
 * is waited for, though not for ever. */
static bool wait_for_answer(runtime_client *client, const runtime_exchange_receiver *receiver) {
  runtime_exchange_limit limit = runtime_exchange_no_limit();
  while (runtime_exchange_step(client)) {
    if (has_started(receiver)) {
      if (!runtime_exchange_wait_within(client, &limit)) {
        return true;
      }
    } else if (!runtime_exchange_wait(client)) {
      (void)runtime_exchange_step(client);
      if (!has_started(receiver)) {
        return false;
      }
    }
  }
  return true;
}

static runtime_client_answer ask_for_next(runtime_client *client, text_arena *arena,
                                          lambda_invocation *invocation) {
  *invocation = (lambda_invocation){0};
  runtime_exchange_receiver receiver = {.arena = arena, .invocation = invocation};
  char url[sizeof client->base_url + 32];
  (void)snprintf(url, sizeof url, "%s/invocation/next", client->base_url);
  runtime_exchange_prepare(client, url, &receiver);
  runtime_client_answer answer = {0};
  answer.stopped = runtime_exchange_begin(client) && !wait_for_answer(client, &receiver);
  answer.status = runtime_exchange_end(client, &receiver);
  answer.cut = answer.status == 0 && receiver.head == RUNTIME_EXCHANGE_HEAD_COMPLETE;
  if (receiver.body_open) {
    invocation->payload = text_arena_close(arena, &receiver.body);
  }
  answer.truncated = receiver.truncated || receiver.body.overflowed;
  client->request_id = invocation->request_id;
  client->invocation_id = invocation->invocation_id;
  client->deadline_ms = invocation->deadline_ms;
  return answer;
}

runtime_client_answer runtime_client_next(runtime_client *client, text_arena *arena,
                                          lambda_invocation *invocation) {
  runtime_pool *const before = runtime_pool_use(&client->memory);
  runtime_client_answer answer = ask_for_next(client, arena, invocation);
  /* The emulator may start a function before it listens, and this one is quick. */
  for (int tries = 1; tries < FIRST_TRIES && client->refused && !client->answered; tries++) {
    (void)usleep(FIRST_TRY_PAUSE_US);
    answer = ask_for_next(client, arena, invocation);
  }
  (void)runtime_pool_use(before);
  return answer;
}

static runtime_client_answer post(runtime_client *client,
                                  const runtime_client_post_request *request) {
  char url[RUNTIME_EXCHANGE_URL_MAX_BYTES];
  char header_text[HEADERS_MAX_BYTES];
  runtime_exchange_headers headers;
  runtime_exchange_headers_init(&headers, header_text, sizeof header_text);
  runtime_exchange_headers_leave_out(&headers, "Expect");
  runtime_exchange_headers_add_content_type(&headers, request->content_type);
  runtime_exchange_headers_add_invocation_id(&headers, client, request->request_id);
  runtime_exchange_headers_add(&headers, "Lambda-Runtime-Function-Error-Type", request->error_type);
  runtime_exchange_headers_add_if_it_fits(&headers, "Lambda-Runtime-Function-XRay-Error-Cause",
                                          request->xray_cause);
  if (!runtime_exchange_url(client, request->request_id, request->call, url) ||
      headers.text.overflowed) {
    (void)snprintf(client->error, sizeof client->error, "the request id or a header is too long");
    return (runtime_client_answer){0};
  }
  runtime_exchange_receiver receiver = {.invocation = NULL};
  runtime_exchange_prepare(client, url, &receiver);
  curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers.nodes);
  curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
  curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, request->body.size ? request->body.data : "");
  runtime_exchange_limit limit = runtime_exchange_limit_of(client, request->request_id);
  runtime_client_answer answer = {.status = runtime_exchange_perform(client, &receiver, &limit)};
  /* The API ignores an answer it already has, so sending it again is safe. */
  for (int left = runtime_exchange_retries(client); answer.status == 0 && left > 0 && !limit.passed;
       left--) {
    receiver = (runtime_exchange_receiver){.invocation = NULL};
    answer.status = runtime_exchange_perform(client, &receiver, &limit);
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
