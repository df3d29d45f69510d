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
      !decimal_parse(port, PORT_MAX, &number) || number == 0) {
    return false;
  }
  for (size_t i = 0; i < host.size; i++) {
    const char c = host.data[i];
    if (!ascii_is_alnum(c) && c != '.' && c != '-' && c != '_') {
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

bool client_start_library(void) {
  return curl_global_init_mem(CURL_GLOBAL_NOTHING, pool_malloc, pool_free, pool_realloc,
                              pool_strdup, pool_calloc) == CURLE_OK;
}

bool client_open(runtime_client *client, const lambda_options *options) {
  *client = (runtime_client){.user_agent = options->user_agent, .stop_descriptor = -1};
  if (!set_base_url(client, options->runtime_api)) {
    return false;
  }
  pool *const before = pool_use(&client->memory);
  client->curl = curl_easy_init();
  client->multi = curl_multi_init();
  (void)pool_use(before);
  if (client->curl == NULL || client->multi == NULL) {
    client_close(client);
    (void)snprintf(client->error, sizeof client->error, "libcurl could not be started");
    return false;
  }
  return true;
}

void client_close(runtime_client *client) {
  pool *const before = pool_use(&client->memory);
  (void)curl_multi_cleanup(client->multi);
  curl_easy_cleanup(client->curl);
  pool_release();
  (void)pool_use(before);
  client->curl = NULL;
  client->multi = NULL;
}

/* Waits for the whole answer, unless the stop descriptor says that nobody wants
 * it and nothing of it has come: what has come is an invocation in hand. */
static bool wait_for_answer(runtime_client *client, const exchange_receiver *receiver) {
  while (exchange_step(client)) {
    const bool interruptible = !receiver->started;
    if (!exchange_wait(client, interruptible ? client->stop_descriptor : -1)) {
      (void)exchange_step(client);
      if (!receiver->started) {
        return false;
      }
    }
  }
  return true;
}

static client_answer ask_for_next(runtime_client *client, text_arena *arena,
                                  lambda_invocation *invocation) {
  *invocation = (lambda_invocation){0};
  exchange_receiver receiver = {.arena = arena, .invocation = invocation};
  char url[sizeof client->base_url + 32];
  (void)snprintf(url, sizeof url, "%s/invocation/next", client->base_url);
  exchange_prepare(client, url, &receiver);
  client_answer answer = {0};
  answer.stopped = exchange_begin(client) && !wait_for_answer(client, &receiver);
  answer.status = exchange_end(client, &receiver);
  if (receiver.body_open) {
    invocation->payload = text_arena_close(arena, &receiver.body);
  }
  answer.truncated = receiver.truncated || receiver.body.overflowed;
  client->request_id = invocation->request_id;
  client->invocation_id = invocation->invocation_id;
  return answer;
}

client_answer client_next(runtime_client *client, text_arena *arena,
                          lambda_invocation *invocation) {
  pool *const before = pool_use(&client->memory);
  client_answer answer = ask_for_next(client, arena, invocation);
  /* The emulator may start a function before it listens, and this one is quick. */
  for (int tries = 1; tries < FIRST_TRIES && client->refused && !client->answered; tries++) {
    (void)usleep(FIRST_TRY_PAUSE_US);
    answer = ask_for_next(client, arena, invocation);
  }
  (void)pool_use(before);
  return answer;
}

static client_answer post(runtime_client *client, const client_post_request *request) {
  char url[EXCHANGE_URL_MAX_BYTES];
  char header_text[HEADERS_MAX_BYTES];
  exchange_headers headers;
  exchange_headers_init(&headers, header_text, sizeof header_text);
  exchange_headers_leave_out(&headers, "Expect");
  exchange_headers_add_content_type(&headers, request->content_type);
  exchange_headers_add_invocation_id(&headers, client, request->request_id);
  exchange_headers_add(&headers, "Lambda-Runtime-Function-Error-Type", request->error_type);
  exchange_headers_add_if_it_fits(&headers, "Lambda-Runtime-Function-XRay-Error-Cause",
                                  request->xray_cause);
  if (!exchange_url(client, request->request_id, request->call, url) || headers.text.overflowed) {
    (void)snprintf(client->error, sizeof client->error, "the request id or a header is too long");
    return (client_answer){0};
  }
  exchange_receiver receiver = {.invocation = NULL};
  exchange_prepare(client, url, &receiver);
  curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers.nodes);
  curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
  curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, request->body.size ? request->body.data : "");
  client_answer answer = {.status = exchange_perform(client, &receiver)};
  /* The API ignores an answer it already has, so sending it again is safe. */
  for (int left = exchange_retries(client); answer.status == 0 && left > 0; left--) {
    receiver = (exchange_receiver){.invocation = NULL};
    curl_easy_setopt(client->curl, CURLOPT_FRESH_CONNECT, 1L);
    answer.status = exchange_perform(client, &receiver);
  }
  return answer;
}

client_answer client_post(runtime_client *client, const client_post_request *request) {
  pool *const before = pool_use(&client->memory);
  const client_answer answer = post(client, request);
  (void)pool_use(before);
  return answer;
}
