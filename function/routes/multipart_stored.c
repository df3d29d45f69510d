#include "multipart_stored.h"

#include "function/config/key_template.h"
#include "stored.h"

bool multipart_is_gone(http_error error) {
  return error.status != 0 &&
         text_slice_equal(text_slice_of(error.code), TEXT_LITERAL("NoSuchUpload"));
}

static bool is_of_one_upload(text_slice template) {
  key_piece piece;
  while (key_template_next(&template, &piece)) {
    if (piece.kind == KEY_ID) {
      return true;
    }
  }
  return false;
}

bool multipart_is_stored(const function_call *call, const multipart_upload *upload) {
  return !upload->sealed.key_is_apps && is_of_one_upload(call->rules->key_template) &&
         stored_is_there(call, upload->key);
}
