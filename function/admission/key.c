#include "key.h"

#include "text/utc.h"
#include "text/utf8.h"

/* URL parsers drop those. */
static bool is_dot_segment(text_slice name) {
  return text_slice_equal(name, TEXT_LITERAL(".")) || text_slice_equal(name, TEXT_LITERAL(".."));
}

static bool is_between(text_slice text, const char *start, const char *end) {
  return text_slice_starts_with(text, text_slice_of(start)) &&
         text_slice_ends_with(text, text_slice_of(end));
}

/* As an HTTP API writes a list ("[a b]") and an object ("map[a:b]") of a token, and as a Lambda
 * authorizer must, in JSON, before a REST API. Such a text changes with each role that a user gets:
 * it is nobody's folder. */
static bool is_list(text_slice value) {
  return is_between(value, "[", "]") || is_between(value, "map[", "]") ||
         is_between(value, "{", "}");
}

const char *key_claim_value_problem(text_slice value) {
  if (value.size == 0 || value.size > KEY_CLAIM_MAX_BYTES) {
    return "must have 1 to 256 bytes";
  }
  if (is_list(value)) {
    return "must be one text, and no list or object";
  }
  if (!text_utf8_is_clean(value)) {
    return "must be UTF-8 without control characters";
  }
  if (text_slice_contains(value, '/') || text_slice_contains(value, '\\')) {
    return "must not have a slash or a backslash";
  }
  if (is_dot_segment(value)) {
    return "must not be '.' or '..'";
  }
  return NULL;
}

/* Takes a placeholder, with the text before it, all of it when none is left: then it is false. */
static bool next_placeholder(text_slice *template, text_slice *before, key_piece *piece) {
  *before = (text_slice){template->data, 0};
  while (before->size < template->size && before->data[before->size] != '{') {
    before->size++;
  }
  *template = text_slice_from(*template, before->size);
  return key_template_next(template, piece);
}

const char *key_claim_problem(text_slice template, const http_claims *caller, text_slice *name) {
  key_piece piece;
  text_slice before;
  while (next_placeholder(&template, &before, &piece)) {
    if (piece.kind != KEY_CLAIM) {
      continue;
    }
    const text_slice value = http_claims_get(caller, piece.text);
    *name = piece.text;
    if (value.data == NULL) {
      return http_claims_has(caller, piece.text)
                 ? "must be a text: no number, boolean, list or object"
                 : "must be there";
    }
    const char *problem = key_claim_value_problem(value);
    if (problem != NULL) {
      return problem;
    }
  }
  return NULL;
}

void key_append_claims(text_buffer *buffer, text_slice template, const http_claims *caller) {
  key_piece piece;
  while (key_template_next(&template, &piece)) {
    if (piece.kind == KEY_CLAIM) {
      text_buffer_append(buffer, http_claims_get(caller, piece.text));
      text_buffer_append_byte(buffer, '\0');
    }
  }
}

void key_append(text_buffer *buffer, text_slice template, const key_parts *parts) {
  key_piece piece;
  text_slice before;
  while (next_placeholder(&template, &before, &piece)) {
    text_buffer_append(buffer, before);
    switch (piece.kind) {
    case KEY_ID:
      text_buffer_append_hex(buffer, (text_slice){(const char *)parts->id, KEY_ID_BYTES});
      break;
    case KEY_NAME:
      key_append_name(buffer, parts->name);
      break;
    case KEY_DATE:
      (void)text_utc_append(buffer, parts->time_seconds, TEXT_UTC_DATE);
      break;
    case KEY_CLAIM:
      text_buffer_append(buffer, http_claims_get(parts->caller, piece.text));
      break;
    default: /* no checked template has another one */
      break;
    }
  }
  text_buffer_append(buffer, before);
}

const char *key_name_problem(text_slice file_name) {
  if (!text_utf8_is_clean(file_name)) {
    return text_utf8_is_valid(file_name) ? "must not have control characters" : "must be UTF-8";
  }
  if (is_dot_segment(file_name)) {
    return "must not be '.' or '..'";
  }
  return NULL;
}

void key_append_name(text_buffer *buffer, text_slice file_name) {
  for (size_t i = 0; i < file_name.size; i++) {
    const char c = file_name.data[i];
    text_buffer_append_byte(buffer, c == '/' || c == '\\' ? '_' : c);
  }
}
