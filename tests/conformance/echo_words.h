/* Taking an event apart: for echo.c and what it includes.
 */
#ifndef ECHO_WORDS_H
#define ECHO_WORDS_H

#include <string.h>

#include "runtime/lambda.h"

static void append_text(lambda_reply *reply, const char *text) {
  lambda_reply_append(reply, (lambda_slice){text, strlen(text)});
}

/* The text up to `end`; what follows it is left in `text`. */
static lambda_slice take_until(lambda_slice *text, char end) {
  const char *found = text->size == 0 ? NULL : memchr(text->data, end, text->size);
  const size_t size = found == NULL ? text->size : (size_t)(found - text->data);
  const lambda_slice word = {text->data, size};
  const size_t taken = found == NULL ? size : size + 1;
  text->data += taken;
  text->size -= taken;
  return word;
}

/* `text` with a NUL after it, or null when there is no memory left. */
static char *terminated(lambda_reply *reply, lambda_slice text) {
  char *copy = lambda_allocate(reply, text.size + 1);
  if (copy != NULL) {
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
  }
  return copy;
}

static size_t number_of(lambda_slice text) {
  size_t number = 0;
  for (size_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
    number = number * 10 + (size_t)(text.data[i] - '0');
  }
  return number;
}

#endif
