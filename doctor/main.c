/* countersign-doctor: see arguments.c for what it does. */
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "doctor/check/check.h"
#include "doctor/explain/explain.h"
#include "file.h"
#include "function/config/config_proxy.h"
#include "function/outgoing/outgoing_client.h"
#include "runtime/version.h"

enum {
  STATUS_OK,
  STATUS_UNKNOWN,
  STATUS_WRONG_USE,
  TEXT_BYTES = 1024 * 1024,
  PROXY_BYTES = 16 * 1024
};

/* Names the file by its `role`: what was given as its path can be a signed URL. */
static bool read_file(const char *path, const char *role, text_slice *content, text_arena *arena) {
  if (path == NULL) {
    return true;
  }
  if (!file_read(path, content, arena)) {
    (void)fprintf(stderr, "countersign-doctor: the file of the %s can't be read: %s\n", role,
                  strerror(errno));
    return false;
  }
  if (content->size == 0) {
    (void)fprintf(stderr,
                  "countersign-doctor: the file of the %s is empty. The answer to a HEAD has no "
                  "body; leave the file out to look at the URL alone\n",
                  role);
    return false;
  }
  return true;
}

static s3_credentials credentials_of_environment(void) {
  return (s3_credentials){.access_key_id = text_slice_of(getenv("AWS_ACCESS_KEY_ID")),
                          .secret_access_key = text_slice_of(getenv("AWS_SECRET_ACCESS_KEY")),
                          .session_token = text_slice_of(getenv("AWS_SESSION_TOKEN"))};
}

static int run_explain(const doctor_arguments *arguments, text_arena *arena, text_buffer *text) {
  explain_input input = {.url = arguments->url,
                         .method = arguments->method,
                         .headers = arguments->headers,
                         .header_count = arguments->header_count,
                         .credentials = credentials_of_environment(),
                         .now_seconds = (int64_t)time(NULL)};
  if (!read_file(arguments->error_path, "error", &input.error, arena) ||
      !read_file(arguments->reply_path, "reply", &input.reply, arena)) {
    return STATUS_WRONG_USE;
  }
  static const int statuses[] = {[EXPLAIN_NAMED] = STATUS_OK,
                                 [EXPLAIN_UNKNOWN] = STATUS_UNKNOWN,
                                 [EXPLAIN_BAD] = STATUS_WRONG_USE};
  return statuses[explain(&input, arena, text)];
}

/* The first that is set, as the SDKs look for it. */
static text_slice given_or(text_slice given, const char *first, const char *second) {
  const text_slice one = text_slice_of(getenv(first));
  const text_slice two = text_slice_of(getenv(second));
  return given.size > 0 ? given : one.size > 0 ? one : two;
}

/* Where systems have the certificates that they trust. */
static const char *find_ca_bundle(void) {
  static const char *const places[] = {"/etc/ssl/certs/ca-certificates.crt",
                                       "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};
  const char *given = getenv("AWS_CA_BUNDLE");
  const char *found = given != NULL && *given != '\0' ? given : NULL;
  for (size_t i = 0; found == NULL && i < sizeof places / sizeof places[0]; i++) {
    found = access(places[i], R_OK) == 0 ? places[i] : NULL;
  }
  return found != NULL ? found : places[0];
}

/* A client, and what it needs to find out who is reached how. */
struct caller {
  outgoing_client client;
  char memory[PROXY_BYTES];
};

/* The bucket can turn out to be elsewhere, where another proxy leads, or none. */
static outgoing_answer send_to_store(void *context, const outgoing_request *request,
                                     text_arena *arena) {
  struct caller *caller = context;
  config_proxy proxy;
  const char *variable = NULL;
  text_arena own;
  text_arena_init(&own, caller->memory, sizeof caller->memory);
  const char *problem = config_proxy_choose(&proxy, getenv, request->url, &variable, &own);
  if (problem != NULL) {
    (void)snprintf(caller->client.error, sizeof caller->client.error, "%s %s", variable, problem);
    return (outgoing_answer){.proxy_failed = true};
  }
  caller->client.proxy = (outgoing_proxy){proxy.address.data, proxy.authorization};
  return outgoing_client_send(&caller->client, request, arena);
}

/* Part of the names of what is written: nobody else has such. */
static text_slice make_fresh(text_arena *arena) {
  uint8_t random[8] = {0};
  text_buffer fresh = text_arena_open(arena);
  if (getrandom(random, sizeof random, 0) == (ssize_t)sizeof random) {
    text_buffer_append_hex(&fresh, (text_slice){(const char *)random, sizeof random});
  } else {
    text_buffer_append_decimal(&fresh, (int64_t)time(NULL));
  }
  return text_arena_close(arena, &fresh);
}

static int run_check(const doctor_arguments *arguments, text_arena *arena, text_buffer *text) {
  static alignas(16) struct caller caller;
  outgoing_client *client = &caller.client;
  client->ca_bundle = find_ca_bundle();
  client->user_agent = "countersign-doctor/" COUNTERSIGN_VERSION;
  const outgoing_transport transport = {send_to_store, &caller};
  const check_input input = {
      .bucket = arguments->bucket,
      .region = given_or(arguments->region, "AWS_REGION", "AWS_DEFAULT_REGION"),
      .endpoint = given_or(arguments->endpoint, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
      .path_style = arguments->path_style,
      .origin = arguments->origin,
      .credentials = credentials_of_environment(),
      .try_prefix = arguments->try_prefix,
      .fresh = make_fresh(arena),
      .transport = &transport,
      .now_seconds = (int64_t)time(NULL)};
  static const int statuses[] = {[CHECK_ALL_WELL] = STATUS_OK,
                                 [CHECK_INCOMPLETE] = STATUS_UNKNOWN,
                                 [CHECK_BAD] = STATUS_WRONG_USE};
  const int status = statuses[check(&input, arena, text)];
  if (client->error[0] != '\0') {
    (void)fprintf(stderr, "countersign-doctor: %s\n", client->error);
  }
  outgoing_client_close(client);
  return status;
}

static int run(const doctor_arguments *arguments, text_arena *arena, text_buffer *text) {
  switch (arguments->command) {
  case COMMAND_EXPLAIN:
    return run_explain(arguments, arena, text);
  case COMMAND_CHECK:
    return run_check(arguments, arena, text);
  case COMMAND_HELP:
    arguments_append_help(text);
    return STATUS_OK;
  default:
    return STATUS_WRONG_USE;
  }
}

int main(int count, char **strings) {
  static alignas(16) char memory[EXPLAIN_ARENA_BYTES];
  static char storage[TEXT_BYTES];
  text_arena arena;
  text_buffer text;
  text_arena_init(&arena, memory, sizeof memory);
  text_buffer_init(&text, storage, sizeof storage);
  const doctor_arguments arguments = arguments_read(count, strings);
  const int status = run(&arguments, &arena, &text);
  (void)fwrite(text.data, 1, text.size, stdout);
  return status;
}
