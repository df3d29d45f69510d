#include "upload_request.h"

#include "json_body.h"

static const struct parameter {
  const char *name;
  size_t offset;
  bool is_number;
} parameters[] = {
    {"file_name", offsetof(upload_request, file_name), false},
    {"file_type", offsetof(upload_request, file_type), false},
    {"size", offsetof(upload_request, size), true},
    {"sha256", offsetof(upload_request, sha256), false},
    {"expires", offsetof(upload_request, expires), true},
};

enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static text_slice *field_of(upload_request *upload, const struct parameter *parameter) {
  return (text_slice *)((char *)upload + parameter->offset);
}

api_error upload_request_from_query(upload_request *upload, const http_request *request,
                                    text_arena *arena) {
  *upload = (upload_request){0};
  for (size_t i = 0; i < PARAMETERS; i++) {
    text_slice *field = field_of(upload, &parameters[i]);
    if (http_request_parameter(request, text_slice_of(parameters[i].name), field) > 1) {
      return api_error_make(arena, 400, "InvalidParameter", "%s is given more than once",
                            parameters[i].name);
    }
  }
  return metadata_from_query(&upload->metadata, request, arena);
}

static text_slice text_of_member(const cJSON *member, bool is_number, text_arena *arena) {
  return is_number && cJSON_IsNumber(member) ? json_digits(member, arena) : json_text(member);
}

static api_error read_members(upload_request *upload, const cJSON *body, text_arena *arena) {
  for (size_t i = 0; i < PARAMETERS; i++) {
    const struct parameter *parameter = &parameters[i];
    const cJSON *member = json_member(body, parameter->name);
    if (member == NULL || cJSON_IsNull(member)) {
      continue;
    }
    const text_slice text = text_of_member(member, parameter->is_number, arena);
    if (text.data == NULL) {
      return api_error_make(arena, 400, "InvalidParameter", "%s must be a %s", parameter->name,
                            parameter->is_number ? "whole number that is not negative" : "text");
    }
    *field_of(upload, parameter) = text;
  }
  return metadata_from_json(&upload->metadata, json_member(body, "metadata"), arena);
}

api_error upload_request_from_json(upload_request *upload, const http_request *request,
                                   text_arena *arena) {
  *upload = (upload_request){0};
  const cJSON *body = NULL;
  const api_error error = json_body_read(&body, request, "{\"file_name\":\"a.txt\"}", arena);
  if (error.status != 0) {
    return error;
  }
  return read_members(upload, body, arena);
}
