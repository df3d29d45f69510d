#include "admit.h"

api_error admit_upload(admitted_upload *upload, const upload_request *request,
                       const function_call *call) {
  const admission_moment moment = {call->time_seconds, call->id, &call->request->caller};
  return admission_check(upload, request, call->config, &moment, call->arena);
}
