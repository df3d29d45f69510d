#include "admission.h"

#include "http/content_type.h"
#include "http/file_type.h"
#include "key.h"
#include "s3/presign.h"
#include "text/decimal.h"

static const char invalid[] = "InvalidParameter";
static const char missing[] = "MissingParameter";
static const http_error none = {0};

static const upload_names *names_of(const upload_request *request) {
  static const upload_names own = {"file_name", "file_type", ""};
  return request->names != NULL ? request->names : &own;
}

static http_error check_type(admitted_upload *upload, const upload_request *request,
                             const upload_rules *rules, text_arena *arena) {
  /* A browser gives a file that its system can't tell the type of an empty one. */
  upload->content_type =
      request->file_type.size > 0 ? request->file_type : http_file_type(request->file_name);
  if (!http_content_type_is_valid(upload->content_type)) {
    return http_error_make(arena, 400, invalid,
                           "%s must be a content type such as image/png, of at most %d bytes, "
                           "without spaces at its ends or two in a row",
                           names_of(request)->file_type, (int)HTTP_CONTENT_TYPE_MAX_BYTES);
  }
  for (size_t i = 0; i < rules->types_count; i++) {
    const text_slice types = rules->types[i];
    if (!http_content_type_matches(upload->content_type, types)) {
      return http_error_make(arena, 403, "TypeNotAllowed", "%s must be one of: %.*s",
                             names_of(request)->file_type, (int)types.size, types.data);
    }
  }
  return none;
}

int64_t admission_max_bytes(const upload_rules *rules) {
  return rules->max_bytes > 0 && rules->max_bytes < CONFIG_PUT_MAX_BYTES ? rules->max_bytes
                                                                         : CONFIG_PUT_MAX_BYTES;
}

static int64_t largest_object(const upload_rules *rules) {
  return rules->max_bytes > 0 ? rules->max_bytes : CONFIG_OBJECT_MAX_BYTES;
}

static http_error check_size(admitted_upload *upload, const upload_request *request,
                             const upload_rules *rules, text_arena *arena) {
  upload->size_bytes = -1;
  if (request->size.data == NULL) {
    /* A signature can bind the size that was declared, not a largest one. */
    const bool capped = rules->max_bytes == 0 || request->size_is_capped || request->in_parts;
    return rules->require_size || !capped
               ? http_error_make(arena, 400, missing,
                                 "size is required: the file's size in bytes%s",
                                 names_of(request)->declaring)
               : none;
  }
  if (!text_decimal_parse(request->size, INT64_MAX, &upload->size_bytes)) {
    return http_error_make(arena, 400, invalid, "size must be a number of bytes, digits only");
  }
  const int64_t cap = request->in_parts ? largest_object(rules) : admission_max_bytes(rules);
  if (upload->size_bytes > cap) {
    return http_error_make(arena, 413, "TooLarge", "size must be at most %lld bytes",
                           (long long)cap);
  }
  return none;
}

static http_error check_sha256(admitted_upload *upload, const upload_request *request,
                               const upload_rules *rules, text_arena *arena) {
  upload->sha256 = request->sha256;
  if (request->sha256.data == NULL) {
    return rules->require_sha256 && !request->in_parts
               ? http_error_make(arena, 400, "MissingChecksum",
                                 "sha256 is required: the file's SHA-256 in base64%s",
                                 names_of(request)->declaring)
               : none;
  }
  if (!s3_hash_is_base64(request->sha256)) {
    return http_error_make(arena, 400, invalid,
                           "sha256 must be the 44 characters of a SHA-256 in base64; in a query, "
                           "write + as %%2B");
  }
  return none;
}

http_error admission_expires(int64_t *expires_seconds, text_slice asked, const upload_rules *rules,
                             text_arena *arena) {
  *expires_seconds = rules->expires_seconds;
  if (asked.data == NULL) {
    return none;
  }
  if (!text_decimal_parse(asked, rules->expires_seconds, expires_seconds) || *expires_seconds < 1) {
    return http_error_make(arena, 400, invalid, "expires must be 1 to %lld seconds",
                           (long long)rules->expires_seconds);
  }
  return none;
}

static http_error make_key(admitted_upload *upload, const upload_request *request,
                           const upload_rules *rules, const admission_moment *moment,
                           text_arena *arena) {
  const char *name = names_of(request)->file_name;
  if (request->file_name.size == 0) {
    return http_error_make(arena, 400, missing,
                           "%s is required: the name of the file, such as photo.jpg", name);
  }
  const char *problem = key_name_problem(request->file_name);
  if (problem != NULL) {
    return http_error_make(arena, 400, invalid, "%s %s", name, problem);
  }
  text_slice claim;
  problem = key_claim_problem(rules->key_template, moment->caller, &claim);
  if (problem != NULL) {
    return http_error_make(arena, 403, "CallerNotAllowed",
                           "the claim %.*s, which names the caller's folder, %s", (int)claim.size,
                           claim.data, problem);
  }
  const key_parts parts = {moment->id, request->file_name, moment->time_seconds, moment->caller};
  text_buffer key = text_arena_open(arena);
  key_append(&key, rules->key_template, &parts);
  upload->key = text_arena_close(arena, &key);
  if (key.overflowed || upload->key.size > S3_KEY_MAX_BYTES) {
    return http_error_make(arena, 400, invalid,
                           "%s is too long: the object's key must be at most %d bytes", name,
                           (int)S3_KEY_MAX_BYTES);
  }
  return none;
}

http_error admission_check(admitted_upload *upload, const upload_request *request,
                           const upload_rules *rules, const admission_moment *moment,
                           text_arena *arena) {
  *upload = (admitted_upload){.metadata = &request->metadata, .rules = rules};
  http_error error = make_key(upload, request, rules, moment, arena);
  if (error.status == 0) {
    error = check_type(upload, request, rules, arena);
  }
  if (error.status == 0) {
    error = check_size(upload, request, rules, arena);
  }
  if (error.status == 0) {
    error = check_sha256(upload, request, rules, arena);
  }
  if (error.status == 0) {
    error = admission_expires(&upload->expires_seconds, request->expires, rules, arena);
  }
  return error;
}
