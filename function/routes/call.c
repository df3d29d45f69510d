#include "call.h"

#include <stdarg.h>
#include <stdio.h>

#include "function/admission/authorizer_limits.h"

enum { LOG_LINE_BYTES = 256 };

void call_log(const function_call *call, const char *format, ...) {
  char line[LOG_LINE_BYTES];
  va_list arguments;
  if (call->log == NULL) {
    return;
  }
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  call->log(line);
}

http_error call_narrow(function_call *call, upload_rules *narrowed) {
  const http_claims *caller = &call->request->caller;
  const char *claim = "";
  if (!authorizer_limits_are_said(caller)) {
    return (http_error){0};
  }
  *narrowed = *call->rules;
  call->rules = narrowed;
  const http_error error = authorizer_limits_apply(narrowed, caller, &claim, call->arena);
  if (error.status == 500) {
    call_log(call, "the authorizer's %s has no meaning", claim);
  }
  return error;
}

http_error call_check(const function_call *call, const upload_request *request,
                      const upload_rules *rules, admitted_upload *upload) {
  const admission_moment moment = {call->time_seconds, call->id, &call->request->caller};
  return admission_check(upload, request, rules, &moment, call->arena);
}

http_error call_store(const function_call *call, const store_operation *operation, s3_xml *xml,
                      s3_part_list *parts) {
  const store_access access = {.endpoint = &call->config->endpoint,
                               .signer = call->signer,
                               .transport = call->transport,
                               .time_seconds = call->time_seconds,
                               .deadline_ms = call->deadline_ms,
                               .arena = call->arena};
  return store_call(&access, operation, xml, parts);
}
