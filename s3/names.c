#include "names.h"

#include "text/ascii.h"

enum {
  BUCKET_MIN_BYTES = 3,
  BUCKET_MAX_BYTES = 255,
  HOST_BUCKET_MAX_BYTES = 63,
  LABEL_MAX_BYTES = 63
};

static bool is_label(text_slice text) {
  if (text.size == 0 || text.size > LABEL_MAX_BYTES || !text_ascii_is_alnum(text.data[0]) ||
      !text_ascii_is_alnum(text.data[text.size - 1])) {
    return false;
  }
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.data[i];
    if (!text_ascii_is_lower(c) && !text_ascii_is_digit(c) && c != '-') {
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
  return is_label(region);
}

/* Four numbers: an address rather than a name. */
static bool is_address(text_slice bucket) {
  size_t labels = 0;
  size_t numbers = 0;
  text_slice label;
  while (text_slice_split(&bucket, '.', &label)) {
    labels++;
    numbers += label.size > 0 && is_number(label);
  }
  return labels == 4 && numbers == 4;
}

bool s3_bucket_is_valid(text_slice bucket) {
  for (size_t i = 0; i < bucket.size; i++) {
    const char c = bucket.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_') {
      return false;
    }
  }
  return bucket.size >= BUCKET_MIN_BYTES && bucket.size <= BUCKET_MAX_BYTES && !is_address(bucket);
}

bool s3_bucket_fits_host(text_slice bucket) {
  text_slice rest = bucket;
  text_slice label;
  if (bucket.size < BUCKET_MIN_BYTES || bucket.size > HOST_BUCKET_MAX_BYTES || is_address(bucket)) {
    return false;
  }
  while (text_slice_split(&rest, '.', &label)) {
    if (!is_label(label)) {
      return false;
    }
  }
  return true;
}
