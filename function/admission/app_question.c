#include "app_question.h"

#include "text/json.h"

static void append_metadata(text_buffer *json, const upload_metadata *metadata) {
  for (size_t i = 0; i < metadata->count; i++) {
    text_buffer_append_string(json, i > 0 ? "," : ",\"metadata\":{");
    text_json_append_string(json, metadata_name(&metadata->list[i]));
    text_buffer_append_byte(json, ':');
    text_json_append_string(json, metadata->texts[i]);
  }
  text_buffer_append_string(json, metadata->count > 0 ? "}" : "");
}

void app_question_append(text_buffer *json, const app_question *question) {
  const admitted_upload *upload = question->upload;
  text_json_append_known(json, "{\"key\":", upload->key);
  text_json_append_known(json, ",\"profile\":", upload->rules->profile);
  text_json_append_known(json, ",\"file_name\":", question->request->file_name);
  text_json_append_known(json, ",\"file_type\":", upload->content_type);
  if (upload->size_bytes >= 0) {
    text_buffer_append_string(json, ",\"size\":");
    text_buffer_append_decimal(json, upload->size_bytes);
  }
  text_json_append_known(json, ",\"sha256\":", upload->sha256);
  append_metadata(json, upload->metadata);
  if (http_claims_are_known(question->caller)) {
    text_buffer_append_string(json, ",\"caller\":");
    http_claims_append_json(json, question->caller);
  }
  text_json_append_known(json, ",\"request_id\":", question->request_id);
  text_buffer_append_string(json, question->request->in_parts ? ",\"parts\":true}" : "}");
}
