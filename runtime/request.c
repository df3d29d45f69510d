#include "request.h"

#include <stdio.h>

#include "invocation.h"
#include "text/header_value.h"
#include "text/percent.h"

void runtime_request_append_field(text_buffer *head, const char *name, lambda_slice value) {
  if (value.size > 0 && text_header_value_is_one_line(value)) {
    text_buffer_append_string(head, name);
    text_buffer_append_string(head, ": ");
    text_buffer_append(head, value);
    text_buffer_append_string(head, "\r\n");
  }
}

void runtime_request_append_field_if_it_fits(text_buffer *head, const char *name,
                                             lambda_slice value) {
  const text_buffer before = *head;
  runtime_request_append_field(head, name, value);
  if (head->overflowed) {
    *head = before;
  }
}

static void append_target(text_buffer *head, lambda_slice request_id, const char *call) {
  text_buffer_append_string(head, RUNTIME_REQUEST_PATH);
  if (request_id.size > 0) {
    const size_t before = head->size;
    text_buffer_append_string(head, "invocation/");
    text_percent_append_encoded(head, request_id);
    head->overflowed |= head->size - before > RUNTIME_REQUEST_ID_MAX_BYTES;
    text_buffer_append_byte(head, '/');
  } else {
    text_buffer_append_string(head, "init/");
  }
  text_buffer_append_string(head, call);
}

void runtime_request_begin_post(text_buffer *head, const runtime_client *client,
                                lambda_slice request_id, const char *call,
                                const char *content_type) {
  text_buffer_append_string(head, "POST ");
  append_target(head, request_id, call);
  text_buffer_append_string(head, " HTTP/1.1\r\n");
  text_buffer_append(head, client->common_fields);
  runtime_request_append_field(head, "Content-Type", text_slice_of(content_type));
  if (request_id.size > 0 && text_slice_equal(request_id, client->request_id)) {
    runtime_request_append_field(head, RUNTIME_INVOCATION_ID_HEADER, client->invocation_id);
  }
}

bool runtime_request_fits(const text_buffer *head, runtime_client *client) {
  if (head->overflowed) {
    (void)snprintf(client->error, sizeof client->error, "the request id or a header is too long");
  }
  return !head->overflowed;
}
