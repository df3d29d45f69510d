/* Opens a multipart upload: admits it, has S3 start it, and seals the id that S3 gave. */
#include "admit.h"
#include "function/admission/json_body.h"
#include "function/admission/metadata.h"
#include "function/admission/object_headers.h"
#include "function/admission/part_plan.h"
#include "multipart.h"
#include "multipart_upload.h"
#include "receipts.h"
#include "s3/presign.h"
#include "text/decimal.h"
#include "text/json.h"

/* As long as the template's own rule keeps the parts of what nobody completed. */
enum { SEALED_SECONDS = 7 * 24 * 3600 };

static const http_error none = {0};

/* What is asked for, and what it became. */
struct creation {
  upload_request request;
  text_slice checksum;  /* the name that was asked for */
  text_slice part_size; /* of each part but the last, as it was asked for */
  admitted_upload upload;
  bool has_sha256;
  int64_t part_bytes;   /* 0: no size was declared */
  text_slice upload_id; /* S3's */
};

static const json_body_field fields[] = {
    {"filename", offsetof(struct creation, request.file_name), false},
    {"type", offsetof(struct creation, request.file_type), false},
    {"size", offsetof(struct creation, request.size), true},
    {"checksum", offsetof(struct creation, checksum), false},
    {"partSize", offsetof(struct creation, part_size), true},
};

static http_error read_checksum(const function_call *call, struct creation *creation) {
  const bool asked = text_slice_equal(creation->checksum, TEXT_LITERAL("sha256"));
  creation->has_sha256 = asked || call->rules->require_sha256;
  return asked || creation->checksum.data == NULL
             ? none
             : http_error_make(call->arena, 400, "InvalidParameter", "checksum must be sha256");
}

static http_error read_request(const function_call *call, const cJSON *body,
                               struct creation *creation) {
  upload_request *request = &creation->request;
  *creation = (struct creation){.request = {.names = &upload_names_of_companion, .in_parts = true}};
  http_error error =
      json_body_read_fields(creation, fields, sizeof fields / sizeof fields[0], body, call->arena);
  if (error.status == 0) {
    error = read_checksum(call, creation);
  }
  return error.status != 0 ? error
                           : metadata_from_json(&request->metadata,
                                                http_json_member(body, "metadata"), call->arena);
}

/* The parts of a declared size are cut here and now, so that the URL of each can be held to its
 * size: what is too large, or too much, is then refused before S3 stores a byte of it. */
static http_error plan_parts(const function_call *call, struct creation *creation) {
  const int64_t size_bytes = creation->upload.size_bytes;
  if (size_bytes < 0) {
    return creation->part_size.data == NULL
               ? none
               : http_error_make(call->arena, 400, "InvalidParameter",
                                 "partSize needs size: the file's size in bytes");
  }
  if (size_bytes > PARTS_MAX_BYTES) {
    return http_error_make(call->arena, 413, "TooLarge", "size must be at most %lld bytes",
                           PARTS_MAX_BYTES);
  }
  const int64_t least = part_plan_least_bytes(size_bytes);
  creation->part_bytes = least;
  return creation->part_size.data == NULL ||
                 (text_decimal_parse(creation->part_size, PART_MAX_BYTES, &creation->part_bytes) &&
                  creation->part_bytes >= least)
             ? none
             : http_error_make(call->arena, 400, "InvalidParameter",
                               "partSize must be %lld to %lld: bytes of each part but the last, "
                               "of which there are %d at most",
                               (long long)least, PART_MAX_BYTES, (int)S3_PARTS_MAX);
}

enum { OWN_HEADERS_MAX = 2 + OBJECT_HEADERS_MAX };

struct headers {
  text_pair list[METADATA_MAX + OWN_HEADERS_MAX];
  size_t count;
};

static void add_header(struct headers *headers, text_slice name, text_slice value) {
  if (value.size > 0) {
    headers->list[headers->count++] = (text_pair){name, value};
  }
}

static void collect_headers(struct headers *headers, const struct creation *creation,
                            const upload_config *config) {
  headers->count = 0;
  add_header(headers, TEXT_LITERAL("Content-Type"), creation->upload.content_type);
  add_header(headers, TEXT_LITERAL("x-amz-checksum-algorithm"),
             creation->has_sha256 ? TEXT_LITERAL("SHA256") : TEXT_LITERAL(""));
  headers->count +=
      object_headers_list(config, creation->upload.rules, headers->list + headers->count);
  for (size_t i = 0; i < creation->request.metadata.count; i++) {
    headers->list[headers->count++] = creation->request.metadata.list[i];
  }
}

static http_error start(const function_call *call, struct creation *creation) {
  static const text_pair query[] = {{TEXT_INITIALIZER("uploads"), TEXT_INITIALIZER("")}};
  struct headers headers;
  collect_headers(&headers, creation, call->config);
  const store_operation operation = {.method = TEXT_LITERAL("POST"),
                                     .key = creation->upload.key,
                                     .query = query,
                                     .query_count = 1,
                                     .headers = headers.list,
                                     .header_count = headers.count,
                                     .expects = S3_XML_CREATED};
  s3_xml xml;
  const http_error error = call_store(call, &operation, &xml, NULL);
  if (error.status != 0) {
    return error;
  }
  creation->upload_id = xml.upload_id;
  return xml.upload_id.size > 0 && xml.upload_id.size <= SEAL_UPLOAD_ID_MAX_BYTES
             ? none
             : http_error_make(call->arena, 502, "StoreError", "S3 gave no upload id of use");
}

static text_slice write_body(const function_call *call, const struct creation *creation) {
  const sealed_upload sealed = {.upload_id = creation->upload_id,
                                .expires_at = call->time_seconds + SEALED_SECONDS,
                                .max_bytes = creation->upload.rules->max_bytes,
                                .size_bytes = creation->upload.size_bytes,
                                .part_bytes = creation->part_bytes,
                                .expires_seconds = creation->upload.rules->expires_seconds,
                                .has_sha256 = creation->has_sha256,
                                .key_is_apps = creation->upload.key_is_apps};
  const text_slice receipt = receipts_grant(call, &creation->upload);
  const seal_subject subject = multipart_subject(call, creation->upload.key);
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_string(&body, "{\"key\":");
  text_json_append_string(&body, creation->upload.key);
  text_buffer_append_string(&body, ",\"uploadId\":\"");
  seal_append(call->seal_keys, &subject, &sealed, &body);
  text_buffer_append_string(&body, "\",\"bucket\":");
  text_json_append_string(&body, call->config->bucket);
  if (creation->part_bytes > 0) {
    text_buffer_append_string(&body, ",\"partSize\":");
    text_buffer_append_decimal(&body, creation->part_bytes);
  }
  /* So that the client knows that each part needs its own. */
  text_buffer_append_string(&body, creation->has_sha256 ? ",\"checksum\":\"sha256\"" : "");
  receipts_append(&body, receipt);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

http_error multipart_create(const function_call *call, http_reply *reply) {
  struct creation creation;
  const cJSON *body = NULL;
  http_error error = multipart_is_on(call);
  if (error.status == 0) {
    error = json_body_read(&body, call->request, "{\"filename\":\"a.mp4\",\"type\":\"video/mp4\"}",
                           call->arena);
  }
  if (error.status == 0) {
    error = read_request(call, body, &creation);
  }
  if (error.status == 0) {
    error = admit_upload(call, &creation.request, &creation.upload);
  }
  if (error.status == 0) {
    error = plan_parts(call, &creation);
  }
  if (error.status == 0) {
    error = start(call, &creation);
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_body(call, &creation));
  }
  return error;
}
