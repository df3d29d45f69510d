/* Joins the parts of a multipart upload: the limits hold here, before S3 makes an object of them.
 */
#include <string.h>

#include "function/admission/json_body.h"
#include "multipart.h"
#include "multipart_stored.h"
#include "multipart_upload.h"
#include "receipts.h"
#include "s3/etag.h"
#include "stored.h"
#include "text/ascii.h"
#include "text/json.h"
#include "text/percent.h"

enum { ETAG_MAX_BYTES = 128 };

static const http_error none = {0};

/* ---- What the client wants joined ------------------------------------------ */

/* Letters that stand for themselves in XML. */
static bool is_etag(text_slice etag) {
  for (size_t i = 0; i < etag.size; i++) {
    if (!text_ascii_is_alnum(etag.data[i]) && strchr("-._~+/=", etag.data[i]) == NULL) {
      return false;
    }
  }
  return etag.size > 0 && etag.size <= ETAG_MAX_BYTES;
}

static bool read_part(const cJSON *item, s3_part *part) {
  const cJSON *number = http_json_member(item, "PartNumber");
  part->etag = s3_etag_bare(http_json_text(http_json_member(item, "ETag")));
  if (!cJSON_IsNumber(number) || !(number->valuedouble >= 1) ||
      !(number->valuedouble <= (double)S3_PARTS_MAX)) {
    return false;
  }
  part->number = (int64_t)number->valuedouble;
  return (double)part->number == number->valuedouble && is_etag(part->etag);
}

static http_error bad_parts(const function_call *call) {
  return http_error_make(call->arena, 400, "InvalidParameter",
                         "parts must be [{\"PartNumber\":1,\"ETag\":\"...\"}], 1 to %d of them, in "
                         "the order of their numbers, each once",
                         (int)S3_PARTS_MAX);
}

static http_error read_parts(const function_call *call, s3_part_list *parts) {
  const cJSON *body = NULL;
  const cJSON *item;
  const http_error error = json_body_read(
      &body, call->request, "{\"parts\":[{\"PartNumber\":1,\"ETag\":\"...\"}]}", call->arena);
  if (error.status != 0) {
    return error;
  }
  const cJSON *array = http_json_member(body, "parts");
  const int count = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;
  if (count < 1 || count > S3_PARTS_MAX) {
    return bad_parts(call);
  }
  *parts = (s3_part_list){
      .parts = text_arena_allocate(call->arena, (size_t)count * sizeof *parts->parts),
      .capacity = (size_t)count};
  if (parts->parts == NULL) {
    return http_error_make(call->arena, 500, "OutOfMemory", "there is no room for the parts");
  }
  int64_t last = 0;
  cJSON_ArrayForEach(item, array) {
    s3_part part = {0};
    if (!read_part(item, &part) || part.number <= last) {
      return bad_parts(call);
    }
    last = part.number;
    parts->parts[parts->count++] = part;
  }
  return none;
}

/* ---- What S3 has ------------------------------------------------------------ */

/* Finds each part among those that S3 has, and takes its size and checksum from
 * there. Both lists are in the order of the numbers. */
static http_error match_parts(const function_call *call, s3_part_list *wanted,
                              const s3_part_list *present) {
  size_t at = 0;
  for (size_t i = 0; i < wanted->count; i++) {
    s3_part *part = &wanted->parts[i];
    while (at < present->count && present->parts[at].number < part->number) {
      at++;
    }
    const s3_part *found = at < present->count ? &present->parts[at] : NULL;
    if (found == NULL || found->number != part->number ||
        !text_slice_equal(s3_etag_bare(found->etag), part->etag)) {
      return http_error_make(call->arena, 400, "InvalidPart",
                             "part %lld is not there, or its ETag is not the one that S3 gave",
                             (long long)part->number);
    }
    part->size_bytes = found->size_bytes;
    part->sha256 = found->sha256;
  }
  return none;
}

static int64_t sum_of(const s3_part_list *parts) {
  int64_t sum = 0;
  for (size_t i = 0; i < parts->count; i++) {
    /* Of at most 10,000 parts none is larger than S3 takes, but who knows the store. */
    sum = parts->parts[i].size_bytes < CONFIG_OBJECT_MAX_BYTES - sum
              ? sum + parts->parts[i].size_bytes
              : CONFIG_OBJECT_MAX_BYTES;
  }
  return sum;
}

/* What is too large is discarded at once, so that its parts cost nothing more. */
static http_error refuse_too_large(const function_call *call, const multipart_upload *upload,
                                   int64_t most) {
  const http_error error = multipart_discard(call, upload);
  return http_error_make(call->arena, 413, "TooLarge",
                         error.status == 0 || multipart_is_gone(error)
                             ? "the parts must have at most %lld bytes together: the upload was "
                               "aborted"
                             : "the parts must have at most %lld bytes together: abort the upload",
                         (long long)most);
}

static http_error check_size(const function_call *call, const multipart_upload *upload,
                             int64_t size_bytes) {
  const int64_t declared = upload->sealed.size_bytes;
  const int64_t cap = multipart_max_bytes(call, upload);
  if (declared >= 0 && size_bytes > declared) {
    return refuse_too_large(call, upload, declared);
  }
  if (cap > 0 && size_bytes > cap) {
    return refuse_too_large(call, upload, cap);
  }
  if (declared >= 0 && size_bytes < declared) {
    return http_error_make(call->arena, 400, "Incomplete",
                           "the parts have %lld bytes together, and %lld were declared",
                           (long long)size_bytes, (long long)declared);
  }
  return none;
}

/* S3's own list is asked for where there is a limit to hold, or a checksum to tell. */
static http_error check_parts(const function_call *call, const multipart_upload *upload,
                              s3_part_list *parts) {
  const sealed_upload *sealed = &upload->sealed;
  s3_part_list present = {0};
  if (multipart_max_bytes(call, upload) == 0 && sealed->size_bytes < 0 && !sealed->has_sha256) {
    return none;
  }
  http_error error = multipart_list_parts(call, upload, &present);
  if (error.status == 0) {
    error = match_parts(call, parts, &present);
  }
  return error.status != 0 ? error : check_size(call, upload, sum_of(parts));
}

/* ---- Joining ---------------------------------------------------------------- */

static void append_part(text_buffer *xml, const s3_part *part) {
  text_buffer_append_string(xml, "<Part><PartNumber>");
  text_buffer_append_decimal(xml, part->number);
  text_buffer_append_string(xml, "</PartNumber><ETag>\"");
  text_buffer_append(xml, part->etag);
  text_buffer_append_string(xml, "\"</ETag>");
  if (s3_hash_is_base64(part->sha256)) {
    text_buffer_append_string(xml, "<ChecksumSHA256>");
    text_buffer_append(xml, part->sha256);
    text_buffer_append_string(xml, "</ChecksumSHA256>");
  }
  text_buffer_append_string(xml, "</Part>");
}

static text_slice write_xml(const function_call *call, const s3_part_list *parts) {
  text_buffer xml = text_arena_open(call->arena);
  text_buffer_append_string(
      &xml, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
  for (size_t i = 0; i < parts->count; i++) {
    append_part(&xml, &parts->parts[i]);
  }
  text_buffer_append_string(&xml, "</CompleteMultipartUpload>");
  return text_arena_close(call->arena, &xml);
}

static http_error join(const function_call *call, const multipart_upload *upload,
                       const s3_part_list *parts) {
  const text_pair query[] = {{TEXT_INITIALIZER("uploadId"), upload->sealed.upload_id}};
  static const text_pair headers[] = {{TEXT_INITIALIZER("If-None-Match"), TEXT_INITIALIZER("*")}};
  const store_operation operation = {.method = TEXT_LITERAL("POST"),
                                     .key = upload->key,
                                     .query = query,
                                     .query_count = 1,
                                     .headers = headers,
                                     .header_count = call->rules->deny_overwrite ? 1 : 0,
                                     .body = write_xml(call, parts),
                                     .expects = S3_XML_COMPLETED};
  s3_xml xml;
  return operation.body.data != NULL
             ? call_store(call, &operation, &xml, NULL)
             : http_error_make(call->arena, 500, "OutOfMemory", "there is no room for the parts");
}

/* Nobody knows whether S3 did it. */
static bool is_unsure(http_error error) {
  const text_slice code = text_slice_of(error.code);
  return error.status != 0 && (text_slice_equal(code, TEXT_LITERAL("StoreAnswerLost")) ||
                               text_slice_equal(code, TEXT_LITERAL("InternalError")));
}

/* Once more where nobody knows. What was done the first time S3 answers again; another store may
 * no longer know the upload, or still be at it, which says less than the first error did. */
static http_error join_for_sure(const function_call *call, const multipart_upload *upload,
                                const s3_part_list *parts) {
  const http_error first = join(call, upload, parts);
  if (!is_unsure(first)) {
    return first;
  }
  const http_error second = join(call, upload, parts);
  return second.status == 0 || second.status == 412 ? second : first;
}

/* The parts of an upload that was completed before can't be seen any more. They were looked at
 * then. */
static http_error check_and_join(const function_call *call, const multipart_upload *upload,
                                 s3_part_list *parts) {
  const http_error checked = check_parts(call, upload, parts);
  if (checked.status != 0 && !multipart_is_gone(checked)) {
    return checked;
  }
  const http_error joined = join_for_sure(call, upload, parts);
  return multipart_is_gone(checked) && joined.status != 0 ? checked : joined;
}

/* Whether the error may be of an upload that was completed before. */
static bool may_be_stored(http_error error) {
  return multipart_is_gone(error) || is_unsure(error) || error.status == 412;
}

/* The receipt of the object; empty when receipts are off, and when S3 does not show it: it is
 * stored all the same. */
static text_slice write_receipt(const function_call *call, const multipart_upload *upload) {
  stored_object object;
  upload_receipt about = {.bucket = call->config->bucket,
                          .key = upload->key,
                          .profile = call->rules->profile,
                          .size_bytes = upload->sealed.size_bytes};
  if (!receipts_are_on(call) || receipts_subject(call, &about.subject).status != 0) {
    return TEXT_LITERAL("");
  }
  const http_error error = stored_look(call, upload->key, upload->sealed.has_sha256, &object);
  if (error.status != 0) {
    call_log(call, "S3 does not show the object of a completed upload, so there is no receipt: %s",
             error.code);
    return TEXT_LITERAL("");
  }
  about.content_type = object.content_type;
  const char *difference = receipt_difference(&about, &object);
  if (difference != NULL) {
    call_log(call, "the object of a completed upload has %s, so there is no receipt", difference);
    return TEXT_LITERAL("");
  }
  return receipt_stored(call->receipt_keys, &about, &object, call->time_seconds, call->arena);
}

static text_slice write_reply(const function_call *call, const multipart_upload *upload) {
  const s3_endpoint *endpoint = &call->config->endpoint;
  const text_slice receipt = write_receipt(call, upload);
  text_buffer body = text_arena_open(call->arena);
  text_buffer_append_string(&body, "{\"location\":\"");
  /* Nothing in a URL needs escaping. */
  text_buffer_append(&body, endpoint->origin);
  text_buffer_append(&body, endpoint->path);
  text_buffer_append_byte(&body, '/');
  text_percent_append_encoded_path(&body, upload->key);
  text_buffer_append_string(&body, "\",\"key\":");
  text_json_append_string(&body, upload->key);
  text_buffer_append_string(&body, ",\"bucket\":");
  text_json_append_string(&body, call->config->bucket);
  receipts_append(&body, receipt);
  text_buffer_append_byte(&body, '}');
  return text_arena_close(call->arena, &body);
}

http_error multipart_complete(const function_call *call, http_reply *reply) {
  multipart_upload upload;
  s3_part_list parts = {0};
  http_error error = multipart_open(call, 1, &upload);
  if (error.status == 0) {
    error = read_parts(call, &parts);
  }
  if (error.status == 0) {
    error = check_and_join(call, &upload, &parts);
  }
  if (may_be_stored(error) && multipart_is_stored(call, &upload)) {
    error = none;
  }
  if (error.status == 0) {
    http_reply_set_json(reply, 200, write_reply(call, &upload));
  }
  return error;
}
