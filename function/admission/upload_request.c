#include "upload_request.h"

#include <string.h>

#include "json_body.h"

const upload_names upload_names_of_companion = {"filename", "type", UPLOAD_UPPY_DECLARES};

/* In a query and in a body alike. */
static const json_body_field parameters[] = {
    {"file_name", offsetof(upload_request, file_name), false},
    {"file_type", offsetof(upload_request, file_type), false},
    {"size", offsetof(upload_request, size), true},
    {"sha256", offsetof(upload_request, sha256), false},
    {"expires", offsetof(upload_request, expires), true},
};

enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static text_slice *field_of(upload_request *upload, const json_body_field *parameter) {
  return (text_slice *)((char *)upload + parameter->offset);
}

/* The metadata is far more, and is whole when it has been read. */
static void clear(upload_request *upload) {
  memset(upload, 0, offsetof(upload_request, metadata));
}

http_error upload_request_from_query(upload_request *upload, const http_request *request,
                                     text_arena *arena) {
  clear(upload);
  for (size_t i = 0; i < PARAMETERS; i++) {
    text_slice *field = field_of(upload, &parameters[i]);
    if (http_request_parameter(request, text_slice_of(parameters[i].name), field) > 1) {
      return http_error_make(arena, 400, "InvalidParameter", "%s is given more than once",
                             parameters[i].name);
    }
  }
  return metadata_from_query(&upload->metadata, request, arena);
}

http_error upload_request_from_object(upload_request *upload, const cJSON *object,
                                      text_arena *arena) {
  clear(upload);
  const http_error error = json_body_read_fields(upload, parameters, PARAMETERS, object, arena);
  return error.status != 0
             ? error
             : metadata_from_json(&upload->metadata, http_json_member(object, "metadata"), arena);
}

http_error upload_request_from_json(upload_request *upload, const http_request *request,
                                    text_arena *arena) {
  const cJSON *body = NULL;
  const http_error error = json_body_read(&body, request, UPLOAD_REQUEST_EXAMPLE, arena);
  return error.status != 0 ? error : upload_request_from_object(upload, body, arena);
}
