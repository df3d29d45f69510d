#include "request.h"

static text_slice last_text(const cJSON *value) {
  if (!cJSON_IsArray(value)) {
    return http_json_text(value);
  }
  text_slice text = {NULL, 0};
  const cJSON *item;
  cJSON_ArrayForEach(item, value) {
    text = http_json_text(item);
  }
  return text;
}

text_slice http_request_header(const http_request *request, text_slice name) {
  const cJSON *header;
  cJSON_ArrayForEach(header, request->headers) {
    if (text_slice_equal_ignoring_case(text_slice_of(header->string), name)) {
      return last_text(header);
    }
  }
  return (text_slice){NULL, 0};
}

size_t http_request_parameter(const http_request *request, text_slice name, text_slice *value) {
  size_t found = 0;
  for (size_t i = 0; i < request->query_count; i++) {
    if (text_slice_equal(request->query[i].name, name)) {
      *value = found == 0 ? request->query[i].value : *value;
      found++;
    }
  }
  return found;
}

/* "q=0", with zeros behind a point or without. */
static bool is_zero_weight(text_slice weight) {
  for (size_t i = 2; i < weight.size; i++) {
    if (weight.data[i] != '0' && weight.data[i] != '.') {
      return false;
    }
  }
  return weight.size > 2;
}

bool http_request_takes_gzip(const http_request *request) {
  text_slice rest = http_request_header(request, TEXT_LITERAL("accept-encoding"));
  text_slice coding;
  while (text_slice_split(&rest, ',', &coding)) {
    text_slice name;
    (void)text_slice_split(&coding, ';', &name);
    if (text_slice_equal_ignoring_case(text_slice_trim(name), TEXT_LITERAL("gzip"))) {
      return !is_zero_weight(text_slice_trim(coding));
    }
  }
  return false;
}
