#include "app_answer.h"

#include "function/config/config_values.h"
#include "narrowing.h"
#include "s3/presign.h"
#include "text/percent.h"
#include "text/utf8.h"

enum { MESSAGE_MAX_BYTES = 512 };

/* What an app did not set its library may write as null. */
static const cJSON *given(const cJSON *object, const char *member) {
  const cJSON *value = http_json_member(object, member);
  return cJSON_IsNull(value) ? NULL : value;
}

/* One reader takes the first of them, another the last: nobody knows what was meant. */
static bool has_twice(const cJSON *object) {
  const cJSON *member = NULL;
  cJSON_ArrayForEach(member, object) {
    if (http_json_is_repeated(object, member)) {
      return true;
    }
  }
  return false;
}

static text_slice message_of(const cJSON *object) {
  const text_slice message = http_json_text(http_json_member(object, "message"));
  return message.size > 0 && message.size <= MESSAGE_MAX_BYTES && text_utf8_is_clean(message)
             ? message
             : TEXT_LITERAL("the app does not allow this upload");
}

static const char *narrow(upload_rules *rules, const cJSON *object, text_arena *arena) {
  for (size_t i = 0; i < NARROWINGS; i++) {
    const cJSON *limit = given(object, narrowings[i].member);
    if (limit != NULL && !narrowings[i].narrow(rules, limit, arena)) {
      return narrowings[i].member;
    }
  }
  return NULL;
}

static bool add_metadata(upload_metadata *metadata, const cJSON *object, text_arena *arena) {
  upload_metadata more;
  return object == NULL ||
         (metadata_from_json(&more, object, arena).status == 0 && metadata_put(metadata, &more));
}

/* Behind those of the configuration, whose names they can't have. */
static bool add_tags(upload_rules *rules, const cJSON *tags, text_arena *arena) {
  const cJSON *tag = NULL;
  if (tags == NULL) {
    return true;
  }
  text_buffer list = text_arena_open(arena);
  text_buffer_append(&list, rules->tags);
  cJSON_ArrayForEach(tag, tags) {
    text_buffer_append_string(&list, list.size > 0 ? "&" : "");
    text_percent_append_encoded(&list, text_slice_of(tag->string));
    text_buffer_append_byte(&list, '=');
    text_percent_append_encoded(&list, http_json_text(tag));
    list.overflowed |= !cJSON_IsString(tag);
  }
  rules->tags = text_arena_close(arena, &list);
  return cJSON_IsObject(tags) && !list.overflowed &&
         (rules->tags.size == 0 || value_is_tags(rules->tags));
}

/* The key whole: an app need not know what all keys begin with. */
static bool read_key(text_slice *key, const cJSON *value, text_slice key_start, text_arena *arena) {
  const text_slice text = http_json_text(value);
  if (value == NULL) {
    return true;
  }
  text_buffer whole = text_arena_open(arena);
  text_buffer_append(&whole,
                     text_slice_starts_with(text, key_start) ? TEXT_LITERAL("") : key_start);
  text_buffer_append(&whole, text);
  *key = text_arena_close(arena, &whole);
  return text.size > 0 && key->size > key_start.size && key->size <= S3_KEY_MAX_BYTES &&
         !text_slice_starts_with(text, TEXT_LITERAL("/")) && s3_key_is_usable(*key) &&
         text_utf8_is_clean(*key);
}

const char *app_answer_read(app_answer *answer, const app_answer_target *target, text_slice body,
                            text_slice key_start, text_arena *arena) {
  const cJSON *object = http_json_parse(body, arena);
  const cJSON *allow = http_json_member(object, "allow");
  *answer = (app_answer){.is_allowed = cJSON_IsTrue(allow)};
  if (!cJSON_IsObject(object)) {
    return "it is no JSON object, or has more than 64 KiB";
  }
  if (has_twice(object)) {
    return "it has a member twice";
  }
  if (!cJSON_IsBool(allow)) {
    return "allow must be true or false";
  }
  if (!answer->is_allowed) {
    answer->message = message_of(object);
    return NULL;
  }
  const char *limit = narrow(target->rules, object, arena);
  if (limit != NULL) {
    return limit;
  }
  if (!add_metadata(target->metadata, given(object, "metadata"), arena)) {
    return "metadata";
  }
  if (!add_tags(target->rules, given(object, "tags"), arena)) {
    return "tags";
  }
  return read_key(&answer->key, given(object, "key"), key_start, arena) ? NULL : "key";
}
