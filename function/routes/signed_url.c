#include "signed_url.h"

#include "admit.h"
#include "receipts.h"
#include "reply_body.h"
#include "signed_put.h"

static text_slice write_body(const function_call *call, const admitted_upload *upload,
                             const signed_put *put) {
  const text_slice receipt = receipts_grant(call, upload);
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_text(&body, "{\"url\":", put->url);
  reply_body_append_pairs(&body, ",\"method\":\"PUT\",\"headers\":", put->headers, put->told_count);
  reply_body_append_text(&body, ",\"key\":", upload->key);
  reply_body_append_expiry(&body, call->time_seconds, upload->expires_seconds);
  receipts_append(&body, receipt);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

static http_error admit_and_sign(const function_call *call, upload_request *request,
                                 http_reply *reply) {
  admitted_upload upload;
  signed_put put;
  http_error error = admit_upload(call, request, &upload);
  if (error.status == 0) {
    error = signed_put_make(&put, call, &upload);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_body(call, &upload, &put));
  }
  return error;
}

http_error signed_url_get(const function_call *call, http_reply *reply) {
  upload_request request;
  const http_error error = upload_request_from_query(&request, call->request, call->arena);
  return error.status != 0 ? error : admit_and_sign(call, &request, reply);
}

http_error signed_url_post(const function_call *call, http_reply *reply) {
  upload_request request;
  const http_error error = upload_request_from_json(&request, call->request, call->arena);
  return error.status != 0 ? error : admit_and_sign(call, &request, reply);
}
