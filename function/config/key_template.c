#include "key_template.h"

#include "s3/presign.h"
#include "text/ascii.h"
#include "text/utf8.h"

enum { CLAIM_NAME_MAX_BYTES = 64 };

static const struct placeholder {
  text_slice text;
  key_piece_kind kind;
} placeholders[] = {
    {TEXT_INITIALIZER("{id}"), KEY_ID},
    {TEXT_INITIALIZER("{name}"), KEY_NAME},
    {TEXT_INITIALIZER("{date}"), KEY_DATE},
};

static const text_slice claim_start = TEXT_INITIALIZER("{claim:");

bool key_template_is_claim_name(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_' && c != ':') {
      return false;
    }
  }
  return name.size > 0 && name.size <= CLAIM_NAME_MAX_BYTES;
}

/* Reads {claim:NAME} at the start of `text`; its size, or 0 when it is none. */
static size_t read_claim(text_slice text, text_slice *name) {
  text_slice after = text_slice_from(text, claim_start.size);
  const bool closed = text_slice_split(&after, '}', name) && after.data != NULL;
  return closed && key_template_is_claim_name(*name) ? claim_start.size + name->size + 1 : 0;
}

/* Reads the placeholder that `text` starts with; its size. */
static size_t read_placeholder(text_slice text, key_piece *piece) {
  for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
    if (text_slice_starts_with(text, placeholders[i].text)) {
      piece->kind = placeholders[i].kind;
      return placeholders[i].text.size;
    }
  }
  if (text_slice_starts_with(text, claim_start)) {
    const size_t size = read_claim(text, &piece->text);
    piece->kind = size > 0 ? KEY_CLAIM : KEY_WRONG;
    return size > 0 ? size : 1;
  }
  piece->kind = KEY_WRONG;
  return 1;
}

bool key_template_next(text_slice *rest, key_piece *piece) {
  if (rest->size == 0) {
    return false;
  }
  size_t size = 1;
  *piece = (key_piece){KEY_TEXT, {rest->data, 1}};
  if (rest->data[0] == '{') {
    size = read_placeholder(*rest, piece);
  } else if (rest->data[0] == '}') {
    piece->kind = KEY_WRONG;
  }
  *rest = text_slice_from(*rest, size);
  return true;
}

static bool has(text_slice template, key_piece_kind kind) {
  key_piece piece;
  while (key_template_next(&template, &piece)) {
    if (piece.kind == kind) {
      return true;
    }
  }
  return false;
}

static bool is_slash(const key_piece *piece) {
  return piece->kind == KEY_TEXT && piece->text.data[0] == '/';
}

/* Only so does a key tell whose it is: of u-{claim:sub}-{name}, the key u-a-b-c could be of a, and
 * of a-b. */
static bool claims_are_folders(text_slice template) {
  key_piece before = {KEY_TEXT, TEXT_LITERAL("/")};
  key_piece piece;
  while (key_template_next(&template, &piece)) {
    if ((piece.kind == KEY_CLAIM && !is_slash(&before)) ||
        (before.kind == KEY_CLAIM && !is_slash(&piece))) {
      return false;
    }
    before = piece;
  }
  return before.kind != KEY_CLAIM;
}

/* What a piece makes at least. A claim is checked when there is a caller. */
static size_t shortest(const key_piece *piece) {
  switch (piece->kind) {
  case KEY_ID:
    return KEY_ID_DIGITS;
  case KEY_DATE:
    return KEY_DATE_BYTES;
  case KEY_CLAIM:
    return 0;
  default:
    return 1;
  }
}

/* ---- Which keys two templates make ------------------------------------------- */

/* What is known of the texts that a piece of a template between two slashes makes. */
struct segment {
  text_slice start; /* up to its first placeholder */
  text_slice end;   /* after its last one; of a text alone all of it */
  size_t least_bytes;
  bool is_exact; /* it has these many bytes, and never more */
};

static struct segment look_at(text_slice text) {
  struct segment segment = {.start = {text.data, 0}, .end = text, .is_exact = true};
  bool any = false;
  key_piece piece;
  while (key_template_next(&text, &piece)) {
    any |= piece.kind != KEY_TEXT;
    segment.start.size += !any;
    segment.end = piece.kind != KEY_TEXT ? text : segment.end;
    segment.least_bytes += shortest(&piece);
    segment.is_exact &= piece.kind != KEY_NAME && piece.kind != KEY_CLAIM;
  }
  return segment;
}

static bool start_differs(text_slice a, text_slice b) {
  return !text_slice_starts_with(a, b) && !text_slice_starts_with(b, a);
}

static bool end_differs(text_slice a, text_slice b) {
  return !text_slice_ends_with(a, b) && !text_slice_ends_with(b, a);
}

static bool segments_may_meet(text_slice one, text_slice other) {
  const struct segment a = look_at(one);
  const struct segment b = look_at(other);
  const bool a_fits = !a.is_exact || a.least_bytes >= b.least_bytes;
  const bool b_fits = !b.is_exact || b.least_bytes >= a.least_bytes;
  return a_fits && b_fits && !start_differs(a.start, b.start) && !end_differs(a.end, b.end);
}

/* No placeholder makes a slash. */
bool key_template_may_meet(text_slice a, text_slice b) {
  text_slice one;
  text_slice other;
  bool has_one = text_slice_split(&a, '/', &one);
  bool has_other = text_slice_split(&b, '/', &other);
  while (has_one && has_other) {
    if (!segments_may_meet(one, other)) {
      return false;
    }
    has_one = text_slice_split(&a, '/', &one);
    has_other = text_slice_split(&b, '/', &other);
  }
  return has_one == has_other;
}

/* ---- What is none ------------------------------------------------------------- */

static bool leaves_room_for_a_name(text_slice template) {
  size_t size = 0;
  key_piece piece;
  while (key_template_next(&template, &piece)) {
    size += shortest(&piece);
  }
  return size <= S3_KEY_MAX_BYTES;
}

const char *key_template_problem(text_slice template) {
  if (has(template, KEY_WRONG)) {
    return "has a brace that is none of {id}, {name}, {date} and {claim:...}";
  }
  if (!has(template, KEY_ID) && !has(template, KEY_NAME)) {
    return "must have {id} or {name}, or all uploads get the same key";
  }
  if (!claims_are_folders(template)) {
    return "must have each {claim:...} as a folder, such as uploads/{claim:sub}/{id}/{name}";
  }
  if (!leaves_room_for_a_name(template)) {
    return "makes keys of more than 1024 bytes";
  }
  if (template.size > KEY_TEMPLATE_MAX_BYTES || !text_utf8_is_clean(template) ||
      text_slice_starts_with(template, TEXT_LITERAL("/")) || !s3_key_is_usable(template)) {
    return "must be at most 512 bytes of UTF-8 without control characters, a slash at the start, "
           "or a segment that is '.' or '..'";
  }
  return NULL;
}
