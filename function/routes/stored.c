#include "stored.h"

#include "s3/etag.h"
#include "text/decimal.h"
#include "text/utc.h"

/* What is collected of the answer's head. */
struct look {
  stored_object *object;
  text_arena *arena;
};

static bool is(text_slice name, const char *header) {
  return text_slice_equal_ignoring_case(name, text_slice_of(header));
}

static void take_number(stored_object *object, text_slice name, text_slice value) {
  if (is(name, "content-length") && !text_decimal_parse(value, INT64_MAX, &object->size_bytes)) {
    object->size_bytes = -1;
  }
  if (is(name, "last-modified")) {
    (void)text_utc_parse_http(value, &object->modified_at);
  }
}

/* Of an object without versions S3 says "null"; a checksum of parts (HASH-3) is none of the whole.
 */
static bool is_told(text_slice name, text_slice value) {
  if (text_slice_equal_ignoring_case(name, TEXT_LITERAL("x-amz-version-id"))) {
    return !text_slice_equal(value, TEXT_LITERAL("null"));
  }
  return !text_slice_equal_ignoring_case(name, TEXT_LITERAL("x-amz-checksum-sha256")) ||
         s3_hash_is_base64(value);
}

static void on_head_line(void *context, text_slice line) {
  const struct look *look = context;
  stored_object *object = look->object;
  const struct {
    text_slice name;
    text_slice *value;
  } texts[] = {
      {TEXT_INITIALIZER("content-type"), &object->content_type},
      {TEXT_INITIALIZER("etag"), &object->etag},
      {TEXT_INITIALIZER("x-amz-version-id"), &object->version},
      {TEXT_INITIALIZER("x-amz-checksum-sha256"), &object->sha256},
  };
  text_slice value = line;
  text_slice name;
  (void)text_slice_split(&value, ':', &name);
  value = text_slice_trim(value);
  if (text_slice_starts_with(line, TEXT_LITERAL("HTTP/"))) { /* another answer begins */
    *object = (stored_object){.size_bytes = -1, .modified_at = -1};
  }
  take_number(object, name, value);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (text_slice_equal_ignoring_case(name, texts[i].name) && is_told(name, value)) {
      *texts[i].value = text_arena_copy(look->arena, value);
    }
  }
}

static http_error head(const function_call *call, text_slice key, bool with_checksum,
                       stored_object *object) {
  static const text_pair headers[] = {
      {TEXT_INITIALIZER("x-amz-checksum-mode"), TEXT_INITIALIZER("ENABLED")}};
  struct look look = {object, call->arena};
  const store_operation operation = {.method = TEXT_LITERAL("HEAD"),
                                     .key = key,
                                     .headers = headers,
                                     .header_count = with_checksum ? 1 : 0,
                                     .repeatable = true,
                                     .is_question = true,
                                     .expects = S3_XML_OTHER,
                                     .on_head_line = on_head_line,
                                     .head_context = &look};
  s3_xml xml;
  *object = (stored_object){.size_bytes = -1, .modified_at = -1};
  const http_error error = call_store(call, &operation, &xml, NULL);
  object->etag = s3_etag_bare(object->etag);
  return error;
}

http_error stored_look(const function_call *call, text_slice key, bool with_checksum,
                       stored_object *object) {
  const http_error error = head(call, key, with_checksum, object);
  return error.status != 0 || object->size_bytes >= 0
             ? error
             : http_error_make(call->arena, 502, "StoreError", "S3 did not tell the object's size");
}

http_error stored_look_at_tags(const function_call *call, text_slice key) {
  static const text_pair tagging[] = {{TEXT_INITIALIZER("tagging"), TEXT_INITIALIZER("")}};
  const store_operation operation = {.method = TEXT_LITERAL("GET"),
                                     .key = key,
                                     .query = tagging,
                                     .query_count = 1,
                                     .repeatable = true,
                                     .is_question = true,
                                     .expects = S3_XML_OTHER};
  s3_xml xml;
  return call_store(call, &operation, &xml, NULL);
}

bool stored_is_missing(http_error error) {
  const text_slice code = text_slice_of(error.code);
  return error.status != 0 && (text_slice_equal(code, TEXT_LITERAL("AccessDenied")) ||
                               text_slice_equal(code, TEXT_LITERAL("NoSuchKey")));
}

bool stored_is_there(const function_call *call, text_slice key) {
  stored_object object;
  return stored_look_at_tags(call, key).status == 0 || head(call, key, false, &object).status == 0;
}
