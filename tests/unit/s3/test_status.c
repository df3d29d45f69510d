#include "s3/status.h"

#include "tests/unit/support.h"

TEST(each_status_has_its_own_sentence) {
  for (int status = S3_OK; status <= S3_ONLY_ON_AWS; status++) {
    const text_slice text = text_slice_of(s3_status_text((s3_status)status));
    CHECK("some", text.size > 0);
    CHECK(text.data, !text_slice_ends_with(text, TEXT_LITERAL(".")));
    for (int other = S3_OK; other < status; other++) {
      CHECK(text.data, !text_slice_equal(text, text_slice_of(s3_status_text((s3_status)other))));
    }
    CHECK(text.data, strstr(text.data, "unknown") == NULL);
  }
}

TEST(a_number_that_is_no_status_is_unknown) {
  CHECK_TEXT("past the last", text_slice_of(s3_status_text((s3_status)(S3_ONLY_ON_AWS + 1))),
             "unknown error");
}

RUN_TESTS(cmocka_unit_test(each_status_has_its_own_sentence),
          cmocka_unit_test(a_number_that_is_no_status_is_unknown))
