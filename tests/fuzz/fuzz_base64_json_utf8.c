/* What is encoded and decoded again: base64, JSON strings, percent signs, UTF-8; and inflated. */
#include "http/json_tree.h"
#include "support.h"
#include "text/base64.h"
#include "text/inflate.h"
#include "text/json.h"
#include "text/percent.h"
#include "text/utf8.h"

enum { BUFFER_BYTES = 1024 * 1024, INPUT_MAX_BYTES = 64 * 1024 };

static char storage[2][BUFFER_BYTES];

static text_buffer buffer_of(size_t which) {
  text_buffer buffer;
  text_buffer_init(&buffer, storage[which], sizeof storage[which]);
  return buffer;
}

static void check_base64(text_slice input) {
  text_buffer encoded = buffer_of(0);
  text_buffer decoded = buffer_of(1);
  text_base64_append_encoded(&encoded, input);
  MUST(text_base64_append_decoded(&decoded, text_buffer_slice(&encoded)));
  MUST(text_slice_equal(text_buffer_slice(&decoded), input));

  /* A text that is taken is the only one for what it stands for. */
  decoded = buffer_of(1);
  if (text_base64_append_decoded(&decoded, input)) {
    encoded = buffer_of(0);
    text_base64_append_encoded(&encoded, text_buffer_slice(&decoded));
    MUST(text_slice_equal(text_buffer_slice(&encoded), input));
  } else {
    MUST(decoded.size == 0);
  }
}

static void check_json(text_slice input) {
  static alignas(16) char memory[BUFFER_BYTES];
  text_arena arena;
  text_buffer text = buffer_of(0);
  text_arena_init(&arena, memory, sizeof memory);
  text_json_append_string(&text, input);
  MUST(text_utf8_is_valid(text_buffer_slice(&text)));
  const text_slice read = http_json_text(http_json_parse(text_buffer_slice(&text), &arena));
  MUST(read.data != NULL);
  if (text_utf8_is_valid(input)) {
    MUST(read.size == input.size);
    for (size_t i = 0; i < input.size; i++) {
      MUST(read.data[i] == (input.data[i] == '\0' ? '\x01' : input.data[i]));
    }
  }
}

/* As cJSON has it by itself, with an allocator of its own; null for no JSON. */
static char *printed_by_cjson(const char *text) {
  const char *end = NULL;
  cJSON *tree = cJSON_ParseWithLengthOpts(text, strlen(text), &end, 0);
  char *printed =
      tree != NULL && end[strspn(end, " \t\r\n")] == '\0' ? cJSON_PrintUnformatted(tree) : NULL;
  cJSON_Delete(tree);
  return printed;
}

/* Code units alone are read otherwise: see json_outline.h. */
static void check_tree(text_slice input) {
  static alignas(16) char memory[16 * BUFFER_BYTES];
  static char text[INPUT_MAX_BYTES + 1];
  text_arena arena;
  if (input.size == 0 || contains(input, TEXT_LITERAL("\\u")) || text_slice_contains(input, '\0')) {
    return;
  }
  text_arena_init(&arena, memory, sizeof memory);
  memcpy(text, input.data, input.size);
  text[input.size] = '\0';
  const cJSON *tree = http_json_parse(input, &arena);
  cJSON_InitHooks(NULL);
  char *printed = tree != NULL ? cJSON_PrintUnformatted(tree) : NULL;
  char *wanted = printed_by_cjson(text);
  MUST((printed != NULL) == (wanted != NULL));
  MUST(printed == NULL || strcmp(printed, wanted) == 0);
  cJSON_free(printed);
  cJSON_free(wanted);
  http_json_setup();
}

static void check_percent(text_slice input) {
  text_buffer encoded = buffer_of(0);
  text_buffer decoded = buffer_of(1);
  text_percent_append_encoded(&encoded, input);
  text_percent_append_form_decoded(&decoded, text_buffer_slice(&encoded));
  MUST(text_slice_equal(text_buffer_slice(&decoded), input));
  decoded = buffer_of(1);
  text_percent_append_form_decoded(&decoded, input);
  MUST(decoded.size <= input.size);
}

static void check_inflate(text_slice input) {
  text_buffer text = buffer_of(0);
  text_inflate_append(&text, input);
  MUST(text.overflowed || input.size > 0);
}

static void check_utf8(text_slice input) {
  const bool valid = text_utf8_is_valid(input);
  for (size_t size = 0; size <= input.size && size < 64; size++) {
    const text_slice whole = text_utf8_whole((text_slice){input.data, size});
    MUST(whole.size <= size && size - whole.size <= 3);
    MUST(!valid || text_utf8_is_valid(whole));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const text_slice input = input_of(data, size < INPUT_MAX_BYTES ? size : INPUT_MAX_BYTES);
  http_json_setup();
  check_base64(input);
  check_json(input);
  check_tree(input);
  check_percent(input);
  check_utf8(input);
  check_inflate(input);
  return 0;
}
