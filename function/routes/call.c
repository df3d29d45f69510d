#include "call.h"

http_error call_admit(const function_call *call, const upload_request *request,
                      admitted_upload *upload) {
  const admission_moment moment = {call->time_seconds, call->id, &call->request->caller};
  return admission_check(upload, request, call->config, &moment, call->arena);
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
