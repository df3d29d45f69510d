#include "side_by_side.h"

enum { COLUMN_BYTES = 56, CELL_MAX_BYTES = 16 * 1024 };

struct table {
  const secret_mask *mask;
  text_buffer *text;
};

static void append_spaces(text_buffer *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    text_buffer_append_byte(text, ' ');
  }
}

static text_slice take(text_slice *rest) {
  const size_t size = rest->size < COLUMN_BYTES ? rest->size : COLUMN_BYTES;
  const text_slice piece = {rest->data, size};
  *rest = text_slice_from(*rest, size);
  return piece;
}

/* A row, in as many lines as its longer cell needs. */
static void append_row(const struct table *table, const char *mark, text_slice left,
                       text_slice right) {
  do {
    const text_slice piece = take(&left);
    text_buffer_append_string(table->text, mark);
    text_buffer_append(table->text, piece);
    append_spaces(table->text, COLUMN_BYTES - piece.size);
    text_buffer_append_string(table->text, right.size > 0 ? " | " : " |");
    text_buffer_append(table->text, take(&right));
    text_buffer_append_byte(table->text, '\n');
  } while (left.size > 0 || right.size > 0);
}

/* One cell as it may be shown; `name` may be empty, and a value that nobody has is "-". */
static text_slice cell(const struct table *table, char storage[CELL_MAX_BYTES], text_slice name,
                       const char *separator, text_slice value) {
  text_buffer shown;
  text_buffer_init(&shown, storage, CELL_MAX_BYTES);
  if (value.data == NULL) {
    return TEXT_LITERAL("-");
  }
  mask_append(table->mask, name, &shown);
  text_buffer_append_string(&shown, separator);
  if (mask_hides_name(name) && value.size > 0 && !text_slice_equal(value, request_not_known)) {
    text_buffer_append_string(&shown, "**** (");
    text_buffer_append_decimal(&shown, (int64_t)value.size);
    text_buffer_append_string(&shown, " bytes)");
  } else {
    mask_append(table->mask, value, &shown);
  }
  return shown.overflowed ? TEXT_LITERAL("(too long to show)") : text_buffer_slice(&shown);
}

static const char *mark_of(text_slice a, text_slice b) {
  if (text_slice_equal(a, request_not_known) || text_slice_equal(b, request_not_known)) {
    return "? ";
  }
  return text_slice_equal(a, b) && (a.data == NULL) == (b.data == NULL) ? "  " : "! ";
}

static void append_values(const struct table *table, text_slice name, const char *separator,
                          text_slice a, text_slice b) {
  static char storage[2][CELL_MAX_BYTES];
  append_row(table, mark_of(a, b), cell(table, storage[0], name, separator, a),
             cell(table, storage[1], name, separator, b));
}

/* All of the left one's pairs, then those that only the right one has. */
static void append_pairs(const struct table *table, const char *separator, const text_pair *a,
                         size_t a_count, const text_pair *b, size_t b_count) {
  for (size_t i = 0; i < a_count; i++) {
    append_values(table, a[i].name, separator, a[i].value, request_pair(b, b_count, a[i].name));
  }
  for (size_t i = 0; i < b_count; i++) {
    if (request_pair(a, a_count, b[i].name).data == NULL) {
      append_values(table, b[i].name, separator, (text_slice){NULL, 0}, b[i].value);
    }
  }
}

void side_by_side_append(const request_parts *signed_one, const request_parts *seen,
                         bool told_by_s3, const secret_mask *mask, text_buffer *text) {
  const struct table table = {mask, text};
  const text_slice none = TEXT_LITERAL("");
  append_row(&table, "  ", TEXT_LITERAL("WHAT WAS SIGNED"),
             told_by_s3 ? TEXT_LITERAL("WHAT S3 SAW") : TEXT_LITERAL("WHAT WAS SENT"));
  append_values(&table, none, "", signed_one->method, seen->method);
  append_values(&table, none, "", signed_one->path, seen->path);
  append_pairs(&table, "=", signed_one->query, signed_one->query_count, seen->query,
               seen->query_count);
  append_pairs(&table, ":", signed_one->headers, signed_one->header_count, seen->headers,
               seen->header_count);
  append_values(&table, none, "", signed_one->names, seen->names);
  append_values(&table, none, "", signed_one->payload, seen->payload);
}
