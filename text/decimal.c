#include "decimal.h"

#include "ascii.h"

bool text_decimal_parse(text_slice text, int64_t max, int64_t *number) {
  int64_t value = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (!text_ascii_is_digit(text.data[i])) {
      return false;
    }
    const int digit = text.data[i] - '0';
    if (value > max / 10 || value * 10 > max - digit) {
      return false;
    }
    value = value * 10 + digit;
  }
  if (text.size == 0) {
    return false;
  }
  *number = value;
  return true;
}
