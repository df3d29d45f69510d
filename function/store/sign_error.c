#include "sign_error.h"

/* Keys and headers were checked when the upload was let in; what a form can't hold is told here. */
static bool is_clients(s3_status status) {
  return status == S3_BAD_FIELD || status == S3_BIG_FORM;
}

http_error sign_error(s3_status status, text_arena *arena) {
  if (status == S3_NO_FORM) {
    return http_error_make(arena, 501, "NotSupported", "%s", s3_status_text(status));
  }
  return http_error_make(arena, is_clients(status) ? 400 : 500, "CannotSign",
                         "the upload can't be signed: %s", s3_status_text(status));
}
