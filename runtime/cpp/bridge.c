/* The runtime for the C++ headers, behind names that no program has. */
#include "include/countersign/bridge.h"

#include <stdio.h>

#include "runtime/connection.h"
#include "runtime/invocation.h"
#include "text/json.h"

/* Longer than what lambda_log() takes of it. */
enum { RUNTIME_LOG_MESSAGE_MAX_BYTES = 8 * 1024 };

typedef struct bridge {
  countersign_handler *handler;
  void *context;
} bridge;

static lambda_slice slice_of(countersign_bytes bytes) {
  return (lambda_slice){bytes.data, bytes.size};
}

static countersign_bytes bytes_of(lambda_slice slice) {
  return (countersign_bytes){slice.data, slice.size};
}

static countersign_request request_of(const lambda_invocation *invocation) {
  return (countersign_request){.payload = bytes_of(invocation->payload),
                               .request_id = bytes_of(invocation->request_id),
                               .trace_id = bytes_of(invocation->trace_id),
                               .client_context = bytes_of(invocation->client_context),
                               .cognito_identity = bytes_of(invocation->cognito_identity),
                               .function_arn = bytes_of(invocation->function_arn),
                               .content_type = bytes_of(invocation->content_type),
                               .tenant_id = bytes_of(invocation->tenant_id),
                               .invocation_id = bytes_of(invocation->invocation_id),
                               .deadline_ms = invocation->deadline_ms};
}

static int on_invocation(const lambda_invocation *invocation, lambda_reply *reply, void *context) {
  const bridge *to = context;
  const countersign_request request = request_of(invocation);
  to->handler(&request, (countersign_reply *)reply, to->context);
  return 0;
}

int countersign_run(countersign_handler *handler, void *context) {
  bridge to = {handler, context};
  return lambda_run(NULL, on_invocation, &to);
}

void countersign_reply_with(countersign_reply *reply, const countersign_answer *answer) {
  lambda_reply *to = (lambda_reply *)reply;
  runtime_reply_set_content_type(to, text_slice_of(answer->content_type));
  if (answer->failed) {
    runtime_reply_fail_with(to, answer->error_type, slice_of(answer->error_message),
                            slice_of(answer->body), slice_of(answer->xray_cause));
  } else {
    (void)lambda_reply_append(to, slice_of(answer->body));
  }
}

countersign_connection *countersign_connect(const char *runtime_api, const char *user_agent) {
  const lambda_options options = {.runtime_api = runtime_api, .user_agent = user_agent};
  return (countersign_connection *)lambda_connect(&options);
}

void countersign_disconnect(countersign_connection *connection) {
  lambda_disconnect((lambda_connection *)connection);
}

int countersign_next(countersign_connection *connection, countersign_request *request) {
  lambda_invocation invocation;
  const int status = lambda_next((lambda_connection *)connection, &invocation);
  *request = request_of(&invocation);
  return status;
}

/* The answer goes from where it is, however large: the Runtime API says what is too
 * large. */
static int post(lambda_connection *to, lambda_slice request_id, const countersign_answer *answer) {
  const bool has_type = answer->content_type != NULL && answer->content_type[0] != '\0';
  const runtime_client_post_request request = {
      .request_id = request_id,
      .call = answer->failed ? "error" : "response",
      .content_type = has_type ? answer->content_type : to->options.reply_content_type,
      .error_type = text_slice_of(answer->error_type),
      .xray_cause = slice_of(answer->xray_cause),
      .body = slice_of(answer->body)};
  return runtime_client_post(&to->client, &request).status;
}

int countersign_post(countersign_connection *connection, countersign_bytes request_id,
                     countersign_bytes invocation_id, const countersign_answer *answer) {
  lambda_connection *to = (lambda_connection *)connection;
  if (!runtime_request_id_is_usable(slice_of(request_id))) {
    return RUNTIME_NO_SUCH_INVOCATION;
  }
  to->client.request_id = slice_of(request_id);
  to->client.invocation_id = slice_of(invocation_id);
  const int status = post(to, slice_of(request_id), answer);
  to->client.request_id = TEXT_LITERAL("");
  return status;
}

int countersign_post_init_error(countersign_connection *connection,
                                const countersign_answer *answer) {
  return post((lambda_connection *)connection, TEXT_LITERAL(""), answer);
}

void countersign_log(countersign_level level, const char *tag, const char *format,
                     va_list arguments) {
  static const lambda_log_level levels[] = {[COUNTERSIGN_DEBUG] = LAMBDA_LOG_DEBUG,
                                            [COUNTERSIGN_INFO] = LAMBDA_LOG_INFO,
                                            [COUNTERSIGN_ERROR] = LAMBDA_LOG_ERROR};
  char message[RUNTIME_LOG_MESSAGE_MAX_BYTES];
  if (vsnprintf(message, sizeof message, format, arguments) >= 0) {
    lambda_log(levels[level], "%s %s", tag, message);
  }
}

size_t countersign_quote(countersign_bytes text, char *storage) {
  text_buffer json;
  text_buffer_init(&json, storage, 6 * text.size + 2);
  text_json_append_string(&json, slice_of(text));
  return json.size;
}

const char *countersign_version(void) {
  return lambda_version();
}
