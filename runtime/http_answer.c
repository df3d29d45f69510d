#include "http_answer.h"

#include <string.h>

static const char too_large[] = "its head is too large";

void runtime_http_answer_init(runtime_http_answer *answer, char *storage, size_t capacity) {
  *answer = (runtime_http_answer){.storage = storage, .capacity = capacity};
}

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

/* A body without room is written over, again and again. */
static void make_room(runtime_http_answer *answer) {
  if (answer->size == answer->capacity) {
    answer->size = answer->body_at;
    answer->dropped = true;
  }
}

char *runtime_http_answer_room(runtime_http_answer *answer, size_t *size_bytes) {
  if (!answer->head.whole) {
    *size_bytes = answer->capacity - answer->size;
    return answer->storage + answer->size;
  }
  make_room(answer);
  *size_bytes = answer->capacity - answer->size;
  if (answer->head.framing == RUNTIME_HTTP_LENGTH && (uint64_t)answer->left_bytes < *size_bytes) {
    *size_bytes = (size_t)answer->left_bytes;
  }
  return answer->storage + answer->size;
}

/* What has come behind the answer is taken away. */
static void end(runtime_http_answer *answer, size_t size) {
  answer->beyond |= answer->size > size;
  answer->size = size;
  answer->ended = true;
}

/* Bytes of the body, from `at` to the end of what is there. */
static void take_body(runtime_http_answer *answer, size_t at) {
  const size_t came = answer->size - at;
  size_t kept = came;
  size_t read;
  switch (answer->head.framing) {
  case RUNTIME_HTTP_NO_BODY:
    end(answer, at);
    break;
  case RUNTIME_HTTP_LENGTH:
    kept = smaller(came, (size_t)answer->left_bytes);
    answer->left_bytes -= (int64_t)kept;
    if (answer->left_bytes == 0) {
      end(answer, at + kept);
    }
    break;
  case RUNTIME_HTTP_CHUNKED:
    read = runtime_http_chunks_take(&answer->chunks, answer->storage + at, &kept);
    answer->size = at + kept;
    answer->ended = answer->chunks.place == RUNTIME_HTTP_CHUNKS_ENDED;
    answer->beyond |= answer->ended && read < came;
    if (answer->chunks.place == RUNTIME_HTTP_CHUNKS_BAD) {
      answer->problem = "its chunks are none";
    }
    break;
  case RUNTIME_HTTP_UNTIL_CLOSE:
    break;
  }
}

/* The next head is read where this one was. */
static void drop_interim(runtime_http_answer *answer) {
  answer->size -= answer->line_at;
  memmove(answer->storage, answer->storage + answer->line_at, answer->size);
  answer->line_at = 0;
  answer->head = (runtime_http_head){0};
}

static void take_head_line(runtime_http_answer *answer, text_slice line) {
  answer->problem = runtime_http_head_take_line(&answer->head, line);
  answer->line_at += line.size;
  const bool counts = answer->head.status != 0 && !runtime_http_head_is_interim(&answer->head);
  answer->begun |= counts;
  if (counts && answer->take_field != NULL && answer->head.field.name.size > 0) {
    answer->take_field(answer->context, answer->head.field);
  }
  if (answer->line_at > RUNTIME_HTTP_HEAD_MAX_BYTES) {
    answer->problem = too_large;
  }
  if (!answer->head.whole) {
    return;
  }
  if (runtime_http_head_is_interim(&answer->head)) {
    drop_interim(answer);
  } else {
    answer->body_at = answer->line_at;
    answer->left_bytes = answer->head.length_bytes;
  }
}

/* Its lines, as they become whole. `from` is where what is new begins. */
static void take_head(runtime_http_answer *answer, size_t from) {
  while (!answer->head.whole && answer->problem == NULL) {
    const char *start = answer->storage + answer->line_at;
    const char *new_bytes = answer->storage + (from > answer->line_at ? from : answer->line_at);
    const char *end_of_all = answer->storage + answer->size;
    const char *line_feed = memchr(new_bytes, '\n', (size_t)(end_of_all - new_bytes));
    if (line_feed == NULL) {
      return;
    }
    take_head_line(answer, (text_slice){start, (size_t)(line_feed + 1 - start)});
    from = 0; /* an interim head moved what is behind it */
  }
}

/* What is no line yet must be able to become one. */
static void check_rest(runtime_http_answer *answer) {
  const text_slice all = {answer->storage, answer->size};
  if (answer->head.status == 0 && !runtime_http_can_begin(all)) {
    answer->problem = "it is none of HTTP/1.1";
  } else if (answer->size > RUNTIME_HTTP_HEAD_MAX_BYTES) {
    answer->problem = too_large;
  }
}

void runtime_http_answer_take(runtime_http_answer *answer, size_t size_bytes) {
  const size_t from = answer->size;
  answer->size += size_bytes;
  answer->touched = answer->size > answer->touched ? answer->size : answer->touched;
  if (answer->head.whole) {
    take_body(answer, from);
    return;
  }
  take_head(answer, from);
  if (answer->problem != NULL) {
    return;
  }
  if (answer->head.whole) {
    take_body(answer, answer->body_at);
  } else {
    check_rest(answer);
  }
}

void runtime_http_answer_close(runtime_http_answer *answer) {
  if (answer->head.whole && answer->head.framing == RUNTIME_HTTP_UNTIL_CLOSE) {
    answer->ended = true;
  } else {
    runtime_http_answer_break(answer);
  }
}

void runtime_http_answer_break(runtime_http_answer *answer) {
  if (!answer->ended && answer->problem == NULL) {
    answer->problem = answer->size == 0 ? "none has come" : "the connection ended within it";
  }
}

text_slice runtime_http_answer_body(const runtime_http_answer *answer) {
  return (text_slice){answer->storage + answer->body_at, answer->size - answer->body_at};
}
