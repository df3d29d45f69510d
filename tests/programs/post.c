/* Makes the forms that it is told to, one JSON object a line on standard input, one
 * {"url":...,"fields":[[name, value],...]} or {"error":...} a line on standard output: the side of
 * the POST policy that the tests compare with botocore.
 */
#include "request.h"
#include "s3/post_policy.h"
#include "text/json.h"

static s3_status make(const cJSON *request, s3_post_form *form, text_arena *arena) {
  static s3_endpoint endpoint;
  static s3_signer signer;
  static text_pair fields[S3_FORM_GIVEN_MAX + 1];
  const s3_status status = place_and_signer_of(request, &endpoint, &signer, arena);
  if (status != S3_OK) {
    return status;
  }
  const s3_post_options options = {
      .endpoint = &endpoint,
      .key = text_of(request, "key"),
      .fields = fields,
      .field_count = pairs_of(request, "fields", fields, S3_FORM_GIVEN_MAX + 1),
      .min_bytes = number_of(request, "min_bytes"),
      .max_bytes = number_of(request, "max_bytes"),
      .expires_seconds = number_of(request, "expires_seconds"),
      .time_seconds = number_of(request, "time_seconds"),
  };
  return s3_post_policy(&signer, &options, form, arena);
}

static void append_form(text_buffer *out, const s3_post_form *form) {
  text_buffer_append_string(out, "{\"url\":");
  text_json_append_string(out, form->url);
  text_buffer_append_string(out, ",\"fields\":[");
  for (size_t i = 0; i < form->field_count; i++) {
    text_buffer_append_string(out, i > 0 ? ",[" : "[");
    text_json_append_string(out, form->fields[i].name);
    text_buffer_append_byte(out, ',');
    text_json_append_string(out, form->fields[i].value);
    text_buffer_append_byte(out, ']');
  }
  text_buffer_append_string(out, "]}");
}

static void answer(const cJSON *request, text_arena *arena, text_buffer *out) {
  s3_post_form form;
  const s3_status status = make(request, &form, arena);
  if (status == S3_OK) {
    append_form(out, &form);
    return;
  }
  text_buffer_append_string(out, "{\"error\":");
  text_json_append_string(out, text_slice_of(s3_status_text(status)));
  text_buffer_append_byte(out, '}');
}

int main(void) {
  return answer_each_line(answer);
}
