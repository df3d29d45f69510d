#include "error_reply.h"

#include <string.h>

enum { VALUE_MAX_BYTES = 64 * 1024 };

static const struct field {
  text_slice path;
  size_t offset;
} fields[] = {
    {TEXT_INITIALIZER("/Error/Code"), offsetof(s3_error_reply, code)},
    {TEXT_INITIALIZER("/Error/Message"), offsetof(s3_error_reply, message)},
    {TEXT_INITIALIZER("/Error/Details"), offsetof(s3_error_reply, details)},
    {TEXT_INITIALIZER("/Error/Header"), offsetof(s3_error_reply, header)},
    {TEXT_INITIALIZER("/Error/AWSAccessKeyId"), offsetof(s3_error_reply, access_key_id)},
    {TEXT_INITIALIZER("/Error/CanonicalRequest"), offsetof(s3_error_reply, canonical_request)},
    {TEXT_INITIALIZER("/Error/StringToSign"), offsetof(s3_error_reply, string_to_sign)},
    {TEXT_INITIALIZER("/Error/SignatureProvided"), offsetof(s3_error_reply, signature_provided)},
    {TEXT_INITIALIZER("/Error/HeadersNotSigned"), offsetof(s3_error_reply, headers_not_signed)},
    {TEXT_INITIALIZER("/Error/Region"), offsetof(s3_error_reply, region)},
    {TEXT_INITIALIZER("/Error/Endpoint"), offsetof(s3_error_reply, endpoint)},
    {TEXT_INITIALIZER("/Error/RequestTime"), offsetof(s3_error_reply, request_time)},
    {TEXT_INITIALIZER("/Error/ServerTime"), offsetof(s3_error_reply, server_time)},
    {TEXT_INITIALIZER("/Error/Expires"), offsetof(s3_error_reply, expires)},
    {TEXT_INITIALIZER("/Error/Condition"), offsetof(s3_error_reply, condition)},
    {TEXT_INITIALIZER("/Error/ProposedSize"), offsetof(s3_error_reply, proposed_size)},
    {TEXT_INITIALIZER("/Error/MaxSizeAllowed"), offsetof(s3_error_reply, max_size_allowed)},
};

struct reading {
  s3_error_reply *reply;
  text_arena *arena;
};

static const struct field *field_at(text_slice path) {
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if (text_slice_equal(fields[i].path, path)) {
      return &fields[i];
    }
  }
  return NULL;
}

/* Viewers of XML put a text on lines of its own. */
static text_slice trim(text_slice text) {
  static const char space[] = " \t\r\n";
  while (text.size > 0 && strchr(space, text.data[text.size - 1]) != NULL) {
    text.size--;
  }
  size_t start = 0;
  while (start < text.size && strchr(space, text.data[start]) != NULL) {
    start++;
  }
  return text_slice_from(text, start);
}

static bool on_start(void *context, text_slice path) {
  (void)context;
  return field_at(path) != NULL;
}

static bool on_end(void *context, text_slice path, const text_slice *text) {
  const struct reading *reading = context;
  if (text == NULL) {
    return true;
  }
  void *target = (char *)reading->reply + field_at(path)->offset;
  const text_slice kept = text_arena_copy(reading->arena, trim(*text));
  memcpy(target, &kept, sizeof kept);
  return kept.data != NULL;
}

bool s3_error_reply_read(s3_error_reply *reply, text_slice text, text_arena *arena) {
  struct reading reading = {reply, arena};
  text_buffer value;
  const s3_xml_visitor visitor = {on_start, on_end, &reading, &value};
  *reply = (s3_error_reply){0};
  size_t start = 0;
  while (start < text.size && text.data[start] != '<') {
    start++;
  }
  char *storage = text_arena_allocate(arena, VALUE_MAX_BYTES);
  text_buffer_init(&value, storage, storage != NULL ? VALUE_MAX_BYTES : 0);
  if (!s3_xml_walk(text_slice_from(text, start), &visitor, arena) || reply->code.size == 0) {
    *reply = (s3_error_reply){0};
    return false;
  }
  return true;
}
