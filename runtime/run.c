/* The loop: asks for an invocation, calls the handler, posts what came of it, in each worker. */
#include <pthread.h>
#include <stdlib.h>

#include "connection.h"
#include "crash.h"
#include "invocation.h"
#include "lambda.h"
#include "log.h"
#include "pool.h"
#include "stop.h"
#include "text/decimal.h"
#include "trace.h"
#include "version.h"

enum {
  MAX_WORKERS = 1000,
  WORKER_STACK_BYTES = 8 * 1024 * 1024 /* as the main thread has */
};

/* After each GET next that brings no invocation, before the next one; then a worker gives
 * up. */
static const int pauses_ms[] = {20, 500};

enum { MAX_STRIKES = sizeof pauses_ms / sizeof pauses_ms[0] + 1 };

/* Why an event is not for the handler. */
struct problem {
  const char *type;
  lambda_slice message;
};

static const struct problem too_large = {
    "Runtime.PayloadTooLarge",
    TEXT_INITIALIZER("the event does not fit into the memory of an invocation")};
static const struct problem lost = {"Runtime.EventLost",
                                    TEXT_INITIALIZER("the event did not come whole")};

struct worker {
  pthread_t thread;    /* unless it is alone; so too the next */
  runtime_pool memory; /* of what libcurl does for the handler */
  lambda_connection *connection;
  const lambda_options *options;
  lambda_handle *handler;
  void *context;
  bool alone; /* the only one: the environment is its own */
  int strikes;
  int exit_status;
};

/* What to do after a call of the Runtime API. */
enum verdict { GO_ON, GIVE_UP, STOPPED };

static enum verdict after_post(const lambda_connection *connection, runtime_client_answer answer,
                               const char *what) {
  if (answer.status == 0) {
    lambda_log(LAMBDA_LOG_ERROR, "the Runtime API did not take the %s: %s", what,
               connection->client.error);
    return GO_ON; /* if it is gone for good, the next GET says so */
  }
  const bool last = answer.status >= 500;
  if (answer.status >= 300) {
    lambda_log(last ? LAMBDA_LOG_FATAL : LAMBDA_LOG_ERROR, "the Runtime API answered %d to the %s",
               answer.status, what);
  }
  return last ? GIVE_UP : GO_ON;
}

/* Without a format, for which a message would end at its first NUL. */
static void log_failure(lambda_log_level level, lambda_slice type, lambda_slice message) {
  char storage[RUNTIME_LOG_MESSAGE_MAX_BYTES + 1];
  text_buffer line;
  text_buffer_init(&line, storage, sizeof storage);
  text_buffer_append(&line, type);
  text_buffer_append_string(&line, ": ");
  const size_t room = line.capacity - line.size;
  text_buffer_append(&line, message.size > room ? (lambda_slice){message.data, room} : message);
  runtime_log_write(level, text_buffer_slice(&line));
}

/* One invocation, from its event to its answer. A null problem: there is none. */
static enum verdict answer_event(struct worker *worker, const lambda_invocation *invocation,
                                 const struct problem *problem) {
  lambda_reply reply;
  runtime_connection_start_reply(worker->connection, invocation->request_id, &reply);
  if (problem != NULL) {
    (void)lambda_fail(&reply, problem->type, problem->message);
  } else {
    runtime_crash_watch(invocation);
    runtime_reply_settle(&reply, worker->handler(invocation, &reply, worker->context));
    runtime_crash_watch(NULL);
  }
  if (reply.failed) {
    log_failure(LAMBDA_LOG_ERROR, reply.error_type, reply.error_message);
  }
  const runtime_client_answer answer =
      runtime_connection_post(worker->connection, invocation->request_id, &reply);
  return after_post(worker->connection, answer, reply.failed ? "error report" : "response");
}

/* The same, where a crash can see what is in hand. */
static enum verdict handle(struct worker *worker, const lambda_invocation *invocation,
                           const struct problem *problem) {
  if (worker->alone) {
    runtime_trace_publish(invocation->trace_id);
  }
  runtime_log_set_request_id(invocation->request_id);
  runtime_crash_take(invocation->deadline_ms);
  const enum verdict verdict = answer_event(worker, invocation, problem);
  runtime_crash_answered();
  runtime_log_set_request_id(TEXT_LITERAL(""));
  return verdict;
}

/* GET next brought no invocation. */
static enum verdict strike(struct worker *worker, const runtime_client_answer *answer) {
  const runtime_client *client = &worker->connection->client;
  worker->strikes++;
  /* It is told to give up, or has tried for long enough to reach one that is not there yet. */
  const bool hopeless = answer->status >= 500 || (client->refused && !client->answered);
  const bool last = hopeless || worker->strikes >= MAX_STRIKES;
  const lambda_log_level level = last ? LAMBDA_LOG_FATAL : LAMBDA_LOG_ERROR;
  const char *more = last ? "" : "; it is asked again";
  if (answer->status == 0) {
    lambda_log(level, "the Runtime API %s: %s%s",
               client->refused ? "can't be reached" : "gave no invocation", client->error, more);
  } else {
    lambda_log(level, "the Runtime API gave no invocation%s (status %d)%s",
               answer->status == 200 ? " with a usable request id" : "", answer->status, more);
  }
  return last ? GIVE_UP : GO_ON;
}

static enum verdict serve_next(struct worker *worker) {
  lambda_invocation invocation;
  const runtime_client_answer answer = runtime_connection_next(worker->connection, &invocation);
  if (answer.stopped) {
    return STOPPED;
  }
  const bool known = runtime_request_id_is_usable(invocation.request_id);
  if (answer.status == 200 && known) {
    worker->strikes = 0;
    return handle(worker, &invocation, answer.truncated ? &too_large : NULL);
  }
  enum verdict verdict = strike(worker, &answer);
  if (answer.cut && known && handle(worker, &invocation, &lost) == GIVE_UP) {
    verdict = GIVE_UP;
  }
  if (verdict == GO_ON && runtime_stop_wait(pauses_ms[worker->strikes - 1])) {
    verdict = STOPPED;
  }
  return verdict;
}

/* A worker that gives up makes the others stop when they have answered. */
static void serve(struct worker *worker) {
  enum verdict verdict = GO_ON;
  worker->connection->client.stop_descriptor = runtime_stop_descriptor();
  while (verdict == GO_ON && !runtime_stop_is_raised()) {
    verdict = serve_next(worker);
  }
  worker->exit_status = verdict == GIVE_UP ? EXIT_FAILURE : EXIT_SUCCESS;
  if (verdict == GIVE_UP) {
    runtime_stop_raise();
  }
}

/* A worker's life, on its thread. */
static void work(struct worker *worker) {
  runtime_crash_guard_thread();
  worker->connection = lambda_connect(worker->options);
  if (worker->connection != NULL) {
    serve(worker);
    lambda_disconnect(worker->connection);
  } else {
    worker->exit_status = EXIT_FAILURE;
    runtime_stop_raise();
  }
  runtime_crash_thread_is_done();
}

static void *worker_main(void *argument) {
  struct worker *worker = argument;
  (void)runtime_pool_use(&worker->memory);
  work(worker);
  return NULL;
}

/* What a thread does at its end, it has then done; it may have given back to libcurl what
 * the handler kept for each thread, so its memory is there until then. */
static void join(struct worker *worker) {
  (void)pthread_join(worker->thread, NULL); /* after a crash it does not return */
  runtime_pool *const before = runtime_pool_use(&worker->memory);
  runtime_pool_release();
  (void)runtime_pool_use(before);
}

static bool start_thread(struct worker *worker) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) {
    return false;
  }
  const bool started = pthread_attr_setstacksize(&attributes, WORKER_STACK_BYTES) == 0 &&
                       pthread_create(&worker->thread, &attributes, worker_main, worker) == 0;
  (void)pthread_attr_destroy(&attributes);
  return started;
}

/* Each on a thread of its own. The main thread waits for all. */
static int run_workers(const struct worker *pattern, size_t count) {
  struct worker *workers = calloc(count, sizeof *workers);
  if (workers == NULL) {
    return EXIT_FAILURE;
  }
  size_t started = 0;
  while (started < count) {
    workers[started] = *pattern;
    if (!start_thread(&workers[started])) {
      lambda_log(LAMBDA_LOG_FATAL, "worker %zu of %zu can't be started", started + 1, count);
      runtime_stop_raise();
      break;
    }
    started++;
  }
  int status = started < count ? EXIT_FAILURE : EXIT_SUCCESS;
  for (size_t i = 0; i < started; i++) {
    join(&workers[i]);
    status = workers[i].exit_status != EXIT_SUCCESS ? EXIT_FAILURE : status;
  }
  free(workers);
  return status;
}

static int run_alone(struct worker *worker) {
  worker->alone = true;
  work(worker);
  return worker->exit_status;
}

static size_t count_workers(const lambda_options *options) {
  const lambda_slice told = text_slice_of(getenv("AWS_LAMBDA_MAX_CONCURRENCY"));
  int64_t count = 1;
  if (options->workers > 0) {
    return options->workers;
  }
  if (told.size > 0 && (!text_decimal_parse(told, MAX_WORKERS, &count) || count == 0)) {
    lambda_log(LAMBDA_LOG_WARN, "AWS_LAMBDA_MAX_CONCURRENCY must be 1 to %d: taken as 1",
               (int)MAX_WORKERS);
    count = 1;
  }
  return (size_t)count;
}

int lambda_run(const lambda_options *options, lambda_handle *handler, void *context) {
  const lambda_options whole = runtime_connection_options(options);
  const size_t count = count_workers(&whole);
  struct worker worker = {.options = &whole, .handler = handler, .context = context};
  if (!runtime_stop_setup() || !runtime_client_start_library()) {
    lambda_log(LAMBDA_LOG_FATAL, "the system has no descriptor or memory left for the runtime");
    return EXIT_FAILURE;
  }
  runtime_crash_setup(whole.runtime_api);
  const int status = count == 1 ? run_alone(&worker) : run_workers(&worker, count);
  runtime_crash_teardown();
  runtime_stop_teardown();
  return status;
}

int lambda_init_error(const lambda_options *options, const char *type, lambda_slice message) {
  lambda_connection *connection = lambda_connect(options);
  if (connection == NULL) {
    log_failure(LAMBDA_LOG_FATAL, text_slice_of(type), message);
    return EXIT_FAILURE;
  }
  lambda_reply reply;
  runtime_connection_start_reply(connection, TEXT_LITERAL(""), &reply);
  (void)lambda_fail(&reply, type, message);
  log_failure(LAMBDA_LOG_ERROR, reply.error_type, reply.error_message);
  const runtime_client_answer answer =
      runtime_connection_post(connection, TEXT_LITERAL(""), &reply);
  (void)after_post(connection, answer, "report of the failed start");
  lambda_disconnect(connection);
  return EXIT_FAILURE;
}

const char *lambda_version(void) {
  return COUNTERSIGN_VERSION;
}
