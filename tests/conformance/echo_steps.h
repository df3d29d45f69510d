/* An event that is a list of steps, `!do step|step|...`, for what takes more than
 * one: streams, and invocations that wait for a sign of the test.
 */
#ifndef ECHO_STEPS_H
#define ECHO_STEPS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "echo_faults.h"
#include "echo_words.h"

enum {
  GATE_MAX_SECONDS = 60, /* longer than any test */
  PIECE_BYTES = 65536,
  HEAD_MAX_PAIRS = 16
};

/* One invocation's way through its steps. */
typedef struct step_context {
  const lambda_invocation *invocation;
  lambda_reply *reply;
  int result; /* what the handler will return */
} step_context;

typedef struct step {
  lambda_slice name;
  void (*run)(step_context *context, lambda_slice rest);
} step;

static void sleep_ms(size_t milliseconds) {
  const struct timespec pause = {(time_t)(milliseconds / 1000),
                                 (long)(milliseconds % 1000) * 1000000};
  (void)nanosleep(&pause, NULL);
}

/* Never touches the reply: memory may be what the test is about. */
static void gate_path(lambda_slice name, const char *suffix, char path[512]) {
  const char *folder = getenv("ECHO_GATES");
  (void)snprintf(path, 512, "%s/%.*s%s", folder == NULL ? "." : folder, (int)name.size, name.data,
                 suffix);
}

/* gate NAME: says that it is here, and waits until the test opens the gate. */
static void step_gate(step_context *context, lambda_slice name) {
  (void)context;
  char path[512];
  gate_path(name, ".reached", path);
  (void)close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  gate_path(name, "", path);
  for (int i = 0; i < GATE_MAX_SECONDS * 1000 && access(path, F_OK) != 0; i++) {
    sleep_ms(1);
  }
}

static void step_sleep(step_context *context, lambda_slice milliseconds) {
  (void)context;
  sleep_ms(number_of(milliseconds));
}

/* stream TYPE, or no type. */
static void step_stream(step_context *context, lambda_slice type) {
  const char *content_type = type.size > 0 ? terminated(context->reply, type) : NULL;
  if (lambda_stream(context->reply, content_type) != 0) {
    lambda_log(LAMBDA_LOG_INFO, "no stream");
  }
}

/* http STATUS, then a line for each header; Set-Cookie makes a cookie. */
static void step_http(step_context *context, lambda_slice rest) {
  lambda_pair headers[HEAD_MAX_PAIRS];
  lambda_slice cookies[HEAD_MAX_PAIRS];
  lambda_http_head head = {.headers = headers, .cookies = cookies};
  head.status_code = (int)number_of(take_until(&rest, '\n'));
  while (rest.size > 0 && head.header_count + head.cookie_count < HEAD_MAX_PAIRS) {
    lambda_slice value = take_until(&rest, '\n');
    const lambda_slice name = take_until(&value, ':');
    if (name.size == 10 && memcmp(name.data, "Set-Cookie", 10) == 0) {
      cookies[head.cookie_count++] = value;
    } else {
      headers[head.header_count++] = (lambda_pair){name, value};
    }
  }
  if (lambda_stream_http(context->reply, &head) != 0) {
    lambda_log(LAMBDA_LOG_INFO, "no stream");
  }
}

static bool write_to_stream(step_context *context, lambda_slice bytes) {
  const bool written = lambda_stream_write(context->reply, bytes) == 0;
  if (!written) {
    lambda_log(LAMBDA_LOG_INFO, "a write failed");
  }
  return written;
}

static void step_write(step_context *context, lambda_slice text) {
  (void)write_to_stream(context, text);
}

/* bytes N: N zeros, in writes of 64 KiB, up to the first that fails. */
static void step_bytes(step_context *context, lambda_slice rest) {
  static const char piece[PIECE_BYTES] = {0};
  bool written = true;
  for (size_t left = number_of(rest); written && left > 0;) {
    const size_t size = left < sizeof piece ? left : sizeof piece;
    written = write_to_stream(context, (lambda_slice){piece, size});
    left -= size;
  }
}

/* once N: N zeros in a single write. */
static void step_once(step_context *context, lambda_slice rest) {
  const size_t size = number_of(rest);
  char *bytes = lambda_allocate(context->reply, size);
  if (bytes != NULL) {
    memset(bytes, 0, size);
    (void)write_to_stream(context, (lambda_slice){bytes, size});
  }
}

static void step_append(step_context *context, lambda_slice text) {
  lambda_reply_append(context->reply, text);
}

/* starve: takes all memory, then fails. */
static void step_starve(step_context *context, lambda_slice rest) {
  (void)rest;
  for (size_t size = (size_t)1 << 24; size > 0; size /= 2) {
    while (lambda_allocate(context->reply, size) != NULL) {
    }
  }
  context->result =
      lambda_fail(context->reply, "Function.OutOfMemory", TEXT_LITERAL("no memory left"));
}

/* fail TYPE MESSAGE */
static void step_fail(step_context *context, lambda_slice message) {
  const lambda_slice type = take_until(&message, ' ');
  context->result = lambda_fail(context->reply, terminated(context->reply, type), message);
}

static void step_return(step_context *context, lambda_slice number) {
  context->result = (int)number_of(number);
}

static void step_log(step_context *context, lambda_slice text) {
  (void)context;
  lambda_log(LAMBDA_LOG_INFO, "%.*s", (int)text.size, text.data);
}

/* env NAME: appends the value. */
static void step_env(step_context *context, lambda_slice name) {
  const char *value = getenv(terminated(context->reply, name));
  append_text(context->reply, value == NULL ? "(unset)" : value);
}

/* set NAME VALUE: in the environment; without a value it is unset. */
static void step_set(step_context *context, lambda_slice value) {
  const char *name = terminated(context->reply, take_until(&value, ' '));
  if (value.size > 0) {
    (void)setenv(name, terminated(context->reply, value), 1);
  } else {
    (void)unsetenv(name);
  }
}

static void step_trace(step_context *context, lambda_slice rest) {
  (void)rest;
  lambda_reply_append(context->reply, context->invocation->trace_id);
}

/* hold N NAME: fills N bytes with the name's first letter, waits at the gate of that name, and
 * appends whether they are still there. */
static void step_hold(step_context *context, lambda_slice name) {
  const size_t size = number_of(take_until(&name, ' '));
  char *bytes = lambda_allocate(context->reply, size);
  if (bytes == NULL || name.size == 0) {
    append_text(context->reply, "no memory");
    return;
  }
  memset(bytes, name.data[0], size);
  step_gate(context, name);
  bool intact = true;
  for (size_t i = 0; i < size; i++) {
    intact = intact && bytes[i] == name.data[0];
  }
  append_text(context->reply, intact ? "intact" : "changed");
}

static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;

/* lock: takes what all invocations share, for good. */
static void step_lock(step_context *context, lambda_slice rest) {
  (void)context;
  (void)rest;
  (void)pthread_mutex_lock(&shared_lock);
}

static void step_crash(step_context *context, lambda_slice name) {
  overrun_end = (uintptr_t)(context->invocation + 1);
  crash(name);
}

/* child NAME: forks one that crashes so, or for "terminated" gets a SIGTERM, and appends
 * the signal that it ended by. */
static void step_child(step_context *context, lambda_slice name) {
  char text[32];
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    crash(name);
    _exit(0);
  }
  (void)waitpid(child, &status, 0);
  (void)snprintf(text, sizeof text, "signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  append_text(context->reply, text);
}

enum { SIGNALS = 100 };

/* In a child: signals for a while, so that some come in the middle of a read, and writes
 * only then. */
static _Noreturn void signal_then_write(pid_t reader, int descriptor) {
  for (int i = 0; i < SIGNALS; i++) {
    (void)kill(reader, SIGTERM);
    sleep_ms(1);
  }
  _exit(write(descriptor, "x", 1) == 1 ? 0 : 1);
}

/* read: reads a byte that comes after many a SIGTERM, and appends how much was read. */
static void step_read(step_context *context, lambda_slice rest) {
  char byte;
  int ends[2];
  (void)rest;
  const pid_t reader = getpid();
  const pid_t child = pipe(ends) == 0 ? fork() : -1;
  if (child < 0) {
    append_text(context->reply, "no child");
    return;
  }
  if (child == 0) {
    signal_then_write(reader, ends[1]);
  }
  append_text(context->reply, read(ends[0], &byte, 1) == 1 ? "read" : "interrupted");
  (void)waitpid(child, NULL, 0);
}

static const step steps[] = {
    {{"gate ", 5}, step_gate},    {{"sleep ", 6}, step_sleep},   {{"stream ", 7}, step_stream},
    {{"http ", 5}, step_http},    {{"write ", 6}, step_write},   {{"bytes ", 6}, step_bytes},
    {{"once ", 5}, step_once},    {{"append ", 7}, step_append}, {{"fail ", 5}, step_fail},
    {{"trace", 5}, step_trace},   {{"return ", 7}, step_return}, {{"log ", 4}, step_log},
    {{"env ", 4}, step_env},      {{"hold ", 5}, step_hold},     {{"crash ", 6}, step_crash},
    {{"starve", 6}, step_starve}, {{"child ", 6}, step_child},   {{"read", 4}, step_read},
    {{"set ", 4}, step_set},      {{"lock", 4}, step_lock},
};

/* A step that nobody knows fails the invocation, and so the test. */
static void take_step(step_context *context, lambda_slice text) {
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    const lambda_slice name = steps[i].name;
    if (text.size >= name.size && memcmp(text.data, name.data, name.size) == 0) {
      steps[i].run(context, (lambda_slice){text.data + name.size, text.size - name.size});
      return;
    }
  }
  context->result = lambda_fail(context->reply, "Function.NoSuchStep", text);
}

/* !do STEP|STEP|... */
static int run_steps(const lambda_invocation *invocation, lambda_slice rest, lambda_reply *reply) {
  step_context context = {invocation, reply, 0};
  while (rest.size > 0) {
    take_step(&context, take_until(&rest, '|'));
  }
  return context.result;
}

#endif
