/* The executable: environment to configuration, then the loop. */
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "function/config/config.h"
#include "function/function.h"
#include "function/outgoing/outgoing_client.h"
#include "runtime/lambda.h"
#include "runtime/version.h"

enum {
  START_ARENA_BYTES = 128 * 1024, /* what is derived from the environment */
  PROBLEMS_BYTES = 8 * 1024
};

static const char user_agent[] = "countersign/" COUNTERSIGN_VERSION;

/* Each worker has a function of its own, which keeps the day's key, and a connection
 * to S3 and one to the app. */
struct worker {
  upload_function function;
  outgoing_client store;
  outgoing_client app;
};

/* Null until the thread's first invocation: a start needs none of it. */
static _Thread_local struct worker *worker;

static outgoing_client client_of(const upload_config *config, const config_proxy *proxy) {
  return (outgoing_client){.ca_bundle = config->ca_bundle.data,
                           .user_agent = user_agent,
                           .proxy = {proxy->address.data, proxy->authorization}};
}

/* Null when there is no memory left. */
static struct worker *worker_of_this_thread(const upload_function *pattern) {
  if (worker == NULL && (worker = calloc(1, sizeof *worker)) != NULL) {
    const upload_config *config = pattern->config;
    worker->function = *pattern;
    worker->store = client_of(config, &config->proxy);
    worker->app = client_of(config, &config->ask_proxy);
  }
  return worker;
}

static void log_silence(const char *whom, const outgoing_client *client,
                        const outgoing_answer *answer) {
  lambda_log(LAMBDA_LOG_ERROR, "%s %s: %s", whom,
             answer->proxy_failed ? "was not asked" : "did not answer", client->error);
}

static outgoing_answer send_to_s3(void *context, const outgoing_request *request,
                                  text_arena *arena) {
  outgoing_client *client = context;
  const outgoing_answer answer = outgoing_client_send(client, request, arena);
  if (answer.status == 0) {
    log_silence("S3", client, &answer);
  } else if (answer.status >= 300 && !request->is_question) {
    lambda_log(LAMBDA_LOG_WARN, "S3%s answered %d",
               client->proxy.address != NULL ? ", or the proxy before it," : "", answer.status);
  }
  return answer;
}

static outgoing_answer send_to_app(void *context, const outgoing_request *request,
                                   text_arena *arena) {
  outgoing_client *client = context;
  const outgoing_answer answer = outgoing_client_send(client, request, arena);
  if (answer.status == 0) {
    log_silence("the app", client, &answer);
  } else if (answer.status != 200) {
    lambda_log(LAMBDA_LOG_ERROR, "the app answered %d, and only 200 is an answer", answer.status);
  }
  return answer;
}

static void log_error(const char *message) {
  lambda_log(LAMBDA_LOG_ERROR, "%s", message);
}

static int handle(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  struct worker *own = worker_of_this_thread(context);
  if (own == NULL) {
    return lambda_fail(reply, "Function.OutOfMemory", TEXT_LITERAL("there is no memory left"));
  }
  const outgoing_transport store = {send_to_s3, &own->store};
  const outgoing_transport app = {send_to_app, &own->app};
  function_inputs inputs = {.event = invocation->payload,
                            .request_id = invocation->request_id,
                            .time_seconds = (int64_t)time(NULL),
                            .deadline_ms = invocation->deadline_ms,
                            .transport = &store,
                            .app = &app,
                            .log = log_error};
  if (getrandom(inputs.id, sizeof inputs.id, 0) != (ssize_t)sizeof inputs.id) {
    return lambda_fail(reply, "Function.NoRandomness",
                       TEXT_LITERAL("the system gives no random numbers"));
  }
  text_buffer *body = lambda_reply_body(reply);
  const char *problem = function_handle(&own->function, &inputs, lambda_arena(reply), body);
  if (problem != NULL) {
    return lambda_fail(reply, "Function.InvalidEvent", text_slice_of(problem));
  }
  if (body->overflowed) {
    return lambda_fail(reply, "Function.OutOfMemory", TEXT_LITERAL("the reply does not fit"));
  }
  return 0;
}

/* getenv(), in a third of its time: some fifty variables are looked for among the twenty or more
 * that there are. */
static char *variable(const char *name) {
  for (char **entry = environ; *entry != NULL; entry++) {
    size_t size = 0;
    while (name[size] != '\0' && (*entry)[size] == name[size]) {
      size++;
    }
    if (name[size] == '\0' && (*entry)[size] == '=') {
      return *entry + size + 1;
    }
  }
  return NULL;
}

int main(void) {
  static char memory[START_ARENA_BYTES];
  static char problems_storage[PROBLEMS_BYTES];
  static upload_config config;
  static upload_function function;
  text_arena arena;
  text_buffer problems;
  text_arena_init(&arena, memory, sizeof memory);
  text_buffer_init(&problems, problems_storage, sizeof problems_storage);
  if (!config_read(&config, variable, &arena, &problems)) {
    return lambda_init_error(NULL, "Function.InvalidConfiguration", text_buffer_slice(&problems));
  }
  if (!function_init(&function, &config, &arena)) {
    return lambda_init_error(
        NULL, "Function.InvalidConfiguration",
        TEXT_LITERAL("AWS_SESSION_TOKEN or AWS_SECRET_ACCESS_KEY is too long"));
  }
  const lambda_options options = {.user_agent = user_agent};
  const int status = lambda_run(&options, handle, &function);
  if (worker != NULL) {
    outgoing_client_close(&worker->store);
    outgoing_client_close(&worker->app);
    free(worker);
  }
  return status;
}
