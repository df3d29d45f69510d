#include "outgoing_client.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "s3/presign.h"
#include "s3/xml.h"
#include "text/clock.h"

enum {
  ATTEMPTS_MAX = 3,
  HEADERS_MAX = S3_HEADERS_MAX + 3,
  CONNECT_TIMEOUT_MS = 3000,
  /* S3 answers a request that is repeatable within a second. One that joins parts
   * may take all the time there is. */
  REPEATABLE_TIMEOUT_MS = 5000,
  /* Without a deadline: as long as API Gateway waits. */
  DEFAULT_BUDGET_MS = 28 * 1000,
  /* Kept for the reply to the client. */
  MARGIN_MS = 500,
  LEAST_ATTEMPT_MS = 200,
  FIRST_PAUSE_MS = 100
};

static bool is_https(text_slice url) {
  return text_slice_starts_with(url, TEXT_LITERAL("https://"));
}

/* One attempt: what is sent, and what comes back. */
struct attempt {
  outgoing_client *client;
  const outgoing_request *request;
  text_arena *arena;
  struct curl_slist headers[HEADERS_MAX];
  size_t header_count;
  text_buffer body;
  bool body_open;
  bool body_too_large;
  outgoing_way way; /* when there is a proxy */
};

/* What is too large is read to its end all the same: the connection stays usable. */
static size_t on_body(char *data, size_t size, size_t count, void *context) {
  struct attempt *attempt = context;
  const size_t asked = attempt->request->answer_max_bytes;
  const size_t most = asked > 0 ? asked : S3_XML_MAX_BYTES;
  if (!attempt->body_open) {
    attempt->body = text_arena_open(attempt->arena);
    attempt->body_open = true;
  }
  text_buffer_append(&attempt->body, (text_slice){data, size * count});
  attempt->body_too_large |= attempt->body.overflowed || attempt->body.size > most;
  if (attempt->body_too_large) {
    text_buffer_clear(&attempt->body);
  }
  return size * count;
}

static size_t on_head(char *data, size_t size, size_t count, void *context) {
  const outgoing_request *request = context;
  text_slice line = {data, size * count};
  while (line.size > 0 && (line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r')) {
    line.size--;
  }
  request->on_head_line(request->head_context, line);
  return size * count;
}

/* False when there is no room. */
static bool add_line(struct attempt *attempt, text_slice name, const char *separator,
                     text_slice value) {
  if (attempt->header_count == HEADERS_MAX) {
    return false;
  }
  text_buffer line = text_arena_open(attempt->arena);
  text_buffer_append(&line, name);
  text_buffer_append_string(&line, separator);
  text_buffer_append(&line, value);
  text_buffer_append_byte(&line, '\0');
  (void)text_arena_close(attempt->arena, &line);
  struct curl_slist *node = &attempt->headers[attempt->header_count++];
  *node = (struct curl_slist){line.data, NULL};
  if (attempt->header_count > 1) {
    node[-1].next = node;
  }
  return !line.overflowed;
}

/* libcurl sends "name;" as a header without a value, and leaves out what is "name:". */
static bool add_header(struct attempt *attempt, text_slice name, text_slice value) {
  return add_line(attempt, name, value.size > 0 ? ": " : ";", value);
}

static bool leave_out(struct attempt *attempt, text_slice name) {
  return add_line(attempt, name, ":", TEXT_LITERAL(""));
}

/* A tunnel's own request has the proxy's credentials: the store never gets them. */
static bool add_proxy_headers(struct attempt *attempt) {
  const text_slice authorization = attempt->client->proxy.authorization;
  return authorization.size == 0 || is_https(attempt->request->url) ||
         add_header(attempt, TEXT_LITERAL("Proxy-Authorization"), authorization);
}

static bool add_headers(struct attempt *attempt) {
  const outgoing_request *request = attempt->request;
  bool added = leave_out(attempt, TEXT_LITERAL("Expect")) && add_proxy_headers(attempt);
  bool has_type = false;
  for (size_t i = 0; i < request->header_count; i++) {
    const text_pair *header = &request->headers[i];
    added = added && add_header(attempt, header->name, header->value);
    has_type |= text_slice_equal_ignoring_case(header->name, TEXT_LITERAL("Content-Type"));
  }
  /* libcurl would call the body of a POST a form. */
  return has_type ? added : added && leave_out(attempt, TEXT_LITERAL("Content-Type"));
}

/* Without it libcurl would not say that there are no bytes. */
static void set_body(CURL *curl, const outgoing_request *request) {
  if (text_slice_starts_with(request->method, TEXT_LITERAL("P"))) { /* POST, PUT */
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.size > 0 ? request->body.data : "");
  }
  if (text_slice_equal(request->method, TEXT_LITERAL("HEAD"))) {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  }
}

static void set_head(CURL *curl, const outgoing_request *request) {
  if (request->on_head_line != NULL) {
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, request);
  }
}

static void map_file(int descriptor, struct curl_blob *file) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || status.st_size <= 0) {
    return;
  }
  void *data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data != MAP_FAILED) {
    *file = (struct curl_blob){data, (size_t)status.st_size, CURL_BLOB_NOCOPY};
  }
}

/* libcurl reads no files here. False when there is no bundle, without which no
 * https:// store can be trusted. */
static bool has_roots(outgoing_client *client, text_slice url) {
  if (client->roots.data != NULL || !is_https(url)) {
    return true;
  }
  const int descriptor = open(client->ca_bundle, O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0) {
    map_file(descriptor, &client->roots);
    (void)close(descriptor);
  }
  return client->roots.data != NULL;
}

static bool prepare(struct attempt *attempt, long timeout_ms) {
  outgoing_client *client = attempt->client;
  CURL *curl = client->curl;
  const text_slice url = text_arena_copy(attempt->arena, attempt->request->url);
  const text_slice method = text_arena_copy(attempt->arena, attempt->request->method);
  if (url.data == NULL || method.data == NULL || !add_headers(attempt)) {
    return false;
  }
  curl_easy_reset(curl); /* keeps the connection */
  curl_easy_setopt(curl, CURLOPT_URL, url.data);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.data);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* it was signed as it is */
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, client->user_agent);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
  curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &client->roots);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, attempt->headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, attempt);
  set_body(curl, attempt->request);
  set_head(curl, attempt->request);
  const long connect_ms = timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : CONNECT_TIMEOUT_MS;
  return client->proxy.address == NULL ||
         outgoing_way_set(&attempt->way, &client->proxy, curl, url, connect_ms, attempt->arena);
}

static void take_answer(struct attempt *attempt, outgoing_answer *answer) {
  long status = 0;
  curl_easy_getinfo(attempt->client->curl, CURLINFO_RESPONSE_CODE, &status);
  answer->status = (int)status;
  if (attempt->body_open) {
    answer->body = text_arena_close(attempt->arena, &attempt->body);
  }
  if (attempt->body_too_large) {
    answer->body = TEXT_LITERAL("");
  }
}

/* What is known about a request that got no answer. */
enum fate { ARRIVED, NEVER_LEFT, REFUSED_BY_PROXY, UNKNOWN };

static bool is_lost(CURLcode code) {
  return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
         code == CURLE_PARTIAL_FILE;
}

static enum fate fate_of(struct attempt *attempt, CURLcode code, outgoing_answer *answer) {
  if (code == CURLE_OK) {
    take_answer(attempt, answer);
  }
  outgoing_client *client = attempt->client;
  if (client->proxy.address != NULL &&
      outgoing_way_failed(&attempt->way, &client->proxy, code, answer->status, client->error)) {
    *answer = (outgoing_answer){.proxy_failed = true};
    return attempt->way.status > 0 && attempt->way.status < 500 ? REFUSED_BY_PROXY : NEVER_LEFT;
  }
  if (code == CURLE_OK) {
    return ARRIVED;
  }
  answer->timed_out = code == CURLE_OPERATION_TIMEDOUT;
  answer->lost = is_lost(code);
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ? NEVER_LEFT : UNKNOWN;
}

static enum fate perform(outgoing_client *client, const outgoing_request *request, long timeout_ms,
                         outgoing_answer *answer, text_arena *arena) {
  struct attempt attempt = {.client = client, .request = request, .arena = arena};
  *answer = (outgoing_answer){0};
  client->error[0] = '\0';
  if (!prepare(&attempt, timeout_ms)) {
    (void)snprintf(client->error, sizeof client->error, "there is no memory for the request");
    return UNKNOWN;
  }
  const CURLcode code = curl_easy_perform(client->curl);
  if (code != CURLE_OK && client->error[0] == '\0') {
    (void)snprintf(client->error, sizeof client->error, "%s", curl_easy_strerror(code));
  }
  return fate_of(&attempt, code, answer);
}

/* Whether the other side surely did nothing, or doing it again does no harm. */
static bool may_repeat(const outgoing_request *request, const outgoing_answer *answer,
                       enum fate fate) {
  if (request->once) {
    return false;
  }
  switch (fate) {
  case NEVER_LEFT:
    return true;
  case REFUSED_BY_PROXY:
    return false;
  case UNKNOWN:
    return request->repeatable;
  default:
    return answer->status == 503 || answer->status == 429 ||
           (request->repeatable && answer->status >= 500 && answer->status != 501);
  }
}

/* A random pause, longer each time, so that many functions do not come back at once. */
static int64_t pause_ms(size_t attempt) {
  uint32_t random = 0;
  (void)getrandom(&random, sizeof random, 0);
  return (int64_t)(random % ((uint32_t)FIRST_PAUSE_MS << (2 * attempt))) + 1;
}

static void sleep_ms(int64_t milliseconds) {
  const struct timespec pause = {.tv_sec = milliseconds / 1000,
                                 .tv_nsec = milliseconds % 1000 * 1000000};
  (void)nanosleep(&pause, NULL);
}

static long timeout_of(const outgoing_request *request, int64_t left_ms) {
  const int64_t usual = request->repeatable ? REPEATABLE_TIMEOUT_MS : left_ms;
  const int64_t most = request->timeout_ms > 0 ? request->timeout_ms : usual;
  return (long)(left_ms < most ? left_ms : most);
}

outgoing_answer outgoing_client_send(void *context, const outgoing_request *request,
                                     text_arena *arena) {
  outgoing_client *client = context;
  outgoing_answer answer = {.timed_out = true};
  const int64_t end_ms = (request->deadline_ms > 0 ? request->deadline_ms
                                                   : text_clock_epoch_ms() + DEFAULT_BUDGET_MS) -
                         MARGIN_MS;
  client->curl = client->curl != NULL ? client->curl : curl_easy_init();
  if (client->curl == NULL || !has_roots(client, request->url)) {
    (void)snprintf(client->error, sizeof client->error, "%s",
                   client->curl == NULL ? "libcurl could not be started"
                                        : "the file of AWS_CA_BUNDLE can't be read");
    return (outgoing_answer){0};
  }
  (void)snprintf(client->error, sizeof client->error, "there is no time left for it");
  for (size_t attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const int64_t pause = attempt > 0 ? pause_ms(attempt - 1) : 0;
    const int64_t left_ms = end_ms - text_clock_epoch_ms() - pause;
    if (left_ms < LEAST_ATTEMPT_MS) {
      return answer;
    }
    sleep_ms(pause);
    const enum fate fate = perform(client, request, timeout_of(request, left_ms), &answer, arena);
    if (!may_repeat(request, &answer, fate)) {
      return answer;
    }
  }
  return answer;
}

void outgoing_client_close(outgoing_client *client) {
  curl_easy_cleanup(client->curl);
  client->curl = NULL;
  if (client->roots.data != NULL) {
    (void)munmap(client->roots.data, client->roots.len);
  }
  client->roots = (struct curl_blob){0};
}
