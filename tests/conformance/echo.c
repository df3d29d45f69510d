/* The function that the conformance tests run: its event says what it does.
 *
 * An event that starts with one of the commands below obeys it; any other event
 * is answered with its own bytes. The environment says what must be known before
 * the first event:
 *   ECHO_INIT_ERROR=TYPE|MESSAGE   the function can't start
 *   ECHO_ARENA_BYTES=N             options.arena_bytes
 *   ECHO_REPLY_CONTENT_TYPE=TYPE   options.reply_content_type
 *   ECHO_WORKERS=N                 options.workers
 *   ECHO_GATES=FOLDER              where the gates of `!do gate` are
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "echo_steps.h"
#include "echo_words.h"
#include "runtime/lambda.h"

typedef int command_run(const lambda_invocation *invocation, lambda_slice rest,
                        lambda_reply *reply);

typedef struct command {
  lambda_slice name;
  command_run *run;
} command;

static void append_number(lambda_reply *reply, const char *name, int64_t number) {
  char text[64];
  snprintf(text, sizeof text, ",\"%s\":%" PRId64, name, number);
  append_text(reply, text);
}

static void append_json_string(lambda_reply *reply, lambda_slice bytes) {
  append_text(reply, "\"");
  for (size_t i = 0; i < bytes.size; i++) {
    const unsigned char byte = (unsigned char)bytes.data[i];
    char escaped[8];
    if (byte < 0x20 || byte == '"' || byte == '\\') {
      snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      append_text(reply, escaped);
    } else {
      lambda_reply_append(reply, (lambda_slice){bytes.data + i, 1});
    }
  }
  append_text(reply, "\"");
}

static void append_field(lambda_reply *reply, const char *name, lambda_slice value) {
  append_text(reply, ",\"");
  append_text(reply, name);
  append_text(reply, "\":");
  append_json_string(reply, value);
}

/* !fail TYPE|MESSAGE. What is appended first must not reach the caller. */
static int run_fail(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  (void)invocation;
  append_text(reply, "dropped");
  const char *type = terminated(reply, take_until(&rest, '|'));
  return lambda_fail(reply, type, rest);
}

/* !fields: the invocation as JSON. */
static int run_fields(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  append_text(reply, "{\"version\":");
  append_json_string(reply, (lambda_slice){lambda_version(), strlen(lambda_version())});
  append_field(reply, "rest", rest);
  append_field(reply, "request_id", invocation->request_id);
  append_field(reply, "function_arn", invocation->function_arn);
  append_field(reply, "trace_id", invocation->trace_id);
  append_field(reply, "client_context", invocation->client_context);
  append_field(reply, "cognito_identity", invocation->cognito_identity);
  append_field(reply, "tenant_id", invocation->tenant_id);
  append_field(reply, "content_type", invocation->content_type);
  append_field(reply, "invocation_id", invocation->invocation_id);
  append_number(reply, "deadline_ms", invocation->deadline_ms);
  append_number(reply, "remaining_ms", lambda_remaining_ms(invocation));
  append_text(reply, "}");
  return 0;
}

/* !bytes N: a reply of N bytes, in pieces. */
static int run_bytes(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
  (void)invocation;
  for (size_t left = number_of(rest); left > 0;) {
    const size_t piece = left < sizeof letters - 1 ? left : sizeof letters - 1;
    lambda_reply_append(reply, (lambda_slice){letters, piece});
    left -= piece;
  }
  return 0;
}

/* !allocate N: N bytes in one piece, written to. */
static int run_allocate(const lambda_invocation *invocation, lambda_slice rest,
                        lambda_reply *reply) {
  (void)invocation;
  const size_t size = number_of(rest);
  void *memory = lambda_allocate(reply, size);
  if (memory == NULL) {
    return lambda_fail(reply, "Function.OutOfMemory", TEXT_LITERAL("no memory left"));
  }
  memset(memory, 1, size);
  append_text(reply, "allocated");
  return 0;
}

/* !log MESSAGE: once at each level. */
static int run_log(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  (void)invocation;
  for (int level = LAMBDA_LOG_TRACE; level <= LAMBDA_LOG_FATAL; level++) {
    lambda_log((lambda_log_level)level, "%.*s", (int)rest.size, rest.data);
  }
  append_text(reply, "logged");
  return 0;
}

/* !status: a return value that is neither 0 nor lambda_fail's. */
static int run_status(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  (void)invocation;
  (void)rest;
  append_text(reply, "dropped");
  return 7;
}

static const command commands[] = {
    {{"!fail ", 6}, run_fail},          {{"!fields", 7}, run_fields}, {{"!bytes ", 7}, run_bytes},
    {{"!allocate ", 10}, run_allocate}, {{"!log ", 5}, run_log},      {{"!status", 7}, run_status},
    {{"!do ", 4}, run_steps},
};

static int handle(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  (void)context;
  const lambda_slice event = invocation->payload;
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    const lambda_slice name = commands[i].name;
    if (event.size >= name.size && memcmp(event.data, name.data, name.size) == 0) {
      const lambda_slice rest = {event.data + name.size, event.size - name.size};
      return commands[i].run(invocation, rest, reply);
    }
  }
  return lambda_reply_append(reply, event);
}

static int init_error(const lambda_options *options, char *text) {
  char *bar = strchr(text, '|');
  if (bar == NULL) {
    return 2;
  }
  *bar = '\0';
  return lambda_init_error(options, text, (lambda_slice){bar + 1, strlen(bar + 1)});
}

/* 0 when the variable is not set. */
static size_t number_from(const char *variable) {
  const char *value = getenv(variable);
  return value == NULL ? 0 : (size_t)strtoull(value, NULL, 10);
}

int main(void) {
  const lambda_options options = {
      .reply_content_type = getenv("ECHO_REPLY_CONTENT_TYPE"),
      .arena_bytes = number_from("ECHO_ARENA_BYTES"),
      .workers = number_from("ECHO_WORKERS"),
  };
  char *broken = getenv("ECHO_INIT_ERROR");
  return broken == NULL ? lambda_run(&options, handle, NULL) : init_error(&options, broken);
}
