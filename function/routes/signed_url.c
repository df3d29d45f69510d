#include "signed_url.h"

#include "signed_upload.h"

static http_error answer(const function_call *call, upload_request *request, bool as_form,
                         http_reply *reply) {
  signed_upload granted;
  const http_error error = signed_upload_grant(&granted, call, request, as_form);
  if (error.status == 0) {
    text_buffer body = text_arena_open(call->arena);
    signed_upload_append(&body, call, &granted);
    http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
  }
  return error;
}

static http_error answer_query(const function_call *call, bool as_form, http_reply *reply) {
  upload_request request;
  const http_error error = upload_request_from_query(&request, call->request, call->arena);
  return error.status != 0 ? error : answer(call, &request, as_form, reply);
}

http_error signed_url_get(const function_call *call, http_reply *reply) {
  return answer_query(call, false, reply);
}

http_error signed_form_get(const function_call *call, http_reply *reply) {
  return answer_query(call, true, reply);
}

http_error signed_url_post(const function_call *call, http_reply *reply) {
  upload_request request;
  const http_error error = upload_request_from_json(&request, call->request, call->arena);
  return error.status != 0 ? error : answer(call, &request, false, reply);
}
