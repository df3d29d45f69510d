#include "function.h"

#include "function/routes/cors.h"
#include "function/routes/routes.h"
#include "http/event.h"

bool function_init(upload_function *function, const upload_config *config, text_arena *arena) {
  function->config = config;
  seal_keys_init(&function->seal_keys, &config->seal_secrets);
  secret_keys_init(&function->webhook_keys, &config->webhook_secrets);
  secret_keys_init(&function->receipt_keys, &config->receipt_secrets);
  return s3_signer_init(&function->signer, &config->credentials, config->region, arena);
}

static http_error answer(const function_call *call, http_reply *reply) {
  if (!cors_apply(call->request, call->config, reply)) {
    return http_error_make(call->arena, 403, "OriginNotAllowed",
                           "this origin is not one of UPLOAD_ORIGINS, nor the page's own "
                           "(UPLOAD_PAGE_ORIGIN)");
  }
  return routes_answer(call, reply);
}

const char *function_handle(upload_function *function, const function_inputs *inputs,
                            text_arena *arena, text_buffer *out) {
  http_request request;
  const char *problem = http_event_read(&request, inputs->event, arena);
  if (problem != NULL) {
    return problem;
  }
  const bool multipart = function->seal_keys.count > 0 && inputs->transport != NULL;
  const function_call call = {.config = function->config,
                              .rules = &function->config->rules,
                              .signer = &function->signer,
                              .request = &request,
                              .seal_keys = multipart ? &function->seal_keys : NULL,
                              .transport = inputs->transport,
                              .webhook_keys = &function->webhook_keys,
                              .receipt_keys = &function->receipt_keys,
                              .app = inputs->app,
                              .time_seconds = inputs->time_seconds,
                              .deadline_ms = inputs->deadline_ms,
                              .id = inputs->id,
                              .request_id = inputs->request_id,
                              .log = inputs->log,
                              .arena = arena};
  http_reply reply = {0};
  const http_error error = answer(&call, &reply);
  if (error.status != 0) {
    http_reply_set_error(&reply, &error, inputs->request_id, arena);
  }
  http_reply_write(&reply, request.source, out);
  return NULL;
}
