#include "multipart_stored.h"

#include "function/config/key_template.h"

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

static bool answers(const function_call *call, store_operation operation) {
  s3_xml xml;
  operation.repeatable = true;
  operation.is_question = true;
  operation.expects = S3_XML_OTHER;
  return call_store(call, &operation, &xml, NULL).status == 0;
}

bool multipart_is_stored(const function_call *call, const multipart_upload *upload) {
  static const text_pair tagging[] = {{TEXT_INITIALIZER("tagging"), TEXT_INITIALIZER("")}};
  const store_operation tags = {
      .method = TEXT_LITERAL("GET"), .key = upload->key, .query = tagging, .query_count = 1};
  const store_operation head = {.method = TEXT_LITERAL("HEAD"), .key = upload->key};
  return !upload->sealed.key_is_apps && is_of_one_upload(call->rules->key_template) &&
         (answers(call, tags) || answers(call, head));
}
