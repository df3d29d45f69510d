#include "text/header_value.h"

#include "tests/unit/support.h"

static const struct {
  const char *name, *value;
  bool usable;
} values[] = {
    {"nothing", "", true},
    {"printable ASCII", "!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~", true},
    {"a space inside", "text/plain; charset=utf-8", true},
    {"single spaces", "a b c", true},
    {"a space before", " a", false},
    {"a space behind", "a ", false},
    {"a space only", " ", false},
    {"two spaces", "a  b", false},
    {"a tab", "a\tb", false},
    {"a line end", "a\nb", false},
    {"a carriage return", "a\r\nx: y", false},
    {"DEL", "a\x7F", false},
    {"UTF-8", "\xC3\xA9", false},
};

TEST(a_value_is_printable_and_not_folded) {
  for (size_t i = 0; i < COUNT(values); i++) {
    CHECK_NUMBER(values[i].name, text_header_value_is_usable(guarded_string(values[i].value)),
                 values[i].usable);
  }
  CHECK("nul", !text_header_value_is_usable(guarded(TEXT_LITERAL("a\0b"))));
}

RUN_TESTS(cmocka_unit_test(a_value_is_printable_and_not_folded))
