/* What the app is asked: all that is known of an upload, and nothing else. */
#include "function/admission/app_question.h"

#include "function/config/config_rules.h"
#include "tests/unit/support.h"

static const char *question_of(const app_question *question) {
  static char storage[1024];
  text_buffer json;
  text_buffer_init(&json, storage, sizeof storage);
  app_question_append(&json, question);
  text_buffer_append_byte(&json, '\0');
  assert_false(json.overflowed);
  return storage;
}

TEST(what_is_not_known_is_left_out) {
  static const http_claims nobody;
  const upload_rules rules = config_rules_default();
  const upload_request request = {.file_name = TEXT_LITERAL("a.txt")};
  const admitted_upload upload = {.key = TEXT_LITERAL("uploads/ab/a.txt"),
                                  .content_type = TEXT_LITERAL("text/plain"),
                                  .size_bytes = -1,
                                  .metadata = &request.metadata,
                                  .rules = &rules};
  const app_question question = {&request, &upload, &nobody, TEXT_LITERAL("id-1")};
  CHECK_TEXT("json", text_slice_of(question_of(&question)),
             "{\"key\":\"uploads/ab/a.txt\",\"file_name\":\"a.txt\",\"file_type\":\"text/plain\","
             "\"request_id\":\"id-1\"}");
}

TEST(all_that_is_known_is_told) {
  http_json_setup();
  const http_claims caller = {http_json_parse(
      TEXT_LITERAL("{\"authorizer\":{\"lambda\":{\"sub\":\"ann\",\"n\":1}}}"), large_arena())};
  upload_rules rules = config_rules_default();
  rules.profile = TEXT_LITERAL("avatar");
  const upload_request request = {
      .file_name = TEXT_LITERAL("\xC3\xBC\".txt"),
      .in_parts = true,
      .metadata = {.list = {{TEXT_LITERAL("x-amz-meta-a"), TEXT_LITERAL("=?UTF-8?B?w7w=?=")},
                            {TEXT_LITERAL("x-amz-meta-b"), TEXT_LITERAL("c")}},
                   .texts = {TEXT_LITERAL("\xC3\xBC"), TEXT_LITERAL("c")},
                   .count = 2}};
  const admitted_upload upload = {.key = TEXT_LITERAL("k"),
                                  .content_type = TEXT_LITERAL("text/plain"),
                                  .size_bytes = 0,
                                  .sha256 = TEXT_LITERAL("hash="),
                                  .metadata = &request.metadata,
                                  .rules = &rules};
  const app_question question = {&request, &upload, &caller, TEXT_LITERAL("id-1")};
  CHECK_TEXT("json", text_slice_of(question_of(&question)),
             "{\"key\":\"k\",\"profile\":\"avatar\",\"file_name\":\"\xC3\xBC\\\".txt\","
             "\"file_type\":\"text/plain\",\"size\":0,\"sha256\":\"hash=\",\"metadata\":{\"a\":"
             "\"\xC3\xBC\",\"b\":\"c\"},\"caller\":{\"sub\":\"ann\",\"n\":1},\"request_id\":"
             "\"id-1\",\"parts\":true}");
}

RUN_TESTS(cmocka_unit_test(what_is_not_known_is_left_out),
          cmocka_unit_test(all_that_is_known_is_told))
