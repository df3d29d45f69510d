/* What the Runtime API answers to GET /invocation/next, in pieces of the first byte's size: the
 * same must come of it in one piece. */
#include "runtime/http_answer.h"
#include "runtime/invocation.h"
#include "support.h"

enum { STORAGE_BYTES = RUNTIME_HTTP_HEAD_MAX_BYTES + 4096 };

static void take_field(void *context, text_pair field) {
  lambda_invocation *invocation = context;
  MUST(field.name.size > 0);
  runtime_invocation_take_field(invocation, field);
}

static void receive(runtime_http_answer *answer, char *storage, text_slice text, size_t piece,
                    lambda_invocation *invocation) {
  runtime_http_answer_init(answer, storage, STORAGE_BYTES);
  answer->take_field = take_field;
  answer->context = invocation;
  while (text.size > 0 && !answer->ended && answer->problem == NULL) {
    size_t room;
    char *to = runtime_http_answer_room(answer, &room);
    size_t size = text.size < piece ? text.size : piece;
    size = size < room ? size : room;
    MUST(size > 0 && to >= storage && to + room <= storage + STORAGE_BYTES);
    memcpy(to, text.data, size);
    text = text_slice_from(text, size);
    runtime_http_answer_take(answer, size);
  }
  if (!answer->ended && answer->problem == NULL) {
    runtime_http_answer_close(answer);
  }
  MUST(answer->ended == (answer->problem == NULL));
  MUST(answer->size <= STORAGE_BYTES && answer->body_at <= answer->size);
}

static void check_field(lambda_slice field, text_slice head) {
  if (field.data == NULL) {
    MUST(field.size == 0);
    return;
  }
  MUST(field.size > 0);
  MUST(field.data > head.data && field.data + field.size < head.data + head.size);
  MUST(!text_slice_contains(field, '\n') && !text_slice_contains(field, '\0'));
  MUST(text_slice_trim(field).size == field.size);
}

static void check_fields(const runtime_http_answer *answer, lambda_invocation invocation) {
  const text_slice head = {answer->storage, answer->body_at};
  const lambda_slice fields[] = {invocation.request_id,       invocation.function_arn,
                                 invocation.trace_id,         invocation.client_context,
                                 invocation.cognito_identity, invocation.tenant_id,
                                 invocation.content_type,     invocation.invocation_id};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    check_field(fields[i], head);
  }
  MUST(invocation.deadline_ms >= 0 && lambda_remaining_ms(&invocation) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char storage[STORAGE_BYTES];
  static char other_storage[STORAGE_BYTES];
  runtime_http_answer answer;
  runtime_http_answer in_pieces;
  if (size == 0) {
    return 0;
  }
  const text_slice text = input_of(data + 1, size - 1);
  lambda_invocation invocation = {0};
  lambda_invocation other_invocation = {0};
  receive(&answer, storage, text, STORAGE_BYTES, &invocation);
  receive(&in_pieces, other_storage, text, (size_t)data[0] + 1, &other_invocation);
  MUST(answer.ended == in_pieces.ended && answer.head.status == in_pieces.head.status);
  MUST(answer.head.closes == in_pieces.head.closes && answer.begun == in_pieces.begun);
  if (answer.ended) {
    MUST(text_slice_equal(runtime_http_answer_body(&answer), runtime_http_answer_body(&in_pieces)));
    check_fields(&answer, invocation);
    check_fields(&in_pieces, other_invocation);
  }
  return 0;
}
