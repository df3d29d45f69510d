// Answers an event on standard input with http/, text/ and cJSON alone, from C++11: who asks for
// what.
#include <cstdio>

#include "http/claims.h"
#include "http/event.h"
#include "http/json_tree.h"
#include "http/reply.h"
#include "text/json.h"

namespace {

enum { EVENT_BYTES = 64 * 1024, ARENA_BYTES = 256 * 1024, REPLY_BYTES = 64 * 1024 };

text_slice describe(const http_request &request, text_arena *arena) {
  text_slice name = text_slice();
  (void)http_request_parameter(&request, TEXT_LITERAL("name"), &name);
  text_buffer body = text_arena_open(arena);
  text_buffer_append_string(&body, "{\"path\":");
  text_json_append_string(&body, request.path);
  text_buffer_append_string(&body, ",\"name\":");
  text_json_append_string(&body, name);
  text_buffer_append_string(&body, ",\"caller\":");
  text_json_append_string(&body, http_claims_get(&request.caller, TEXT_LITERAL("sub")));
  text_buffer_append_byte(&body, '}');
  return text_arena_close(arena, &body);
}

} // namespace

int main() {
  static char event[EVENT_BYTES];
  static char memory[ARENA_BYTES];
  static char storage[REPLY_BYTES];
  text_arena arena;
  text_buffer out;
  http_request request;
  http_reply reply = http_reply();
  const text_slice payload = {event, std::fread(event, 1, sizeof event, stdin)};
  text_arena_init(&arena, memory, sizeof memory);
  text_buffer_init(&out, storage, sizeof storage);
  http_json_setup();
  if (const char *problem = http_event_read(&request, payload, &arena)) {
    std::fprintf(stderr, "%s\n", problem);
    return 1;
  }
  http_reply_set_json(&reply, 200, describe(request, &arena));
  http_reply_write(&reply, request.source, &out);
  std::fwrite(out.data, 1, out.size, stdout);
  return 0;
}
