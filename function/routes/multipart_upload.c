#include "multipart_upload.h"

#include "function/admission/key.h"
#include "function/admission/key_owner.h"
#include "receipts.h"
#include "text/percent.h"

static const http_error none = {0};

http_error multipart_is_on(const function_call *call) {
  return call->seal_keys != NULL
             ? none
             : http_error_make(
                   call->arena, 501, "MultipartOff",
                   "multipart uploads are off: set UPLOAD_SEAL_SECRET to a secret of 32 "
                   "characters or more");
}

text_slice multipart_segment(const function_call *call, size_t from_end) {
  text_slice path = call->request->path;
  text_slice segment = path;
  for (size_t i = 0; i <= from_end; i++) {
    size_t start = path.size;
    while (start > 0 && path.data[start - 1] != '/') {
      start--;
    }
    segment = text_slice_from(path, start);
    path.size = start > 0 ? start - 1 : 0;
  }
  /* What is looked for has neither a plus nor a space, so the form's rule will do. */
  text_buffer decoded = text_arena_open(call->arena);
  text_percent_append_form_decoded(&decoded, segment);
  return text_arena_close(call->arena, &decoded);
}

http_error multipart_check_key(const function_call *call, text_slice key) {
  if (!key_is_callers(call->rules->key_template, &call->request->caller, key)) {
    return http_error_make(call->arena, 403, "KeyNotAllowed",
                           "key is not one of yours: send the key that the reply to the upload's "
                           "start had");
  }
  return none;
}

static http_error read_key(const function_call *call, text_slice *key) {
  return http_request_parameter(call->request, TEXT_LITERAL("key"), key) == 1
             ? none
             : http_error_make(call->arena, 400, "MissingParameter",
                               "key is required, once: the key that the reply to the upload's "
                               "start had");
}

static http_error seal_error(const function_call *call, seal_status status) {
  switch (status) {
  case SEAL_OK:
    return none;
  case SEAL_OTHER_KEY:
    return http_error_make(call->arena, 403, "UploadOfOtherKey",
                           "uploadId belongs to the upload of another key, profile or caller");
  case SEAL_EXPIRED:
    return http_error_make(call->arena, 403, "UploadExpired",
                           "the upload was started too long ago: start it again");
  default:
    return http_error_make(call->arena, 403, "InvalidUploadId",
                           "uploadId is not one that this service gave out, or its secret has "
                           "changed since: start the upload again");
  }
}

seal_subject multipart_subject(const function_call *call, text_slice key) {
  seal_subject subject = {.profile = call->rules->profile, .key = key};
  text_buffer folders = text_arena_open(call->arena);
  key_append_claims(&folders, call->rules->key_template, &call->request->caller);
  subject.folders = text_arena_close(call->arena, &folders);
  if (receipts_are_on(call)) {
    (void)receipts_subject(call, &subject.caller);
  }
  return subject;
}

http_error multipart_open(const function_call *call, size_t from_end, multipart_upload *upload) {
  http_error error = multipart_is_on(call);
  if (error.status == 0) {
    error = read_key(call, &upload->key);
  }
  if (error.status != 0) {
    return error;
  }
  const seal_subject subject = multipart_subject(call, upload->key);
  const seal_status status = seal_open(call->seal_keys, multipart_segment(call, from_end), &subject,
                                       call->time_seconds, &upload->sealed, call->arena);
  const bool is_known = status == SEAL_OK || status == SEAL_EXPIRED;
  if (!is_known || !upload->sealed.key_is_apps) {
    error = multipart_check_key(call, upload->key);
  }
  return error.status != 0 ? error : seal_error(call, status);
}

int64_t multipart_max_bytes(const function_call *call, const multipart_upload *upload) {
  const int64_t then = upload->sealed.max_bytes;
  const int64_t now = call->rules->max_bytes;
  return then == 0 || (now > 0 && now < then) ? now : then;
}

static bool make_room(s3_part_list *parts, text_arena *arena) {
  *parts = (s3_part_list){
      .parts = text_arena_allocate(arena, S3_PARTS_MAX * sizeof *parts->parts),
      .capacity = S3_PARTS_MAX,
  };
  return parts->parts != NULL;
}

static http_error list_page(const function_call *call, const multipart_upload *upload,
                            int64_t marker, s3_xml *xml, s3_part_list *parts) {
  char storage[20];
  text_buffer digits;
  text_buffer_init(&digits, storage, sizeof storage);
  text_buffer_append_decimal(&digits, marker);
  const text_pair query[] = {
      {TEXT_INITIALIZER("uploadId"), upload->sealed.upload_id},
      {TEXT_INITIALIZER("part-number-marker"), text_buffer_slice(&digits)},
  };
  const store_operation operation = {.method = TEXT_LITERAL("GET"),
                                     .key = upload->key,
                                     .query = query,
                                     .query_count = marker > 0 ? 2 : 1,
                                     .repeatable = true,
                                     .expects = S3_XML_PARTS};
  return call_store(call, &operation, xml, parts);
}

http_error multipart_list_parts(const function_call *call, const multipart_upload *upload,
                                s3_part_list *parts) {
  s3_xml xml = {.truncated = true};
  int64_t marker = 0;
  if (!make_room(parts, call->arena)) {
    return http_error_make(call->arena, 500, "OutOfMemory", "there is no room for the parts");
  }
  while (xml.truncated) {
    const http_error error = list_page(call, upload, marker, &xml, parts);
    if (error.status != 0) {
      return error;
    }
    if (xml.truncated && xml.next_marker <= marker) {
      return http_error_make(call->arena, 502, "StoreError", "S3's list of the parts has no end");
    }
    marker = xml.next_marker;
  }
  return none;
}

http_error multipart_discard(const function_call *call, const multipart_upload *upload) {
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), upload->sealed.upload_id}};
  const store_operation operation = {.method = TEXT_LITERAL("DELETE"),
                                     .key = upload->key,
                                     .query = query,
                                     .query_count = 1,
                                     .repeatable = true,
                                     .expects = S3_XML_OTHER};
  s3_xml xml;
  return call_store(call, &operation, &xml, NULL);
}
