#include "signed_reply.h"

#include "http/json_tree.h"

static bool read_pairs(signed_reply *reply, const cJSON *object) {
  const cJSON *member = NULL;
  cJSON_ArrayForEach(member, object) {
    const text_slice value = http_json_text(member);
    if (value.data == NULL || reply->pair_count == sizeof reply->pairs / sizeof reply->pairs[0]) {
      return false;
    }
    reply->pairs[reply->pair_count++] = (text_pair){text_slice_of(member->string), value};
  }
  return true;
}

bool signed_reply_read(signed_reply *reply, text_slice text, text_arena *arena) {
  *reply = (signed_reply){.method = TEXT_LITERAL("PUT")};
  http_json_setup();
  const cJSON *tree = http_json_parse(text, arena);
  const cJSON *fields = http_json_member(tree, "fields");
  const text_slice method = http_json_text(http_json_member(tree, "method"));
  reply->url = http_json_text(http_json_member(tree, "url"));
  if (method.size > 0) {
    reply->method = method;
  }
  reply->is_form =
      text_slice_equal_ignoring_case(reply->method, TEXT_LITERAL("POST")) && cJSON_IsObject(fields);
  return reply->url.size > 0 &&
         read_pairs(reply, reply->is_form ? fields : http_json_member(tree, "headers"));
}
