#include "exchange.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "invocation.h"
#include "text/clock.h"
#include "text/percent.h"

enum {
  CONNECT_TIMEOUT_MS = 5000,
  /* libcurl wants to look after its timers now and then. */
  POLL_TIMEOUT_MS = 60 * 1000,
  INVOCATION_MAX_MS = 15 * 60 * 1000, /* as long as Lambda lets one take */
  /* How much longer an answer may take: than the invocation, and than the wish to stop. */
  MARGIN_MS = 10 * 1000
};

static bool is_blank_line(lambda_slice line) {
  return text_slice_equal(line, TEXT_LITERAL("\r\n")) || text_slice_equal(line, TEXT_LITERAL("\n"));
}

/* A status line of 1xx; but libcurl lets no answer follow a 101. */
static bool is_interim(lambda_slice status_line) {
  lambda_slice status = status_line;
  lambda_slice version;
  return text_slice_split(&status, ' ', &version) &&
         text_slice_starts_with(status, TEXT_LITERAL("1")) &&
         !text_slice_starts_with(status, TEXT_LITERAL("101"));
}

static void take_field(runtime_exchange_receiver *receiver, lambda_slice line) {
  if (receiver->invocation != NULL &&
      !runtime_invocation_take_header(receiver->invocation, receiver->arena, line)) {
    receiver->truncated = true;
  }
}

/* libcurl gives the lines of all heads and the trailers alike, and takes a connection
 * that is closed within the head for a whole answer without a body. */
static size_t on_header(char *data, size_t size, size_t count, void *context) {
  runtime_exchange_receiver *receiver = context;
  const lambda_slice line = {data, size * count};
  switch (receiver->head) {
  case RUNTIME_EXCHANGE_NO_STATUS:
    receiver->head = is_interim(line) ? RUNTIME_EXCHANGE_INTERIM : RUNTIME_EXCHANGE_FIELDS;
    break;
  case RUNTIME_EXCHANGE_INTERIM:
    receiver->head = is_blank_line(line) ? RUNTIME_EXCHANGE_NO_STATUS : receiver->head;
    break;
  case RUNTIME_EXCHANGE_FIELDS:
    receiver->head = is_blank_line(line) ? RUNTIME_EXCHANGE_HEAD_COMPLETE : receiver->head;
    take_field(receiver, line);
    break;
  case RUNTIME_EXCHANGE_HEAD_COMPLETE:
    break;
  }
  return line.size;
}

/* A body that does not fit is read to its end all the same: the connection stays
 * usable, and the invocation can be reported. */
static size_t on_body(char *data, size_t size, size_t count, void *context) {
  runtime_exchange_receiver *receiver = context;
  if (receiver->invocation == NULL) {
    return size * count;
  }
  if (!receiver->body_open) {
    receiver->body = text_arena_open(receiver->arena);
    receiver->body_open = true;
  }
  text_buffer_append(&receiver->body, (text_slice){data, size * count});
  return size * count;
}

void runtime_exchange_headers_init(runtime_exchange_headers *headers, char *storage,
                                   size_t capacity) {
  headers->count = 0;
  text_buffer_init(&headers->text, storage, capacity);
}

static void add_line(runtime_exchange_headers *headers, const char *name, lambda_slice value) {
  const size_t start = headers->text.size;
  text_buffer_append_string(&headers->text, name);
  text_buffer_append_string(&headers->text, value.size > 0 ? ": " : ":");
  text_buffer_append(&headers->text, value);
  text_buffer_append_byte(&headers->text, '\0');
  if (headers->text.overflowed || headers->count == RUNTIME_EXCHANGE_HEADERS_MAX) {
    headers->text.overflowed = true;
    return;
  }
  struct curl_slist *node = &headers->nodes[headers->count++];
  *node = (struct curl_slist){headers->text.data + start, NULL};
  if (headers->count > 1) {
    node[-1].next = node;
  }
}

/* A value with a line end in it would be two headers. */
static bool is_one_line(lambda_slice value) {
  for (size_t i = 0; i < value.size; i++) {
    const unsigned char byte = (unsigned char)value.data[i];
    if ((byte < ' ' && byte != '\t') || byte == 0x7F) {
      return false;
    }
  }
  return true;
}

void runtime_exchange_headers_add(runtime_exchange_headers *headers, const char *name,
                                  lambda_slice value) {
  if (value.size > 0 && is_one_line(value)) {
    add_line(headers, name, value);
  }
}

void runtime_exchange_headers_add_if_it_fits(runtime_exchange_headers *headers, const char *name,
                                             lambda_slice value) {
  const text_buffer before = headers->text;
  runtime_exchange_headers_add(headers, name, value);
  if (headers->text.overflowed) {
    headers->text = before;
  }
}

void runtime_exchange_headers_add_content_type(runtime_exchange_headers *headers,
                                               const char *content_type) {
  static const char name[] = "Content-Type";
  const size_t before = headers->count;
  runtime_exchange_headers_add(headers, name, text_slice_of(content_type));
  if (headers->count == before) {
    runtime_exchange_headers_leave_out(headers, name);
  }
}

void runtime_exchange_headers_add_invocation_id(runtime_exchange_headers *headers,
                                                const runtime_client *client,
                                                lambda_slice request_id) {
  if (request_id.size > 0 && text_slice_equal(request_id, client->request_id)) {
    runtime_exchange_headers_add(headers, RUNTIME_INVOCATION_ID_HEADER, client->invocation_id);
  }
}

void runtime_exchange_headers_leave_out(runtime_exchange_headers *headers, const char *name) {
  add_line(headers, name, TEXT_LITERAL(""));
}

bool runtime_exchange_url(const runtime_client *client, lambda_slice request_id, const char *call,
                          char url[RUNTIME_EXCHANGE_URL_MAX_BYTES]) {
  text_buffer text;
  text_buffer_init(&text, url, RUNTIME_EXCHANGE_URL_MAX_BYTES);
  text_buffer_append_string(&text, client->base_url);
  if (request_id.size > 0) {
    text_buffer_append_string(&text, "/invocation/");
    text_percent_append_encoded(&text, request_id);
    text_buffer_append_byte(&text, '/');
  } else {
    text_buffer_append_string(&text, "/init/");
  }
  text_buffer_append_string(&text, call);
  text_buffer_append_byte(&text, '\0');
  return !text.overflowed;
}

void runtime_exchange_prepare(runtime_client *client, const char *url,
                              runtime_exchange_receiver *receiver) {
  CURL *curl = client->curl;
  curl_easy_reset(curl); /* keeps the connection */
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, client->user_agent);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  /* The Runtime API is on this host, whatever http_proxy says. */
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, receiver);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiver);
  client->error[0] = '\0';
}

runtime_exchange_limit runtime_exchange_limit_of(const runtime_client *client,
                                                 lambda_slice request_id) {
  int64_t left_ms = request_id.size > 0 ? INVOCATION_MAX_MS : 0;
  if (request_id.size > 0 && text_slice_equal(request_id, client->request_id)) {
    const lambda_invocation told = {.deadline_ms = client->deadline_ms};
    const int64_t remaining_ms = lambda_remaining_ms(&told);
    left_ms = remaining_ms < left_ms ? remaining_ms : left_ms;
  }
  return (runtime_exchange_limit){.until_ms = text_clock_steady_ms() + left_ms + MARGIN_MS};
}

runtime_exchange_limit runtime_exchange_no_limit(void) {
  return (runtime_exchange_limit){.until_ms = INT64_MAX};
}

/* Between two exchanges nothing is to be read: not an end, and no bytes. */
static bool is_quiet(curl_socket_t socket_descriptor) {
  char byte;
  return recv(socket_descriptor, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* libcurl itself looks once a second at most, and keeps what has come behind an answer. */
bool runtime_exchange_begin(runtime_client *client) {
  const curl_socket_t kept = client->kept;
  client->kept = CURL_SOCKET_BAD;
  const bool reusable = kept != CURL_SOCKET_BAD && is_quiet(kept);
  if (kept != CURL_SOCKET_BAD && !reusable) {
    (void)shutdown(kept, SHUT_RDWR); /* libcurl closes it when there is another */
  }
  curl_easy_setopt(client->curl, CURLOPT_FRESH_CONNECT, reusable ? 0L : 1L);
  return curl_multi_add_handle(client->multi, client->curl) == CURLM_OK;
}

bool runtime_exchange_step(runtime_client *client) {
  int running = 0;
  return curl_multi_perform(client->multi, &running) == CURLM_OK && running > 0;
}

/* False when `stop_descriptor` (-1: none) has become readable. */
static bool wait_for(runtime_client *client, int stop_descriptor, int64_t timeout_ms) {
  struct curl_waitfd extra = {.fd = stop_descriptor, .events = CURL_WAIT_POLLIN};
  const unsigned extra_count = stop_descriptor >= 0 ? 1 : 0;
  const int capped_ms = timeout_ms < POLL_TIMEOUT_MS ? (int)timeout_ms : POLL_TIMEOUT_MS;
  (void)curl_multi_poll(client->multi, &extra, extra_count, capped_ms, NULL);
  return extra.revents == 0;
}

bool runtime_exchange_wait(runtime_client *client) {
  return wait_for(client, client->stop_descriptor, POLL_TIMEOUT_MS);
}

bool runtime_exchange_wait_within(runtime_client *client, runtime_exchange_limit *limit) {
  const int64_t left_ms = limit->until_ms - text_clock_steady_ms();
  if (left_ms <= 0) {
    limit->passed = true;
    (void)snprintf(client->error, sizeof client->error, "no answer has come in time");
    return false;
  }
  if (!wait_for(client, limit->stopping ? -1 : client->stop_descriptor, left_ms)) {
    const int64_t nearer_ms = text_clock_steady_ms() + MARGIN_MS;
    limit->stopping = true;
    limit->until_ms = nearer_ms < limit->until_ms ? nearer_ms : limit->until_ms;
  }
  return true;
}

long runtime_exchange_end(runtime_client *client, const runtime_exchange_receiver *receiver) {
  int left = 0;
  const CURLMsg *message = curl_multi_info_read(client->multi, &left);
  CURLcode code = message != NULL ? message->data.result : CURLE_ABORTED_BY_CALLBACK;
  const bool whole = code == CURLE_OK && receiver->head == RUNTIME_EXCHANGE_HEAD_COMPLETE;
  if (whole) {
    curl_easy_getinfo(client->curl, CURLINFO_ACTIVESOCKET, &client->kept);
  }
  (void)curl_multi_remove_handle(client->multi, client->curl);
  client->refused = code == CURLE_COULDNT_CONNECT;
  if (whole) {
    client->answered = true;
    long status = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
  }
  if (client->error[0] == '\0') {
    code = code == CURLE_OK ? CURLE_GOT_NOTHING : code;
    (void)snprintf(client->error, sizeof client->error, "%s", curl_easy_strerror(code));
  }
  return 0;
}

int runtime_exchange_retries(const runtime_client *client) {
  long connects = 0;
  curl_easy_getinfo(client->curl, CURLINFO_NUM_CONNECTS, &connects);
  return connects > 0 ? 1 : 2;
}

long runtime_exchange_perform(runtime_client *client, const runtime_exchange_receiver *receiver,
                              runtime_exchange_limit *limit) {
  if (runtime_exchange_begin(client)) {
    while (runtime_exchange_step(client) && runtime_exchange_wait_within(client, limit)) {
    }
  }
  return runtime_exchange_end(client, receiver);
}
