#include "http_head.h"

#include "text/ascii.h"
#include "text/decimal.h"
#include "text/header_value.h"

enum { STATUS_DIGITS = 3, LEAST_STATUS = 100 };

static const text_slice protocol = TEXT_INITIALIZER("HTTP/1.");

bool runtime_http_can_begin(text_slice start) {
  return start.size < protocol.size ? text_slice_starts_with(protocol, start)
                                    : text_slice_starts_with(start, protocol);
}

/* "HTTP/1.1 200 OK": the reason may be missing, and its blank too. */
static const char *take_status_line(runtime_http_head *head, text_slice line) {
  static const char problem[] = "its status line is none of HTTP/1.1";
  text_slice rest = line;
  text_slice version;
  text_slice status;
  int64_t number = 0;
  (void)text_slice_split(&rest, ' ', &version);
  if (!text_slice_split(&rest, ' ', &status) || !text_slice_starts_with(version, protocol) ||
      version.size != protocol.size + 1 || !text_ascii_is_digit(version.data[protocol.size]) ||
      status.size != STATUS_DIGITS || !text_decimal_parse(status, INT64_MAX, &number) ||
      number < LEAST_STATUS) {
    return problem;
  }
  head->status = (int)number;
  head->is_1_0 = version.data[protocol.size] == '0';
  head->closes = head->is_1_0;
  return NULL;
}

/* RFC 9110, 5.5: what others might take for the end of a line, or of a text. Other control
 * bytes do no harm. */
static bool has_forbidden_bytes(text_slice line) {
  unsigned found = 0; /* and no way out of the loop, so that it is made of steps of many bytes */
  for (size_t i = 0; i < line.size; i++) {
    found |= (unsigned)(line.data[i] == '\0') | (unsigned)(line.data[i] == '\r');
  }
  return found != 0;
}

static bool lists(text_slice values, text_slice wanted) {
  text_slice value;
  while (text_slice_split(&values, ',', &value)) {
    if (text_slice_equal_ignoring_case(text_slice_trim(value), wanted)) {
      return true;
    }
  }
  return false;
}

static const char *take_length(runtime_http_head *head, text_slice value) {
  if (head->has_length) {
    return "it has two lengths";
  }
  head->has_length = true;
  return text_decimal_parse(value, INT64_MAX, &head->length_bytes) ? NULL
                                                                   : "its length is no number";
}

static const char *take_coding(runtime_http_head *head, text_slice value) {
  const bool known = text_slice_equal_ignoring_case(value, TEXT_LITERAL("chunked"));
  if (!known || head->framing == RUNTIME_HTTP_CHUNKED || head->is_1_0) {
    return "its transfer coding is not \"chunked\" once";
  }
  head->framing = RUNTIME_HTTP_CHUNKED;
  return NULL;
}

/* Of what the fields say, the connection's part. */
static const char *take_framing(runtime_http_head *head) {
  const text_pair field = head->field;
  if (text_slice_equal_ignoring_case(field.name, TEXT_LITERAL("Content-Length"))) {
    return take_length(head, field.value);
  }
  if (text_slice_equal_ignoring_case(field.name, TEXT_LITERAL("Transfer-Encoding"))) {
    return take_coding(head, field.value);
  }
  if (text_slice_equal_ignoring_case(field.name, TEXT_LITERAL("Connection"))) {
    head->closes |= lists(field.value, TEXT_LITERAL("close"));
  }
  return NULL;
}

static const char *take_field(runtime_http_head *head, text_slice line) {
  text_slice value = line;
  text_slice name;
  (void)text_slice_split(&value, ':', &name);
  if (name.size == line.size || !text_header_value_is_token(name)) {
    return text_ascii_is_blank(line.data[0]) ? "one of its lines is folded"
                                             : "one of its fields has no name";
  }
  head->field = (text_pair){name, text_slice_trim(value)};
  return take_framing(head);
}

/* The blank line: what the body is, RFC 9112, 6.3. */
static const char *end(runtime_http_head *head) {
  if (head->has_length && head->framing == RUNTIME_HTTP_CHUNKED) {
    return "it has a length and a transfer coding";
  }
  head->whole = true;
  if (head->status < 200 || head->status == 204 || head->status == 304) {
    head->framing = RUNTIME_HTTP_NO_BODY;
    head->closes |= head->status == 101;
  } else if (head->has_length) {
    head->framing = RUNTIME_HTTP_LENGTH;
  } else if (head->framing != RUNTIME_HTTP_CHUNKED) {
    head->framing = RUNTIME_HTTP_UNTIL_CLOSE;
    head->closes = true;
  }
  return NULL;
}

const char *runtime_http_head_take_line(runtime_http_head *head, text_slice line) {
  const text_slice text = {line.data, line.size < 2 ? 0 : line.size - 2};
  head->field = (text_pair){0};
  if (!text_slice_ends_with(line, TEXT_LITERAL("\r\n"))) {
    return "one of its lines does not end in CR LF";
  }
  if (has_forbidden_bytes(text)) {
    return "one of its lines has a NUL or a CR in it";
  }
  if (head->status == 0) {
    return take_status_line(head, text);
  }
  return text.size == 0 ? end(head) : take_field(head, text);
}

bool runtime_http_head_is_interim(const runtime_http_head *head) {
  return head->status >= LEAST_STATUS && head->status < 200 && head->status != 101;
}
