/* What somebody gives to be explained, in parts with a line of % between: the URL, the method with
 * the headers (a line each), the signed reply, and S3's error. */
#include "doctor/explain/explain.h"
#include "doctor/shared/signed_url.h"
#include "support.h"

enum { TEXT_BYTES = 4 * 1024 * 1024, SIGNATURE_BYTES = 64 };

static const s3_credentials credentials = {{"ASIAIOSFODNN7EXAMPLE", 20},
                                           {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", 40},
                                           {"a/session/token+of+some+length==", 32}};

static text_slice take_part(text_slice *rest) {
  static const char mark[] = "\n%\n";
  const char *end = rest->size > 0 ? memmem(rest->data, rest->size, mark, sizeof mark - 1) : NULL;
  const text_slice part = {rest->data, end != NULL ? (size_t)(end - rest->data) : rest->size};
  *rest = text_slice_from(*rest, part.size + (end != NULL ? sizeof mark - 1 : 0));
  return part;
}

static size_t read_headers(text_pair headers[S3_HEADERS_MAX], text_slice lines) {
  size_t count = 0;
  text_slice line;
  while (count < S3_HEADERS_MAX && text_slice_split(&lines, '\n', &line)) {
    text_slice value = line;
    text_slice name = {NULL, 0};
    (void)text_slice_split(&value, ':', &name);
    headers[count++] = (text_pair){name, text_slice_trim(value)};
  }
  return count;
}

/* Whatever is given, no secret and nothing that a terminal would act on comes out. */
static void check_shown(text_slice text, text_slice url_text) {
  static alignas(16) char memory[1024 * 1024];
  text_arena arena;
  signed_url url;
  for (size_t i = 0; i < text.size; i++) {
    MUST(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] <= '~'));
  }
  MUST(!contains(text, credentials.secret_access_key));
  MUST(!contains(text, credentials.session_token));
  MUST(!contains(text, credentials.access_key_id));
  text_arena_init(&arena, memory, sizeof memory);
  if (signed_url_read(&url, url_text, &arena) && signed_url_is_whole(&url)) {
    MUST(url.signature.size == SIGNATURE_BYTES && !contains(text, url.signature));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[EXPLAIN_ARENA_BYTES];
  static char storage[TEXT_BYTES];
  static text_arena arena;
  text_pair headers[S3_HEADERS_MAX];
  text_buffer text;
  text_slice rest = input_of(data, size);
  explain_input input = {.credentials = credentials, .headers = headers, .now_seconds = 1795521600};
  input.url = take_part(&rest);
  text_slice sent = take_part(&rest);
  (void)text_slice_split(&sent, '\n', &input.method);
  input.header_count = read_headers(headers, sent);
  input.reply = take_part(&rest);
  input.error = rest;
  if (arena.base == NULL) { /* to mark so much memory anew takes longer than most inputs do */
    text_arena_init(&arena, memory, sizeof memory);
  }
  text_arena_reset(&arena);
  text_buffer_init(&text, storage, sizeof storage);
  const explain_result result = explain(&input, &arena, &text);
  const text_slice shown = text_buffer_slice(&text);
  MUST(shown.size > 0);
  /* At the start: the store's own words may be these as well, on a line that begins otherwise. */
  MUST(result == EXPLAIN_BAD || text.overflowed ||
       (result == EXPLAIN_NAMED) == (text_slice_starts_with(shown, TEXT_LITERAL("Cause: ")) ||
                                     text_slice_starts_with(shown, TEXT_LITERAL("Most likely: "))));
  check_shown(shown, input.url);
  return 0;
}
