#include "key_owner.h"

#include "key.h"
#include "s3/presign.h"
#include "text/ascii.h"
#include "text/utf8.h"

static bool is_hex(char c) {
  return text_ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool starts_with_id(text_slice key) {
  size_t digits = 0;
  while (digits < KEY_ID_DIGITS && digits < key.size && is_hex(key.data[digits])) {
    digits++;
  }
  return digits == KEY_ID_DIGITS;
}

static const text_slice date_form = TEXT_INITIALIZER("0000-00-00");

static bool starts_with_date(text_slice key) {
  for (size_t i = 0; i < date_form.size; i++) {
    if (i >= key.size || (date_form.data[i] == '0' ? !text_ascii_is_digit(key.data[i])
                                                   : key.data[i] != date_form.data[i])) {
      return false;
    }
  }
  return true;
}

/* How many bytes at the start of `key` a piece other than {name} could have made; 0: none. */
static size_t match_piece(const key_piece *piece, const http_claims *caller, text_slice key) {
  text_slice text = piece->text;
  switch (piece->kind) {
  case KEY_ID:
    return starts_with_id(key) ? KEY_ID_DIGITS : 0;
  case KEY_DATE:
    return starts_with_date(key) ? date_form.size : 0;
  case KEY_CLAIM:
    text = http_claims_get(caller, piece->text);
    break;
  default:
    break;
  }
  return text.size > 0 && text_slice_starts_with(key, text) ? text.size : 0;
}

/* What {name} never makes: see key_append_name(). */
static bool ends_a_name(text_slice key) {
  return key.size == 0 || key.data[0] == '/' || key.data[0] == '\\';
}

/* Where to go on when what came after a {name} did not match: the name takes one byte more. Only
 * the last {name} need be tried again, for one before it could take no more than it did. */
struct name_tried {
  bool any;
  text_slice template; /* after the {name} */
  text_slice key;      /* after what the name took */
};

static bool matches(text_slice template, const http_claims *caller, text_slice key) {
  struct name_tried tried = {0};
  for (;;) {
    text_slice rest = template;
    key_piece piece = {0};
    size_t size = 0;
    if (!key_template_next(&rest, &piece)) {
      if (key.size == 0) {
        return true;
      }
    } else if (piece.kind == KEY_NAME) {
      size = ends_a_name(key) ? 0 : 1;
      tried = size > 0 ? (struct name_tried){true, rest, text_slice_from(key, 1)} : tried;
    } else {
      size = match_piece(&piece, caller, key);
    }
    if (size > 0) {
      template = rest;
      key = text_slice_from(key, size);
      continue;
    }
    if (!tried.any || ends_a_name(tried.key)) {
      return false;
    }
    tried.key = text_slice_from(tried.key, 1);
    template = tried.template;
    key = tried.key;
  }
}

bool key_is_callers(text_slice template, const http_claims *caller, text_slice key) {
  text_slice claim;
  return key_claim_problem(template, caller, &claim) == NULL && s3_key_is_usable(key) &&
         text_utf8_is_clean(key) && matches(template, caller, key);
}
