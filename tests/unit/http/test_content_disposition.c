#include "http/content_disposition.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *value;
} rows[] = {
    {"a.txt", "attachment; filename=\"a.txt\""},
    {" a;b, c.txt", "attachment; filename=\" a;b, c.txt\""},
    {"a\"b\\c", "attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc"},
    {"50%41", "attachment; filename=\"50_41\"; filename*=UTF-8''50%2541"},
    {"\xC3\xA9.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A9.txt"},
    {"\xF0\x9F\x98\x80", "attachment; filename=\"_\"; filename*=UTF-8''%F0%9F%98%80"},
    {"a\xFF", "attachment; filename=\"a_\"; filename*=UTF-8''a%FF"},
    {"", "attachment; filename=\"\""},
};

TEST(a_name_is_there_in_ascii_and_if_need_be_as_it_is) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_buffer value = buffer_of(strlen(rows[i].value));
    http_content_disposition_append(&value, guarded_string(rows[i].name));
    CHECK_TEXT(rows[i].name, text_buffer_slice(&value), rows[i].value);
    CHECK(rows[i].name, !value.overflowed);
  }
}

RUN_TESTS(cmocka_unit_test(a_name_is_there_in_ascii_and_if_need_be_as_it_is))
