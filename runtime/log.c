#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "text/buffer.h"
#include "text/json.h"
#include "text/utc.h"
#include "text/utf8.h"

/* A line has room for a message and a request id of which every byte is escaped
 * (six bytes for one), so it is never cut in the middle of its JSON. */
enum { REQUEST_ID_MAX_BYTES = 256, LINE_MAX_BYTES = 28 * 1024 };

static const char *const level_names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};

static bool as_json;
static lambda_log_level lowest_level = LAMBDA_LOG_INFO;
static pthread_once_t first_use = PTHREAD_ONCE_INIT;

/* A copy: a line may be written when the invocation's memory is gone. */
static _Thread_local char request_id_text[REQUEST_ID_MAX_BYTES];
static _Thread_local size_t request_id_size;

void runtime_log_configure(void) {
  as_json = text_slice_equal_ignoring_case(text_slice_of(getenv("AWS_LAMBDA_LOG_FORMAT")),
                                           TEXT_LITERAL("JSON"));
  lowest_level = LAMBDA_LOG_INFO;
  const lambda_slice wanted = text_slice_of(getenv("AWS_LAMBDA_LOG_LEVEL"));
  for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
    if (text_slice_equal_ignoring_case(wanted, text_slice_of(level_names[i]))) {
      lowest_level = (lambda_log_level)i;
    }
  }
}

void runtime_log_configure_once(void) {
  (void)pthread_once(&first_use, runtime_log_configure);
}

void runtime_log_set_request_id(lambda_slice request_id) {
  request_id_size = request_id.size < REQUEST_ID_MAX_BYTES ? request_id.size : REQUEST_ID_MAX_BYTES;
  if (request_id_size > 0) {
    memcpy(request_id_text, request_id.data, request_id_size);
  }
}

static lambda_slice current_request_id(void) {
  return (lambda_slice){request_id_text, request_id_size};
}

/* Now, as 2026-11-24T12:00:00.123Z. */
static void append_timestamp(text_buffer *line) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  (void)text_utc_append(line, now.tv_sec, TEXT_UTC_DATE_TIME);
  /* 1 before the digits keeps the zeros; it is then made the point. */
  const size_t point = line->size;
  text_buffer_append_decimal(line, 1000 + now.tv_nsec / 1000000);
  text_buffer_append_byte(line, 'Z');
  line->data[point] = '.';
}

static void append_json_line(text_buffer *line, lambda_log_level level, text_slice message) {
  text_buffer_append_string(line, "{\"timestamp\":\"");
  append_timestamp(line);
  text_buffer_append_string(line, "\",\"level\":\"");
  text_buffer_append_string(line, level_names[level]);
  text_buffer_append_string(line, "\",\"message\":");
  text_json_append_string(line, message);
  if (request_id_size > 0) {
    text_buffer_append_string(line, ",\"requestId\":");
    text_json_append_string(line, current_request_id());
  }
  text_buffer_append_byte(line, '}');
}

static void append_text_line(text_buffer *line, lambda_log_level level, text_slice message) {
  text_buffer_append_byte(line, '[');
  text_buffer_append_string(line, level_names[level]);
  text_buffer_append_string(line, "]\t");
  append_timestamp(line);
  text_buffer_append_byte(line, '\t');
  text_json_append_line(line, current_request_id());
  text_buffer_append_byte(line, '\t');
  text_json_append_line(line, message);
}

void runtime_log_write(lambda_log_level level, lambda_slice message) {
  runtime_log_configure_once();
  if (level < lowest_level || level > LAMBDA_LOG_FATAL) {
    return;
  }
  char storage[LINE_MAX_BYTES];
  text_buffer line;
  text_buffer_init(&line, storage, sizeof storage - 1);
  if (message.size > RUNTIME_LOG_MESSAGE_MAX_BYTES) {
    message = text_utf8_whole((lambda_slice){message.data, RUNTIME_LOG_MESSAGE_MAX_BYTES});
  }
  (as_json ? append_json_line : append_text_line)(&line, level, message);
  storage[line.size] = '\n';
  /* One write, so that lines of several workers don't mix. Nothing can be done
   * about a log that can't be written. */
  const ssize_t written = write(STDERR_FILENO, storage, line.size + 1);
  (void)written;
}

void lambda_log(lambda_log_level level, const char *format, ...) {
  runtime_log_configure_once();
  if (level < lowest_level) {
    return;
  }
  char message[RUNTIME_LOG_MESSAGE_MAX_BYTES + 2]; /* one byte more shows that it is to be cut */
  va_list arguments;
  va_start(arguments, format);
  const int wanted = vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  if (wanted < 0) {
    return;
  }
  const bool cut = (size_t)wanted >= sizeof message;
  runtime_log_write(level, (text_slice){message, cut ? sizeof message - 1 : (size_t)wanted});
}
