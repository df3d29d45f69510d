#include "runtime/http_head.h"

#include "tests/unit/support.h"

/* Takes all lines of `text`, and returns what is wrong with the first that is. */
static const char *take(const char *text, runtime_http_head *head) {
  text_slice rest = text_slice_of(text);
  *head = (runtime_http_head){0};
  while (rest.size > 0) {
    const char *end = memchr(rest.data, '\n', rest.size);
    const size_t size = end != NULL ? (size_t)(end + 1 - rest.data) : rest.size;
    const char *problem = runtime_http_head_take_line(head, guarded((text_slice){rest.data, size}));
    if (problem != NULL) {
      return problem;
    }
    rest = text_slice_from(rest, size);
  }
  return NULL;
}

static const struct {
  const char *text;
  int status;
  runtime_http_framing framing;
  int64_t length_bytes;
  bool closes;
} heads[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, RUNTIME_HTTP_LENGTH, 5, false},
    {"HTTP/1.1 200 OK\r\ncontent-length:\t5 \t\r\n\r\n", 200, RUNTIME_HTTP_LENGTH, 5, false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, RUNTIME_HTTP_LENGTH, 0, false},
    {"HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n", 202, RUNTIME_HTTP_LENGTH, 0, false},
    {"HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n", 202, RUNTIME_HTTP_LENGTH, 0, false},
    {"HTTP/1.1 999 Not\tknown: \xC3\xA9\r\nContent-Length: 0\r\n\r\n", 999, RUNTIME_HTTP_LENGTH, 0,
     false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", 200, RUNTIME_HTTP_LENGTH,
     INT64_MAX, false},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", 200, RUNTIME_HTTP_CHUNKED, 0, false},
    {"HTTP/1.1 200 OK\r\n\r\n", 200, RUNTIME_HTTP_UNTIL_CLOSE, 0, true},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", 200, RUNTIME_HTTP_LENGTH,
     5, true},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, CLOSE ,y\r\n\r\n", 200,
     RUNTIME_HTTP_LENGTH, 5, true},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", 200,
     RUNTIME_HTTP_LENGTH, 5, false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: closed\r\n\r\n", 200, RUNTIME_HTTP_LENGTH,
     5, false},
    {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", 200, RUNTIME_HTTP_LENGTH, 5, true},
    {"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", 204, RUNTIME_HTTP_NO_BODY, 5, false},
    {"HTTP/1.1 304 None\r\nTransfer-Encoding: chunked\r\n\r\n", 304, RUNTIME_HTTP_NO_BODY, 0,
     false},
    {"HTTP/1.1 100 Go on\r\n\r\n", 100, RUNTIME_HTTP_NO_BODY, 0, false},
    {"HTTP/1.1 101 Other\r\n\r\n", 101, RUNTIME_HTTP_NO_BODY, 0, true},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Odd: a\x01"
     "b\x7F\r\n\r\n",
     200, RUNTIME_HTTP_LENGTH, 5, false},
    {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Empty:\r\n\r\n", 200, RUNTIME_HTTP_LENGTH, 5,
     false},
};

TEST(a_head_says_how_its_body_ends) {
  for (size_t i = 0; i < COUNT(heads); i++) {
    runtime_http_head head;
    const char *row = heads[i].text;
    CHECK(row, take(row, &head) == NULL);
    CHECK(row, head.whole);
    CHECK_NUMBER(row, head.status, heads[i].status);
    CHECK_NUMBER(row, head.framing, heads[i].framing);
    CHECK_NUMBER(row, head.length_bytes, heads[i].length_bytes);
    CHECK(row, head.closes == heads[i].closes);
  }
}

#define OK "HTTP/1.1 200 OK\r\n"

static const struct {
  const char *text, *problem;
} refused[] = {
    {"HTTP/2 200 OK\r\n", "status line"},
    {"HTTP/1.1 20 OK\r\n", "status line"},
    {"HTTP/1.1 2000 OK\r\n", "status line"},
    {"HTTP/1.1 099 OK\r\n", "status line"},
    {"HTTP/1.1 -20 OK\r\n", "status line"},
    {"HTTP/1.1  200 OK\r\n", "status line"},
    {"HTTP/1.1\r\n", "status line"},
    {"HTTP/1.x 200 OK\r\n", "status line"},
    {"HTTP/1.10 200 OK\r\n", "status line"},
    {"http/1.1 200 OK\r\n", "status line"},
    {" HTTP/1.1 200 OK\r\n", "status line"},
    {"\r\n", "status line"},
    {"HTTP/1.1 200 OK\n", "CR LF"},
    {OK "A: b\n", "CR LF"},
    {OK "\n", "CR LF"},
    {OK "A: b\rC: d\r\n", "a CR"},
    {OK "A: b\r\r\n", "a CR"},
    {OK "A: b\r\n c\r\n", "folded"},
    {OK "A: b\r\n\tc: d\r\n", "folded"},
    {OK "A : b\r\n", "no name"},
    {OK "A b: c\r\n", "no name"},
    {OK ": b\r\n", "no name"},
    {OK "A\r\n", "no name"},
    {OK "\xC3\xA9: b\r\n", "no name"},
    {OK "Content-Length: 5\r\nContent-Length: 5\r\n", "two lengths"},
    {OK "Content-Length: 5, 5\r\n", "no number"},
    {OK "Content-Length: \r\n", "no number"},
    {OK "Content-Length: +5\r\n", "no number"},
    {OK "Content-Length: -5\r\n", "no number"},
    {OK "Content-Length: 0x5\r\n", "no number"},
    {OK "Content-Length: 9223372036854775808\r\n", "no number"},
    {OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "a length and"},
    {OK "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "a length and"},
    {OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "transfer coding"},
    {OK "Transfer-Encoding: gzip\r\n", "transfer coding"},
    {OK "Transfer-Encoding: gzip, chunked\r\n", "transfer coding"},
    {OK "Transfer-Encoding: chunked, chunked\r\n", "transfer coding"},
    {OK "Transfer-Encoding:\r\n", "transfer coding"},
    {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n", "transfer coding"},
};

TEST(what_could_be_read_in_two_ways_is_refused) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    runtime_http_head head;
    const char *problem = take(refused[i].text, &head);
    CHECK(refused[i].text, problem != NULL);
    CHECK(problem, strstr(problem, refused[i].problem) != NULL);
  }
}

TEST(a_nul_in_a_line_is_refused) {
  runtime_http_head head = {0};
  CHECK("status",
        runtime_http_head_take_line(&head, TEXT_LITERAL("HTTP/1.1 200 O\0K\r\n")) != NULL);
  head = (runtime_http_head){.status = 200};
  CHECK("field", runtime_http_head_take_line(&head, TEXT_LITERAL("A: b\0c\r\n")) != NULL);
}

TEST(only_what_has_another_head_behind_it_is_interim) {
  for (int status = 100; status < 1000; status++) {
    const runtime_http_head head = {.status = status};
    CHECK_NUMBER("status", runtime_http_head_is_interim(&head), status < 200 && status != 101);
  }
}

TEST(a_field_is_taken_apart_at_its_first_colon) {
  static const struct {
    const char *line, *name, *value;
  } fields[] = {{"A:b\r\n", "A", "b"},
                {"A: \t b c \t \r\n", "A", "b c"},
                {"A:b:c\r\n", "A", "b:c"},
                {"A:\r\n", "A", ""},
                {"A: \t\r\n", "A", ""}};
  for (size_t i = 0; i < COUNT(fields); i++) {
    runtime_http_head head = {.status = 200};
    CHECK(fields[i].line,
          runtime_http_head_take_line(&head, guarded_string(fields[i].line)) == NULL);
    CHECK_TEXT(fields[i].line, head.field.name, fields[i].name);
    CHECK_TEXT(fields[i].line, head.field.value, fields[i].value);
  }
}

TEST(a_start_is_one_so_far_as_it_goes) {
  static const char text[] = "HTTP/1.1 200 OK\r\n";
  for (size_t size = 0; size < sizeof text; size++) {
    CHECK(text, runtime_http_can_begin((text_slice){text, size}));
  }
  CHECK("another protocol", !runtime_http_can_begin(TEXT_LITERAL("SSH")));
  CHECK("a blank line", !runtime_http_can_begin(TEXT_LITERAL("\r")));
  CHECK("HTTP/2", !runtime_http_can_begin(TEXT_LITERAL("HTTP/2")));
}

RUN_TESTS(cmocka_unit_test(a_head_says_how_its_body_ends),
          cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
          cmocka_unit_test(a_nul_in_a_line_is_refused),
          cmocka_unit_test(only_what_has_another_head_behind_it_is_interim),
          cmocka_unit_test(a_field_is_taken_apart_at_its_first_colon),
          cmocka_unit_test(a_start_is_one_so_far_as_it_goes))
