#include "ask.h"

#include "function/admission/app_answer.h"
#include "function/admission/app_question.h"
#include "function/admission/key.h"
#include "function/admission/webhook.h"

enum { ANSWERED = 200, ID_BYTES = sizeof "msg_" + KEY_ID_DIGITS };

static http_error unreachable(const function_call *call) {
  return http_error_make(call->arena, 503, "AppUnreachable",
                         "the app that decides about uploads gave no answer of use: try again in a "
                         "moment");
}

/* New for each upload, as the number in its key is. */
static text_slice message_id(const function_call *call, char storage[ID_BYTES]) {
  text_buffer id;
  text_buffer_init(&id, storage, ID_BYTES);
  text_buffer_append_string(&id, "msg_");
  text_buffer_append_hex(&id, (text_slice){(const char *)call->id, KEY_ID_BYTES});
  return text_buffer_slice(&id);
}

/* False when there is no room. */
static bool write_message(const function_call *call, const upload_request *request,
                          const admitted_upload *upload, webhook_message *message) {
  char storage[ID_BYTES];
  const app_question question = {.request = request,
                                 .upload = upload,
                                 .caller = &call->request->caller,
                                 .request_id = call->request_id};
  text_buffer text = text_arena_open(call->arena);
  webhook_append_start(&text, message_id(call, storage), call->time_seconds);
  app_question_append(&text, &question);
  *message = webhook_sign(call->webhook_keys, text_arena_close(call->arena, &text), call->arena);
  return !text.overflowed && message->signature.data != NULL;
}

static outgoing_answer send(const function_call *call, const webhook_message *message) {
  const upload_config *config = call->config;
  const text_pair headers[] = {
      {TEXT_INITIALIZER("Content-Type"), TEXT_INITIALIZER("application/json")},
      {TEXT_INITIALIZER("webhook-id"), message->id},
      {TEXT_INITIALIZER("webhook-timestamp"), message->timestamp},
      {TEXT_INITIALIZER("webhook-signature"), message->signature},
  };
  const outgoing_request request = {.method = TEXT_LITERAL("POST"),
                                    .url = config->ask_url,
                                    .headers = headers,
                                    .header_count = sizeof headers / sizeof headers[0],
                                    .body = message->body,
                                    .once = true,
                                    .timeout_ms = config->ask_timeout_ms,
                                    .answer_max_bytes = APP_ANSWER_MAX_BYTES,
                                    .deadline_ms = call->deadline_ms};
  return call->app->send(call->app->context, &request, call->arena);
}

/* The upload by what the app says: what was declared is checked again, by less. */
static http_error admit_again(const function_call *call, upload_request *request,
                              const upload_rules *rules, text_slice key, admitted_upload *upload) {
  const text_slice told = upload->key;
  const http_error error = call_check(call, request, rules, upload);
  if (key.size > 0 && !text_slice_equal(key, told)) {
    upload->key = key;
    upload->key_is_apps = true;
  }
  return error;
}

http_error ask_app(const function_call *call, upload_request *request, admitted_upload *upload) {
  if (call->app == NULL) {
    return unreachable(call);
  }
  upload_rules *rules = text_arena_allocate(call->arena, sizeof *rules);
  webhook_message message = {0};
  if (rules == NULL || !write_message(call, request, upload, &message)) {
    call_log(call, "there is no memory to ask the app, or the caller's claims nest too deep");
    return http_error_make(call->arena, 500, "OutOfMemory", "there is no room for the question");
  }
  *rules = *upload->rules;
  const outgoing_answer said = send(call, &message);
  if (said.status != ANSWERED) {
    return unreachable(call);
  }
  app_answer answer;
  const app_answer_target target = {rules, &request->metadata};
  const char *problem =
      app_answer_read(&answer, &target, said.body, call->config->key_start, call->arena);
  if (problem != NULL) {
    call_log(call, "what the app answered has no meaning: %s", problem);
    return unreachable(call);
  }
  return answer.is_allowed ? admit_again(call, request, rules, answer.key, upload)
                           : http_error_make(call->arena, 403, "NotAllowed", "%.*s",
                                             (int)answer.message.size, answer.message.data);
}
