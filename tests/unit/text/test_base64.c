#include "text/base64.h"

#include "tests/unit/support.h"

/* RFC 4648, section 10, and both letters that are no alphanumeric ones. */
static const struct {
  const char *bytes, *encoded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFB\xEF\xBE", "++++"},
    {"\xFF\xFF\xFF", "////"},
};

TEST(encodes_the_documented_vectors) {
  for (size_t i = 0; i < COUNT(vectors); i++) {
    text_buffer buffer = buffer_of(strlen(vectors[i].encoded));
    text_base64_append_encoded(&buffer, guarded_string(vectors[i].bytes));
    CHECK_TEXT(vectors[i].encoded, text_buffer_slice(&buffer), vectors[i].encoded);
    CHECK(vectors[i].encoded, !buffer.overflowed);
  }
}

TEST(decodes_the_documented_vectors) {
  for (size_t i = 0; i < COUNT(vectors); i++) {
    text_buffer buffer = buffer_of(strlen(vectors[i].bytes));
    CHECK(vectors[i].encoded,
          text_base64_append_decoded(&buffer, guarded_string(vectors[i].encoded)));
    CHECK_TEXT(vectors[i].encoded, text_buffer_slice(&buffer), vectors[i].bytes);
    CHECK(vectors[i].encoded, !buffer.overflowed);
  }
}

static const struct {
  const char *name, *text;
} refused[] = {
    {"a length that is no multiple of four", "Zm9vYg="},
    {"one letter", "Z"},
    {"padding only", "===="},
    {"two padding bytes only", "=="},
    {"three padding bytes", "Z==="},
    {"padding inside", "Zg==Zm9v"},
    {"padding before a letter", "Zm=v"},
    {"one bit left over of two", "Zm9="},
    {"one bit left over of four", "Zh=="},
    {"a space", "Zm 9"},
    {"a line end", "Zm9v\n"},
    {"the URL alphabet's minus", "Zm9-"},
    {"the URL alphabet's underscore", "Zm9_"},
    {"a byte above ASCII", "Zm9\xE9"},
};

TEST(refuses_what_is_not_strict) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    text_buffer buffer = buffer_of(16);
    CHECK(refused[i].name, !text_base64_append_decoded(&buffer, guarded_string(refused[i].text)));
    CHECK_NUMBER(refused[i].name, buffer.size, 0);
  }
}

TEST(refuses_a_nul) {
  text_buffer buffer = buffer_of(16);
  CHECK("nul", !text_base64_append_decoded(&buffer, guarded(TEXT_LITERAL("Zm9\0"))));
}

TEST(gives_back_each_byte_at_each_place) {
  for (size_t size = 1; size <= 3; size++) {
    for (int byte = 0; byte < 256; byte++) {
      const char bytes[3] = {(char)byte, (char)(255 - byte), (char)(byte ^ 0x55)};
      text_buffer encoded = buffer_of(4);
      text_buffer decoded = buffer_of(3);
      text_base64_append_encoded(&encoded, (text_slice){bytes, size});
      CHECK("decodes", text_base64_append_decoded(&decoded, text_buffer_slice(&encoded)));
      CHECK_SLICE("bytes", text_buffer_slice(&decoded), ((text_slice){bytes, size}));
    }
  }
}

static const struct {
  const char *bytes, *encoded;
} url_vectors[] = {
    {"", ""},
    {"f", "Zg"},
    {"fo", "Zm8"},
    {"foo", "Zm9v"},
    {"foobar", "Zm9vYmFy"},
    {"\xFB\xEF\xBE", "----"},
    {"\xFF\xFF", "__8"},
};

TEST(has_a_form_for_urls) {
  for (size_t i = 0; i < COUNT(url_vectors); i++) {
    text_buffer encoded = buffer_of(strlen(url_vectors[i].encoded));
    text_buffer decoded = buffer_of(strlen(url_vectors[i].bytes));
    text_base64_append_url_encoded(&encoded, guarded_string(url_vectors[i].bytes));
    CHECK_TEXT(url_vectors[i].encoded, text_buffer_slice(&encoded), url_vectors[i].encoded);
    CHECK(url_vectors[i].encoded,
          text_base64_append_url_decoded(&decoded, guarded_string(url_vectors[i].encoded)));
    CHECK_TEXT(url_vectors[i].encoded, text_buffer_slice(&decoded), url_vectors[i].bytes);
  }
}

TEST(refuses_what_is_no_strict_form_for_urls) {
  static const char *const texts[] = {"Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9+", "Zm9/"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    text_buffer buffer = buffer_of(16);
    CHECK(texts[i], !text_base64_append_url_decoded(&buffer, guarded_string(texts[i])));
    CHECK_NUMBER(texts[i], buffer.size, 0);
  }
}

TEST(says_so_when_there_is_no_room) {
  text_buffer buffer = buffer_of(5);
  text_base64_append_encoded(&buffer, TEXT_LITERAL("foobar"));
  CHECK("encoded", buffer.overflowed);
  buffer = buffer_of(5);
  CHECK("decoded", text_base64_append_decoded(&buffer, TEXT_LITERAL("Zm9vYmFy")));
  CHECK("decoded", buffer.overflowed);
}

RUN_TESTS(cmocka_unit_test(encodes_the_documented_vectors),
          cmocka_unit_test(decodes_the_documented_vectors),
          cmocka_unit_test(refuses_what_is_not_strict), cmocka_unit_test(refuses_a_nul),
          cmocka_unit_test(gives_back_each_byte_at_each_place),
          cmocka_unit_test(has_a_form_for_urls),
          cmocka_unit_test(refuses_what_is_no_strict_form_for_urls),
          cmocka_unit_test(says_so_when_there_is_no_room))
