#include "s3_params.h"

#include "admit.h"
#include "receipts.h"
#include "reply_body.h"
#include "signed_put.h"
#include "upload_form.h"

/* The names that Companion's clients use. */
static http_error read_request(upload_request *upload, const function_call *call) {
  *upload = (upload_request){.names = &upload_names_of_companion,
                             .size_is_capped = !call->rules->form_is_put};
  if (http_request_parameter(call->request, TEXT_LITERAL("filename"), &upload->file_name) > 1 ||
      http_request_parameter(call->request, TEXT_LITERAL("type"), &upload->file_type) > 1) {
    return http_error_make(call->arena, 400, "InvalidParameter",
                           "filename or type is given more than once");
  }
  return metadata_from_query(&upload->metadata, call->request, call->arena);
}

static void append_end(text_buffer *body, const admitted_upload *upload, text_slice receipt) {
  text_buffer_append_string(body, ",\"expires\":");
  text_buffer_append_decimal(body, upload->expires_seconds);
  receipts_append(body, receipt);
  text_buffer_append_byte(body, '}');
}

static http_error answer_form(const function_call *call, const admitted_upload *upload,
                              http_reply *reply) {
  s3_post_form form;
  const http_error error = upload_form_make(&form, call, upload);
  if (error.status != 0) {
    return error;
  }
  const text_slice receipt = receipts_grant(call, upload);
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_text(&body, "{\"method\":\"POST\",\"url\":", form.url);
  reply_body_append_pairs(&body, ",\"fields\":", form.fields, form.field_count);
  append_end(&body, upload, receipt);
  http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
  return error;
}

/* For stores that have no POST Object. */
static http_error answer_put(const function_call *call, const admitted_upload *upload,
                             http_reply *reply) {
  signed_put put;
  const http_error error = signed_put_make(&put, call, upload);
  if (error.status != 0) {
    return error;
  }
  const text_slice receipt = receipts_grant(call, upload);
  text_buffer body = text_arena_open(call->arena);
  reply_body_append_text(&body, "{\"method\":\"PUT\",\"url\":", put.url);
  reply_body_append_pairs(&body, ",\"fields\":{},\"headers\":", put.headers, put.told_count);
  append_end(&body, upload, receipt);
  http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
  return error;
}

http_error s3_params_get(const function_call *call, http_reply *reply) {
  upload_request request;
  admitted_upload upload;
  http_error error = read_request(&request, call);
  if (error.status == 0) {
    error = admit_upload(call, &request, &upload);
  }
  if (error.status != 0) {
    return error;
  }
  return call->rules->form_is_put ? answer_put(call, &upload, reply)
                                  : answer_form(call, &upload, reply);
}
