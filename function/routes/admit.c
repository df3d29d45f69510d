#include "admit.h"

#include "ask.h"
#include "receipts.h"

static http_error check_subject(const function_call *call) {
  text_slice subject;
  return receipts_are_on(call) ? receipts_subject(call, &subject) : (http_error){0};
}

http_error admit_upload(const function_call *call, upload_request *request,
                        admitted_upload *upload) {
  http_error error = call_check(call, request, call->rules, upload);
  if (error.status == 0) {
    error = check_subject(call);
  }
  return error.status == 0 && call->config->ask_url.size > 0 ? ask_app(call, request, upload)
                                                             : error;
}
