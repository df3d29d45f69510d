#include "multipart.h"

#include "multipart_stored.h"
#include "multipart_upload.h"
#include "text/json.h"

static const http_error none = {0};

/* ---- List ----------------------------------------------------------------- */

static void append_part(text_buffer *body, const s3_part *part) {
  text_buffer_append_string(body, "{\"PartNumber\":");
  text_buffer_append_decimal(body, part->number);
  text_buffer_append_string(body, ",\"ETag\":");
  text_json_append_string(body, part->etag);
  text_buffer_append_string(body, ",\"Size\":");
  text_buffer_append_decimal(body, part->size_bytes);
  text_buffer_append_byte(body, '}');
}

http_error multipart_list(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  s3_part_list parts = {0};
  http_error error = multipart_open(call, 0, &upload);
  if (error.status == 0) {
    error = multipart_list_parts(call, &upload, &parts);
  }
  if (error.status != 0) {
    return error;
  }
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_byte(&body, '[');
  for (size_t i = 0; i < parts.count; i++) {
    text_buffer_append_string(&body, i > 0 ? "," : "");
    append_part(&body, &parts.parts[i]);
  }
  text_buffer_append_byte(&body, ']');
  http_reply_set_json(reply, 200, text_arena_close(call->arena, &body));
  return none;
}

/* ---- Abort ---------------------------------------------------------------- */

/* A client aborts as well when the answer to its completion was late. Nothing is deleted then,
 * and some stores say even so that it was done. */
static http_error look_for_object(const function_call *call, const multipart_upload *upload) {
  return multipart_is_stored(call, upload)
             ? http_error_make(call->arena, 409, "UploadCompleted",
                               "the upload was completed before: the object is stored, and an "
                               "abort does not delete it")
             : none;
}

http_error multipart_abort(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  http_error error = multipart_open(call, 0, &upload);
  if (error.status == 0) {
    error = multipart_discard(call, &upload);
  }
  if (error.status == 0 || multipart_is_gone(error)) {
    error = look_for_object(call, &upload);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, TEXT_LITERAL("{}"));
  }
  return error;
}

/* ---- Credentials ---------------------------------------------------------- */

http_error multipart_refuse_credentials(const function_call *call, http_reply *reply) {
  (void)reply;
  return http_error_make(call->arena, 403, "NoCredentials",
                         "this service signs single requests and hands out no credentials: leave "
                         "getTemporarySecurityCredentials off");
}
