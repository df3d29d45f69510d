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
