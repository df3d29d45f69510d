/* The header lines of GET /invocation/next. */
#include "runtime/invocation.h"
#include "support.h"

static void check_field(lambda_slice field, const char *start, size_t size) {
  if (field.data == NULL) {
    MUST(field.size == 0);
    return;
  }
  MUST(field.size > 0);
  MUST(field.data >= start && field.data + field.size < start + size);
  MUST(field.data[field.size] == '\0');
  MUST(memchr(field.data, '\n', field.size) == NULL);
  MUST(text_slice_trim(field).size == field.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[64 * 1024];
  text_arena arena;
  lambda_invocation invocation = {0};
  text_arena_init(&arena, memory, sizeof memory);
  text_slice rest = input_of(data, size);
  text_slice line;
  while (text_slice_split(&rest, '\n', &line)) {
    if (!runtime_invocation_take_header(&invocation, &arena, line)) {
      MUST(arena.used_bytes + line.size >= arena.size_bytes);
    }
  }
  const lambda_slice fields[] = {invocation.request_id,       invocation.function_arn,
                                 invocation.trace_id,         invocation.client_context,
                                 invocation.cognito_identity, invocation.tenant_id,
                                 invocation.content_type};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    check_field(fields[i], memory, sizeof memory);
  }
  MUST(invocation.payload.size == 0);
  MUST(invocation.deadline_ms >= 0 && lambda_remaining_ms(&invocation) >= 0);
  MUST(!runtime_request_id_is_usable(invocation.request_id) || invocation.request_id.size > 0);
  return 0;
}
