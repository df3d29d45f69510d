#include "names.h"

#include "text/ascii.h"

enum { BUCKET_MIN_BYTES = 3, BUCKET_MAX_BYTES = 63, REGION_MAX_BYTES = 63 };

static bool is_label(text_slice text, size_t max_bytes, bool dots) {
  if (text.size == 0 || text.size > max_bytes || !text_ascii_is_alnum(text.data[0]) ||
      !text_ascii_is_alnum(text.data[text.size - 1])) {
    return false;
  }
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.data[i];
    if (!text_ascii_is_lower(c) && !text_ascii_is_digit(c) && c != '-' && !(dots && c == '.')) {
      return false;
    }
  }
  return true;
}

static bool is_number(text_slice text) {
  for (size_t i = 0; i < text.size; i++) {
    if (!text_ascii_is_digit(text.data[i])) {
      return false;
    }
  }
  return true;
}

bool s3_region_is_valid(text_slice region) {
  return is_label(region, REGION_MAX_BYTES, false);
}

/* Labels between dots, and not four numbers: that is an address. */
bool s3_bucket_is_valid(text_slice bucket) {
  if (bucket.size < BUCKET_MIN_BYTES || !is_label(bucket, BUCKET_MAX_BYTES, true)) {
    return false;
  }
  size_t labels = 0;
  size_t numbers = 0;
  text_slice rest = bucket;
  text_slice label;
  while (text_slice_split(&rest, '.', &label)) {
    if (!is_label(label, BUCKET_MAX_BYTES, false)) {
      return false;
    }
    labels++;
    numbers += is_number(label);
  }
  return labels != 4 || numbers != 4;
}
