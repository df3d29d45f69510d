#include "header_value.h"

#include "ascii.h"

bool text_header_value_is_usable(text_slice value) {
  for (size_t i = 0; i < value.size; i++) {
    const bool space = value.data[i] == ' ';
    const bool at_end = i == 0 || i + 1 == value.size;
    if (!text_ascii_is_print(value.data[i]) || (space && (at_end || value.data[i - 1] == ' '))) {
      return false;
    }
  }
  return true;
}

bool text_header_value_is_one_line(text_slice value) {
  for (size_t i = 0; i < value.size; i++) {
    const unsigned char byte = (unsigned char)value.data[i];
    if ((byte < ' ' && byte != '\t') || byte == 0x7F) {
      return false;
    }
  }
  return true;
}

bool text_header_value_is_token(text_slice value) {
  for (size_t i = 0; i < value.size; i++) {
    if (!text_ascii_is_token(value.data[i])) {
      return false;
    }
  }
  return value.size > 0;
}
