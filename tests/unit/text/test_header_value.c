#include "text/header_value.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *value;
  bool usable, one_line;
} values[] = {
    {"nothing", "", true, true},
    {"printable ASCII", "!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~", true, true},
    {"a space inside", "text/plain; charset=utf-8", true, true},
    {"single spaces", "a b c", true, true},
    {"a space before", " a", false, true},
    {"a space behind", "a ", false, true},
    {"a space only", " ", false, true},
    {"two spaces", "a  b", false, true},
    {"a tab", "a\tb", false, true},
    {"a line end", "a\nb", false, false},
    {"a carriage return", "a\r\nx: y", false, false},
    {"DEL", "a\x7F", false, false},
    {"UTF-8", "\xC3\xA9", false, true},
};

TEST(a_value_is_printable_and_not_folded) {
  for (size_t i = 0; i < COUNT(values); i++) {
    CHECK_NUMBER(values[i].name, text_header_value_is_usable(guarded_string(values[i].value)),
                 values[i].usable);
    CHECK_NUMBER(values[i].name, text_header_value_is_one_line(guarded_string(values[i].value)),
                 values[i].one_line);
  }
  CHECK("nul", !text_header_value_is_usable(guarded(TEXT_LITERAL("a\0b"))));
  CHECK("nul", !text_header_value_is_one_line(guarded(TEXT_LITERAL("a\0b"))));
}

TEST(a_token_has_no_separators) {
  static const struct {
    const char *value;
    bool is_token;
  } tokens[] = {{"Content-Length", true},
                {"!#$%&'*+-.^_`|~09azAZ", true},
                {"", false},
                {"a b", false},
                {"a:b", false},
                {"a\tb", false},
                {"a\x7F", false},
                {"\xC3\xA9", false}};
  for (size_t i = 0; i < COUNT(tokens); i++) {
    CHECK_NUMBER(tokens[i].value, text_header_value_is_token(guarded_string(tokens[i].value)),
                 tokens[i].is_token);
  }
  CHECK("nul", !text_header_value_is_token(guarded(TEXT_LITERAL("a\0b"))));
}

RUN_TESTS(cmocka_unit_test(a_value_is_printable_and_not_folded),
          cmocka_unit_test(a_token_has_no_separators))
