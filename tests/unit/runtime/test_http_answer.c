#include "runtime/http_answer.h"

#include "tests/unit/support.h"

enum { STORAGE_BYTES = RUNTIME_HTTP_HEAD_MAX_BYTES + 4096 };

static char storage[STORAGE_BYTES];

/* Gives the answer up to `piece` bytes at a time, and then the end, if it is still waited for. */
static runtime_http_answer receive_to(text_slice text, size_t piece,
                                      runtime_http_take_field *take_field, void *context) {
  runtime_http_answer answer;
  runtime_http_answer_init(&answer, storage, sizeof storage);
  answer.take_field = take_field;
  answer.context = context;
  while (text.size > 0 && !answer.ended && answer.problem == NULL) {
    size_t room;
    char *to = runtime_http_answer_room(&answer, &room);
    size_t size = text.size < piece ? text.size : piece;
    size = size < room ? size : room;
    assert_true(size > 0);
    assert_true(to >= storage && to + room <= storage + sizeof storage);
    memcpy(to, text.data, size);
    text = text_slice_from(text, size);
    runtime_http_answer_take(&answer, size);
  }
  if (!answer.ended && answer.problem == NULL) {
    runtime_http_answer_close(&answer);
  }
  return answer;
}

static runtime_http_answer receive(text_slice text, size_t piece) {
  return receive_to(text, piece, NULL, NULL);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static const struct {
  const char *text, *body;
} answers[] = {
    {OK "Content-Length: 5\r\n\r\nevent", "event"},
    {OK "Content-Length: 0\r\n\r\n", ""},
    {OK "\r\nup to the end", "up to the end"},
    {CHUNKED "5\r\nevent\r\n0\r\n\r\n", "event"},
    {CHUNKED "2\r\nev\r\n0000003\r\nent\r\n000\r\n\r\n", "event"},
    {CHUNKED "5;a=b;c=\"d\"\r\nevent\r\n0 ; e\r\n\r\n", "event"},
    {CHUNKED "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a"},
    {CHUNKED "5\r\nevent\r\n0\r\nContent-Length: 9\r\nHTTP/1.1 500 x\r\n\r\n", "event"},
    {CHUNKED "0\r\n\r\n", ""},
    {"HTTP/1.1 100 Go on\r\nContent-Length: 7\r\n\r\nHTTP/1.1 103 x\r\nA: b\r\n\r\n" OK
     "Content-Length: 5\r\n\r\nevent",
     "event"},
    {"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n", ""},
};

TEST(a_body_is_the_same_however_it_comes) {
  for (size_t i = 0; i < COUNT(answers); i++) {
    const text_slice text = text_slice_of(answers[i].text);
    for (size_t piece = 1; piece <= text.size; piece++) {
      const runtime_http_answer answer = receive(text, piece);
      CHECK(answers[i].text, answer.problem == NULL);
      CHECK(answers[i].text, answer.ended && answer.begun && !answer.beyond && !answer.dropped);
      CHECK_TEXT(answers[i].text, runtime_http_answer_body(&answer), answers[i].body);
    }
  }
}

static const struct {
  const char *text, *problem;
} refused[] = {
    {"", "none has come"},
    {"HTTP", "ended within"},
    {"HTTP/1.1 200 OK\r\nA", "ended within"},
    {"HTTP/1.1 100 Go on\r\n\r\n", "none has come"},
    {OK "Content-Length: 5\r\n\r\neven", "ended within"},
    {CHUNKED "5\r\nevent\r\n", "ended within"},
    {CHUNKED "5\r\nevent\r\n0\r\n", "ended within"},
    {CHUNKED "5\r\nevents\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "5\nevent\n0\n\n", "chunks"},
    {CHUNKED "5;x\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "5\r\nevent\n0\r\n\r\n", "chunks"},
    {CHUNKED "\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED ";x\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "-5\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED " 5\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "0x5\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "1000000000000005\r\nevent\r\n0\r\n\r\n", "chunks"},
    {CHUNKED "0\r\n\rx", "chunks"},
    {CHUNKED "0\r\nA: b\nC: d\r\n\r\n", "chunks"},
    {CHUNKED "0\r\nA: b\rC: d\r\n\r\n", "chunks"},
    {CHUNKED "0\r\n\n", "chunks"},
    {CHUNKED "odd\r\n", "chunks"},
    {"HTTP/1.1 200 OK\nContent-Length: 5\n\nevent", "CR LF"},
    {"SSH-2.0-", "none of HTTP/1.1"},
    {"\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1"},
};

TEST(what_is_no_whole_answer_is_told) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    const text_slice text = text_slice_of(refused[i].text);
    for (size_t piece = 1; piece <= text.size + 1; piece++) {
      const runtime_http_answer answer = receive(text, piece);
      CHECK(refused[i].text, !answer.ended);
      CHECK(refused[i].text, answer.problem != NULL);
      CHECK(answer.problem, strstr(answer.problem, refused[i].problem) != NULL);
    }
  }
}

/* Only an end says how long such a body is, and a reset is none. */
TEST(a_body_until_the_end_is_not_ended_by_a_broken_connection) {
  const text_slice text = TEXT_LITERAL(OK "\r\nhalf of");
  runtime_http_answer answer;
  runtime_http_answer_init(&answer, storage, sizeof storage);
  memcpy(storage, text.data, text.size);
  runtime_http_answer_take(&answer, text.size);
  runtime_http_answer_break(&answer);
  CHECK("broken", !answer.ended && answer.problem != NULL);
}

TEST(bytes_behind_an_answer_are_told_where_they_came_with_it) {
  static const char *const behind[] = {OK "Content-Length: 5\r\n\r\nevent!", CHUNKED "0\r\n\r\n!",
                                       "HTTP/1.1 204 None\r\n\r\n!"};
  for (size_t i = 0; i < COUNT(behind); i++) {
    const text_slice text = text_slice_of(behind[i]);
    const runtime_http_answer answer = receive(text, text.size);
    CHECK(behind[i], answer.ended && answer.beyond);
    CHECK(behind[i], !text_slice_contains(runtime_http_answer_body(&answer), '!'));
  }
}

/* A length of which no byte has come yet is not received past. */
TEST(no_more_than_a_body_is_received) {
  const runtime_http_answer waiting = {.storage = storage,
                                       .capacity = sizeof storage,
                                       .left_bytes = 5,
                                       .head = {.whole = true, .framing = RUNTIME_HTTP_LENGTH}};
  runtime_http_answer answer = waiting;
  size_t room;
  (void)runtime_http_answer_room(&answer, &room);
  CHECK_NUMBER("all of it", room, 5);
}

static text_slice numbered_head(size_t bytes) {
  static char text[2 * RUNTIME_HTTP_HEAD_MAX_BYTES];
  text_buffer head;
  text_buffer_init(&head, text, bytes - 4);
  text_buffer_append_string(&head, OK "Content-Length: 0\r\nA: ");
  while (!head.overflowed) {
    text_buffer_append_byte(&head, 'a');
  }
  text_buffer_init(&head, text, bytes);
  head.size = bytes - 4;
  text_buffer_append_string(&head, "\r\n\r\n");
  return text_buffer_slice(&head);
}

TEST(a_head_has_a_limit) {
  const size_t pieces[] = {1000, STORAGE_BYTES};
  for (size_t i = 0; i < COUNT(pieces); i++) {
    CHECK("the largest", receive(numbered_head(RUNTIME_HTTP_HEAD_MAX_BYTES), pieces[i]).ended);
    const runtime_http_answer answer =
        receive(numbered_head(RUNTIME_HTTP_HEAD_MAX_BYTES + 1), pieces[i]);
    CHECK("larger", answer.problem != NULL && strstr(answer.problem, "too large") != NULL);
  }
}

TEST(trailers_have_a_limit) {
  static char text[2 * RUNTIME_HTTP_CHUNKS_LINES_MAX_BYTES];
  text_buffer answer;
  text_buffer_init(&answer, text, sizeof text);
  text_buffer_append_string(&answer, CHUNKED "0\r\n");
  while (!answer.overflowed) {
    text_buffer_append_string(&answer, "A: b\r\n");
  }
  CHECK("without end", receive(text_buffer_slice(&answer), 1000).problem != NULL);
}

TEST(a_body_that_does_not_fit_is_read_to_its_end) {
  static char text[3 * STORAGE_BYTES];
  text_buffer answer;
  text_buffer_init(&answer, text, sizeof text);
  text_buffer_append_string(&answer, OK "Content-Length: 700000\r\n\r\n");
  const size_t head_bytes = answer.size;
  memset(text + head_bytes, 'x', 700000);
  const size_t pieces[] = {999, 65536, 700000};
  for (size_t i = 0; i < COUNT(pieces); i++) {
    const runtime_http_answer got = receive((text_slice){text, head_bytes + 700000}, pieces[i]);
    CHECK("read", got.ended && got.dropped && !got.beyond);
  }
}

static void note_field(void *context, text_pair field) {
  text_buffer *noted = context;
  text_buffer_append(noted, field.name);
  text_buffer_append_byte(noted, '=');
  text_buffer_append(noted, field.value);
  text_buffer_append_byte(noted, ';');
}

TEST(fields_are_those_of_the_last_head) {
  const text_slice text = TEXT_LITERAL("HTTP/1.1 103 x\r\nA: early\r\n\r\n" OK
                                       "A: \t 1 \r\nTransfer-Encoding: chunked\r\nB:\r\n\r\n"
                                       "0\r\nC: late\r\n\r\n");
  for (size_t piece = 1; piece <= text.size; piece++) {
    text_buffer noted = buffer_of(200);
    (void)receive_to(text, piece, note_field, &noted);
    CHECK_TEXT("fields", text_buffer_slice(&noted), "A=1;Transfer-Encoding=chunked;B=;");
  }
}

RUN_TESTS(cmocka_unit_test(a_body_is_the_same_however_it_comes),
          cmocka_unit_test(what_is_no_whole_answer_is_told),
          cmocka_unit_test(a_body_until_the_end_is_not_ended_by_a_broken_connection),
          cmocka_unit_test(bytes_behind_an_answer_are_told_where_they_came_with_it),
          cmocka_unit_test(no_more_than_a_body_is_received), cmocka_unit_test(a_head_has_a_limit),
          cmocka_unit_test(trailers_have_a_limit),
          cmocka_unit_test(a_body_that_does_not_fit_is_read_to_its_end),
          cmocka_unit_test(fields_are_those_of_the_last_head))
