#include "exchange.h"

#include <stdio.h>

#include "invocation.h"
#include "text/percent.h"

enum {
  CONNECT_TIMEOUT_MS = 5000,
  /* libcurl wants to look after its timers now and then. */
  POLL_TIMEOUT_MS = 60 * 1000
};

static bool is_blank_line(lambda_slice line) {
  return text_slice_equal(line, TEXT_LITERAL("\r\n")) || text_slice_equal(line, TEXT_LITERAL("\n"));
}

static size_t on_header(char *data, size_t size, size_t count, void *context) {
  runtime_exchange_receiver *receiver = context;
  const lambda_slice line = {data, size * count};
  receiver->started = true;
  /* libcurl takes a connection that is closed within the head for a whole answer
   * without a body. An interim head (1xx) is followed by another. */
  if (text_slice_starts_with(line, TEXT_LITERAL("HTTP/"))) {
    receiver->head_complete = false;
  } else if (is_blank_line(line)) {
    receiver->head_complete = true;
  }
  /* Trailers come after the body has taken the arena, and none is of use here. */
  if (receiver->invocation != NULL && !receiver->body_open &&
      !runtime_invocation_take_header(receiver->invocation, receiver->arena, line)) {
    receiver->truncated = true;
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

bool runtime_exchange_begin(runtime_client *client) {
  return curl_multi_add_handle(client->multi, client->curl) == CURLM_OK;
}

bool runtime_exchange_step(runtime_client *client) {
  int running = 0;
  return curl_multi_perform(client->multi, &running) == CURLM_OK && running > 0;
}

bool runtime_exchange_wait(runtime_client *client, int stop_descriptor) {
  struct curl_waitfd extra = {.fd = stop_descriptor, .events = CURL_WAIT_POLLIN};
  const unsigned extra_count = stop_descriptor >= 0 ? 1 : 0;
  (void)curl_multi_poll(client->multi, &extra, extra_count, POLL_TIMEOUT_MS, NULL);
  return extra.revents == 0;
}

long runtime_exchange_end(runtime_client *client, const runtime_exchange_receiver *receiver) {
  int left = 0;
  const CURLMsg *message = curl_multi_info_read(client->multi, &left);
  CURLcode code = message != NULL ? message->data.result : CURLE_ABORTED_BY_CALLBACK;
  (void)curl_multi_remove_handle(client->multi, client->curl);
  client->refused = code == CURLE_COULDNT_CONNECT;
  if (code == CURLE_OK && receiver->head_complete) {
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

long runtime_exchange_perform(runtime_client *client, const runtime_exchange_receiver *receiver) {
  if (runtime_exchange_begin(client)) {
    while (runtime_exchange_step(client)) {
      (void)runtime_exchange_wait(client, -1);
    }
  }
  return runtime_exchange_end(client, receiver);
}
