#include "mask.h"

#include <string.h>

#include "text/ascii.h"

enum { SECRET_MIN_BYTES = 8, SHOWN_END_BYTES = 4 };

static void add(secret_mask *mask, text_slice text, bool partly) {
  if (text.size < SECRET_MIN_BYTES) {
    return;
  }
  if (mask->count == MASK_MAX) {
    mask->too_many = true;
    return;
  }
  mask->hidden[mask->count].text = text;
  mask->hidden[mask->count++].partly = partly;
}

/* Where a canonical request is taken apart. A token that ends in `=` and stands where nobody
 * expects it is a parameter's name without that. */
static bool is_cut_at(char c) {
  return c == '=' || c == '&' || c == ':' || c == '\n';
}

static void add_pieces(secret_mask *mask, text_slice secret) {
  text_slice rest = secret;
  while (rest.size > 0) {
    text_slice piece = {rest.data, 0};
    while (piece.size < rest.size && !is_cut_at(rest.data[piece.size])) {
      piece.size++;
    }
    if (piece.size < secret.size) {
      add(mask, piece, false);
    }
    rest = text_slice_from(rest, piece.size + 1);
  }
}

void mask_add(secret_mask *mask, text_slice secret) {
  add(mask, secret, false);
  add_pieces(mask, secret);
}

void mask_add_partly(secret_mask *mask, text_slice access_key_id) {
  add(mask, access_key_id, true);
}

bool mask_hides_name(text_slice name) {
  static const text_slice names[] = {
      TEXT_INITIALIZER("x-amz-security-token"),
      TEXT_INITIALIZER("x-amz-signature"),
      TEXT_INITIALIZER("x-amz-server-side-encryption-customer-key"),
      TEXT_INITIALIZER("x-amz-copy-source-server-side-encryption-customer-key"),
      TEXT_INITIALIZER("authorization"),
      TEXT_INITIALIZER("cookie")};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (text_slice_equal_ignoring_case(name, names[i])) {
      return true;
    }
  }
  return false;
}

/* The longest hidden text that starts here, so that no rest of a longer one is shown. */
static size_t hidden_at(const secret_mask *mask, text_slice rest, bool *partly) {
  size_t longest = 0;
  for (size_t i = 0; i < mask->count; i++) {
    const text_slice hidden = mask->hidden[i].text;
    if (hidden.size > longest && text_slice_starts_with(rest, hidden)) {
      longest = hidden.size;
      *partly = mask->hidden[i].partly;
    }
  }
  return longest;
}

static void append_printable(text_buffer *shown, text_slice text) {
  for (size_t i = 0; i < text.size; i++) {
    if (text_ascii_is_print(text.data[i])) {
      text_buffer_append_byte(shown, text.data[i]);
    } else {
      text_buffer_append_string(shown, "\\x");
      text_buffer_append_hex(shown, (text_slice){text.data + i, 1});
    }
  }
}

static void append_hidden(text_buffer *shown, text_slice hidden, bool partly) {
  const bool ends = partly && hidden.size > (size_t)2 * SHOWN_END_BYTES;
  if (ends) {
    append_printable(shown, (text_slice){hidden.data, SHOWN_END_BYTES});
  }
  text_buffer_append_string(shown, "****");
  if (ends) {
    append_printable(shown, text_slice_from(hidden, hidden.size - SHOWN_END_BYTES));
  }
}

void mask_append(const secret_mask *mask, text_slice text, text_buffer *shown) {
  if (mask->too_many) {
    text_buffer_append_string(shown, "****");
    return;
  }
  for (size_t at = 0; at < text.size;) {
    const text_slice rest = text_slice_from(text, at);
    bool partly = false;
    const size_t size = hidden_at(mask, rest, &partly);
    if (size > 0) {
      append_hidden(shown, (text_slice){rest.data, size}, partly);
    } else {
      append_printable(shown, (text_slice){rest.data, 1});
    }
    at += size > 0 ? size : 1;
  }
}
