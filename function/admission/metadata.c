#include "metadata.h"

#include <string.h>

#include "text/ascii.h"
#include "text/base64.h"
#include "text/header_value.h"
#include "text/utf8.h"

static const char invalid[] = "InvalidParameter";

/* What one encoded word holds, so that it has at most the 75 characters of RFC 2047. */
enum { WORD_BYTES = 45 };

/* Line ends and tabs are what people write; any other control character is none. */
static bool is_text(text_slice value) {
  uint32_t code_point = 0;
  for (size_t at = 0; at < value.size;) {
    const size_t size = text_utf8_next(text_slice_from(value, at), &code_point);
    const bool is_space = code_point == '\t' || code_point == '\n' || code_point == '\r';
    if (size == 0 || (text_utf8_is_control(code_point) && !is_space)) {
      return false;
    }
    at += size;
  }
  return true;
}

/* What looks like an encoded word would be decoded by whoever reads it. */
static bool stands_for_itself(text_slice value) {
  return text_header_value_is_usable(value) &&
         (value.size < 2 || memmem(value.data, value.size, "=?", 2) == NULL);
}

static void append_value(text_buffer *buffer, text_slice value) {
  if (stands_for_itself(value)) {
    text_buffer_append(buffer, value);
    return;
  }
  while (value.size > 0) {
    const size_t most = value.size < WORD_BYTES ? value.size : WORD_BYTES;
    const text_slice word = text_utf8_whole((text_slice){value.data, most});
    text_buffer_append_string(buffer, "=?UTF-8?B?");
    text_base64_append_encoded(buffer, word);
    text_buffer_append_string(buffer, "?=");
    value = text_slice_from(value, word.size);
    text_buffer_append_string(buffer, value.size > 0 ? " " : "");
  }
}

static bool is_name(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_') {
      return false;
    }
  }
  return name.size > 0 && name.size <= METADATA_NAME_MAX_BYTES;
}

static const text_slice header_start = TEXT_INITIALIZER("x-amz-meta-");

static text_slice header_name(text_slice name, text_arena *arena) {
  text_buffer header = text_arena_open(arena);
  text_buffer_append(&header, header_start);
  for (size_t i = 0; i < name.size; i++) {
    text_buffer_append_byte(&header, text_ascii_lower(name.data[i]));
  }
  return text_arena_close(arena, &header);
}

/* Its place in the list, which is the count when it is not there. */
static size_t place_of(const upload_metadata *metadata, text_slice header) {
  size_t place = 0;
  while (place < metadata->count && !text_slice_equal(metadata->list[place].name, header)) {
    place++;
  }
  return place;
}

static http_error too_much(text_arena *arena) {
  return http_error_make(arena, 400, "MetadataTooLarge",
                         "metadata must be at most %d values, and %d bytes with the names and as "
                         "they are sent",
                         (int)METADATA_MAX, (int)METADATA_MAX_BYTES);
}

static http_error add(upload_metadata *metadata, text_slice name, text_slice value,
                      text_arena *arena) {
  if (!is_name(name)) {
    return http_error_make(arena, 400, invalid,
                           "metadata's names must be 1 to %d letters, digits, and - . _",
                           (int)METADATA_NAME_MAX_BYTES);
  }
  if (!is_text(value)) {
    return http_error_make(arena, 400, invalid,
                           "metadata[%.*s] must be UTF-8 without control characters",
                           (int)name.size, name.data);
  }
  /* An encoded value is longer than what it stands for. */
  if (metadata->count == METADATA_MAX || value.size > METADATA_MAX_BYTES) {
    return too_much(arena);
  }
  const text_slice header = header_name(name, arena);
  if (place_of(metadata, header) < metadata->count) {
    return http_error_make(arena, 400, invalid,
                           "metadata[%.*s] is given more than once; upper and lower case are the "
                           "same",
                           (int)name.size, name.data);
  }
  text_buffer buffer = text_arena_open(arena);
  append_value(&buffer, value);
  const text_pair pair = {header, text_arena_close(arena, &buffer)};
  metadata->texts[metadata->count] = value;
  metadata->list[metadata->count++] = pair;
  metadata->size_bytes += pair.name.size + pair.value.size;
  if (header.data == NULL || buffer.overflowed) {
    return too_much(arena);
  }
  return metadata->size_bytes > METADATA_MAX_BYTES ? too_much(arena) : (http_error){0};
}

/* The NAME of metadata[NAME]. */
static bool read_name(text_slice parameter, text_slice *name) {
  const text_slice start = TEXT_LITERAL("metadata[");
  if (!text_slice_starts_with(parameter, start) ||
      !text_slice_ends_with(parameter, TEXT_LITERAL("]"))) {
    return false;
  }
  *name = (text_slice){parameter.data + start.size, parameter.size - start.size - 1};
  return true;
}

http_error metadata_from_query(upload_metadata *metadata, const http_request *request,
                               text_arena *arena) {
  metadata->count = 0;
  metadata->size_bytes = 0;
  http_error error = {0};
  for (size_t i = 0; i < request->query_count && error.status == 0; i++) {
    text_slice name;
    const text_slice value = request->query[i].value;
    if (read_name(request->query[i].name, &name) &&
        !text_slice_equal(value, TEXT_LITERAL("null"))) {
      error = add(metadata, name, value, arena);
    }
  }
  return error;
}

/* Null data when the item is nothing that metadata can hold. */
static text_slice text_of(const cJSON *item, text_arena *arena) {
  if (cJSON_IsBool(item)) {
    return cJSON_IsTrue(item) ? TEXT_LITERAL("true") : TEXT_LITERAL("false");
  }
  return cJSON_IsNumber(item) ? http_json_digits(item, arena) : http_json_text(item);
}

http_error metadata_from_json(upload_metadata *metadata, const cJSON *object, text_arena *arena) {
  metadata->count = 0;
  metadata->size_bytes = 0;
  if (object == NULL || cJSON_IsNull(object)) {
    return (http_error){0};
  }
  if (!cJSON_IsObject(object)) {
    return http_error_make(arena, 400, invalid, "metadata must be an object");
  }
  http_error error = {0};
  for (const cJSON *item = object->child; item != NULL && error.status == 0; item = item->next) {
    const text_slice value = text_of(item, arena);
    if (cJSON_IsNull(item)) {
      continue;
    }
    error =
        value.data != NULL
            ? add(metadata, text_slice_of(item->string), value, arena)
            : http_error_make(arena, 400, invalid,
                              "metadata's values must be texts, booleans or whole numbers that are "
                              "not negative");
  }
  return error;
}

text_slice metadata_name(const text_pair *header) {
  return text_slice_from(header->name, header_start.size);
}

bool metadata_put(upload_metadata *metadata, const upload_metadata *given) {
  for (size_t i = 0; i < given->count; i++) {
    const text_pair *pair = &given->list[i];
    const size_t place = place_of(metadata, pair->name);
    if (place == METADATA_MAX) {
      return false;
    }
    if (place < metadata->count) {
      metadata->size_bytes -= pair->name.size + metadata->list[place].value.size;
    } else {
      metadata->count++;
    }
    metadata->list[place] = *pair;
    metadata->texts[place] = given->texts[i];
    metadata->size_bytes += pair->name.size + pair->value.size;
  }
  return metadata->size_bytes <= METADATA_MAX_BYTES;
}
