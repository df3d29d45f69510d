#include "error_report.h"

#include "text/ascii.h"
#include "text/json.h"
#include "text/utf8.h"

enum { CAUSE_MESSAGE_MAX_BYTES = 1024 };

static bool is_word(lambda_slice text) {
  for (size_t i = 0; i < text.size; i++) {
    if (!text_ascii_is_alpha(text.data[i])) {
      return false;
    }
  }
  return text.size >= 2 && text_ascii_is_upper(text.data[0]);
}

bool runtime_error_type_is_valid(lambda_slice type) {
  lambda_slice word = type;
  lambda_slice origin;
  return type.size <= RUNTIME_ERROR_TYPE_MAX_BYTES && text_slice_split(&word, '.', &origin) &&
         (text_slice_equal(origin, TEXT_LITERAL("Runtime")) ||
          text_slice_equal(origin, TEXT_LITERAL("Function"))) &&
         is_word(word);
}

/* As 0x000000000040123a. */
static void append_bare_address(text_buffer *buffer, uintptr_t address) {
  unsigned char bytes[sizeof address];
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] = (unsigned char)(address >> 8 * (sizeof bytes - 1 - i));
  }
  text_buffer_append_string(buffer, "0x");
  text_buffer_append_hex(buffer, (text_slice){(const char *)bytes, sizeof bytes});
}

static void append_address(text_buffer *buffer, uintptr_t address) {
  text_buffer_append_byte(buffer, '"');
  append_bare_address(buffer, address);
  text_buffer_append_byte(buffer, '"');
}

void runtime_error_report_append_trace(text_buffer *buffer, const runtime_error_report *report) {
  for (size_t i = 0; i < report->frame_count; i++) {
    text_buffer_append_byte(buffer, ' ');
    append_bare_address(buffer, report->frames[i]);
  }
}

void runtime_error_report_append(text_buffer *buffer, const runtime_error_report *report) {
  text_buffer_append_string(buffer, "{\"errorMessage\":");
  text_json_append_string(buffer, report->message);
  text_buffer_append_string(buffer, ",\"errorType\":");
  text_json_append_string(buffer, report->type);
  text_buffer_append_string(buffer, ",\"stackTrace\":[");
  for (size_t i = 0; i < report->frame_count; i++) {
    text_buffer_append_string(buffer, i > 0 ? "," : "");
    append_address(buffer, report->frames[i]);
  }
  text_buffer_append_string(buffer, "]}");
}

static lambda_slice start_of(lambda_slice message) {
  const bool fits = message.size <= CAUSE_MESSAGE_MAX_BYTES;
  return fits ? message : text_utf8_whole((lambda_slice){message.data, CAUSE_MESSAGE_MAX_BYTES});
}

void runtime_error_report_append_cause(text_buffer *buffer, const runtime_error_report *report) {
  text_buffer_append_string(buffer,
                            "{\"working_directory\":\"/var/task\",\"exceptions\":[{\"type\":");
  text_json_append_ascii_string(buffer, report->type);
  text_buffer_append_string(buffer, ",\"message\":");
  text_json_append_ascii_string(buffer, start_of(report->message));
  text_buffer_append_string(buffer, ",\"stack\":[");
  for (size_t i = 0; i < report->frame_count; i++) {
    text_buffer_append_string(buffer, i > 0 ? "," : "");
    text_buffer_append_string(buffer, "{\"path\":\"bootstrap\",\"line\":0,\"label\":");
    append_address(buffer, report->frames[i]);
    text_buffer_append_byte(buffer, '}');
  }
  text_buffer_append_string(buffer, "]}],\"paths\":[\"bootstrap\"]}");
}
