#include "buffer.h"

#include "copy.h"

void text_buffer_init(text_buffer *buffer, char *storage, size_t capacity) {
  *buffer = (text_buffer){storage, 0, storage ? capacity : 0, false};
}

void text_buffer_append(text_buffer *buffer, text_slice bytes) {
  if (buffer->overflowed || bytes.size > buffer->capacity - buffer->size) {
    buffer->overflowed = true;
    return;
  }
  if (bytes.size > 0) {
    text_copy(buffer->data + buffer->size, bytes.data, bytes.size);
    buffer->size += bytes.size;
  }
}

void text_buffer_append_byte(text_buffer *buffer, char byte) {
  text_buffer_append(buffer, (text_slice){&byte, 1});
}

void text_buffer_append_string(text_buffer *buffer, const char *string) {
  text_buffer_append(buffer, text_slice_of(string));
}

void text_buffer_append_decimal(text_buffer *buffer, int64_t number) {
  char digits[20]; /* of the largest 64-bit number, with its sign */
  size_t start = sizeof digits;
  uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
  do {
    digits[--start] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (number < 0) {
    digits[--start] = '-';
  }
  text_buffer_append(buffer, (text_slice){digits + start, sizeof digits - start});
}

void text_buffer_append_hex(text_buffer *buffer, text_slice bytes) {
  static const char digits[] = "0123456789abcdef";
  if (buffer->overflowed || bytes.size > (buffer->capacity - buffer->size) / 2) {
    buffer->overflowed = true;
    return;
  }
  char *at = buffer->data + buffer->size;
  for (size_t i = 0; i < bytes.size; i++) {
    const unsigned char byte = (unsigned char)bytes.data[i];
    *at++ = digits[byte >> 4];
    *at++ = digits[byte & 0x0F];
  }
  buffer->size += 2 * bytes.size;
}

text_slice text_buffer_slice(const text_buffer *buffer) {
  return (text_slice){buffer->data, buffer->size};
}

void text_buffer_clear(text_buffer *buffer) {
  buffer->size = 0;
  buffer->overflowed = false;
}
