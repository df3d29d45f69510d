#include "s3_params.h"

#include "receipts.h"
#include "reply_body.h"
#include "signed_upload.h"

/* The names that Companion's clients use. */
static http_error read_request(upload_request *upload, const function_call *call) {
  *upload = (upload_request){.names = &upload_names_of_companion};
  if (http_request_parameter(call->request, TEXT_LITERAL("filename"), &upload->file_name) > 1 ||
      http_request_parameter(call->request, TEXT_LITERAL("type"), &upload->file_type) > 1) {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "filename or type is given more than once");
  }
  return metadata_from_query(&upload->metadata, call->request, call->arena);
}

static text_slice write_body(const function_call *call, const signed_upload *granted) {
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_url(
      &body, granted->is_form ? "{\"method\":\"POST\",\"url\":" : "{\"method\":\"PUT\",\"url\":",
      granted->url);
  text_buffer_append_string(&body, granted->is_form ? "" : ",\"fields\":{}");
  signed_upload_append_told(&body, granted);
  text_buffer_append_string(&body, ",\"expires\":");
  text_buffer_append_decimal(&body, granted->upload.expires_seconds);
  receipts_append(&body, granted->receipt);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

/* A PUT for stores that have no POST Object. */
http_error s3_params_get(const function_call *call, http_reply *reply) {
  upload_request request;
  signed_upload granted;
  http_error error = read_request(&request, call);
  if (error.status == 0) {
    error = signed_upload_grant(&granted, call, &request, !call->rules->form_is_put);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_body(call, &granted));
  }
  return error;
}
