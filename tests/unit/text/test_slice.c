#include "text/slice.h"

#include "tests/unit/support.h"

TEST(a_null_string_is_the_empty_slice) {
  CHECK_NUMBER("null", text_slice_of(NULL).size, 0);
  CHECK_NUMBER("empty", text_slice_of("").size, 0);
  CHECK_NUMBER("text", text_slice_of("abc").size, 3);
}

static const struct {
  const char *name, *a, *b;
  bool equal, equal_ignoring_case;
} pairs[] = {
    {"two empty ones", "", "", true, true},
    {"an empty one", "", "a", false, false},
    {"the same", "abc", "abc", true, true},
    {"another last byte", "abc", "abd", false, false},
    {"a prefix", "ab", "abc", false, false},
    {"upper case", "Content-Type", "content-type", false, true},
    {"the bytes around A to Z", "@[", "`{", false, false},
    {"no ASCII letters", "\xC3\x84", "\xC3\xA4", false, false},
};

TEST(compares_with_and_without_case) {
  for (size_t i = 0; i < COUNT(pairs); i++) {
    const text_slice a = guarded_string(pairs[i].a);
    const text_slice b = guarded_string(pairs[i].b);
    CHECK_NUMBER(pairs[i].name, text_slice_equal(a, b), pairs[i].equal);
    CHECK_NUMBER(pairs[i].name, text_slice_equal(b, a), pairs[i].equal);
    CHECK_NUMBER(pairs[i].name, text_slice_equal_ignoring_case(a, b), pairs[i].equal_ignoring_case);
  }
}

TEST(compares_past_a_nul) {
  CHECK("equal", !text_slice_equal(TEXT_LITERAL("a\0b"), TEXT_LITERAL("a\0c")));
  CHECK("order", text_slice_compare(TEXT_LITERAL("a\0b"), TEXT_LITERAL("a\0c")) < 0);
}

static const struct {
  const char *name, *text, *part;
  bool at_start, at_end;
} parts[] = {
    {"nothing", "abc", "", true, true},
    {"nothing of nothing", "", "", true, true},
    {"something of nothing", "", "a", false, false},
    {"the start", "abc", "ab", true, false},
    {"the end", "abc", "bc", false, true},
    {"all", "abc", "abc", true, true},
    {"more than all", "abc", "abcd", false, false},
};

TEST(finds_what_a_text_starts_and_ends_with) {
  for (size_t i = 0; i < COUNT(parts); i++) {
    const text_slice text = guarded_string(parts[i].text);
    const text_slice part = guarded_string(parts[i].part);
    CHECK_NUMBER(parts[i].name, text_slice_starts_with(text, part), parts[i].at_start);
    CHECK_NUMBER(parts[i].name, text_slice_ends_with(text, part), parts[i].at_end);
  }
}

TEST(orders_by_unsigned_bytes_and_then_by_size) {
  static const char *const ascending[] = {"",   "A",  "AA",   "B",    "a",
                                          "a=", "aa", "\x7F", "\x80", "\xFF"};
  for (size_t i = 0; i < COUNT(ascending); i++) {
    for (size_t j = 0; j < COUNT(ascending); j++) {
      const int order =
          text_slice_compare(guarded_string(ascending[i]), guarded_string(ascending[j]));
      CHECK_NUMBER(ascending[i], (order > 0) - (order < 0), (i > j) - (i < j));
    }
  }
}

TEST(takes_what_is_left_from_a_byte_on) {
  const text_slice text = TEXT_LITERAL("abc");
  CHECK_TEXT("0", text_slice_from(text, 0), "abc");
  CHECK_TEXT("2", text_slice_from(text, 2), "c");
  CHECK_NUMBER("3", text_slice_from(text, 3).size, 0);
  CHECK_NUMBER("past the end", text_slice_from(text, SIZE_MAX).size, 0);
}

static const struct {
  const char *name, *text, *trimmed;
} blanks[] = {
    {"nothing", "", ""},
    {"blanks only", " \t ", ""},
    {"both ends", "\t a \t", "a"},
    {"blanks inside", "a b", "a b"},
    {"no line ends", "\na\r", "\na\r"},
};

TEST(trims_spaces_and_tabs) {
  for (size_t i = 0; i < COUNT(blanks); i++) {
    CHECK_TEXT(blanks[i].name, text_slice_trim(guarded_string(blanks[i].text)), blanks[i].trimmed);
  }
}

static const struct {
  const char *name, *text;
  size_t count;
  const char *pieces[4];
} lists[] = {
    {"one piece", "abc", 1, {"abc"}},
    {"an empty text", "", 1, {""}},
    {"three pieces", "a,bc,d", 3, {"a", "bc", "d"}},
    {"an empty one in the middle", "a,,b", 3, {"a", "", "b"}},
    {"empty ones at the ends", ",a,", 3, {"", "a", ""}},
    {"separators only", ",", 2, {"", ""}},
};

TEST(splits_at_each_separator) {
  for (size_t i = 0; i < COUNT(lists); i++) {
    text_slice rest = guarded_string(lists[i].text);
    text_slice piece;
    for (size_t at = 0; at < lists[i].count; at++) {
      CHECK(lists[i].name, text_slice_split(&rest, ',', &piece));
      CHECK_TEXT(lists[i].name, piece, lists[i].pieces[at]);
    }
    CHECK(lists[i].name, !text_slice_split(&rest, ',', &piece));
  }
}

TEST(splits_a_missing_text_into_nothing) {
  text_slice rest = {NULL, 0};
  text_slice piece;
  CHECK("null", !text_slice_split(&rest, ',', &piece));
}

RUN_TESTS(cmocka_unit_test(a_null_string_is_the_empty_slice),
          cmocka_unit_test(compares_with_and_without_case), cmocka_unit_test(compares_past_a_nul),
          cmocka_unit_test(finds_what_a_text_starts_and_ends_with),
          cmocka_unit_test(orders_by_unsigned_bytes_and_then_by_size),
          cmocka_unit_test(takes_what_is_left_from_a_byte_on),
          cmocka_unit_test(trims_spaces_and_tabs), cmocka_unit_test(splits_at_each_separator),
          cmocka_unit_test(splits_a_missing_text_into_nothing))
