#include "upload_form.h"

#include "function/admission/object_headers.h"
#include "function/store/sign_error.h"
#include "s3/access_point.h"
#include "s3/tagging.h"

/* The fields that are ours; s3_post_policy() adds its own. */
struct given_fields {
  text_pair list[S3_FORM_GIVEN_MAX];
  size_t count;
};

static void add_field(struct given_fields *fields, text_slice name, text_slice value) {
  if (value.size > 0) {
    fields->list[fields->count++] = (text_pair){name, value};
  }
}

static text_slice tagging_xml(text_slice tags, text_arena *arena) {
  if (tags.size == 0) {
    return tags;
  }
  text_buffer xml = text_arena_open(arena);
  s3_tagging_append_xml(&xml, tags);
  return text_arena_close(arena, &xml);
}

_Static_assert(METADATA_MAX + 4 + OBJECT_HEADERS_MAX <= S3_FORM_GIVEN_MAX,
               "all that is added below has room");

/* What is a header of a PUT is a field by the same name, but for the tags, which are XML here. */
static void add_object_fields(struct given_fields *fields, const upload_config *config,
                              const upload_rules *rules, text_slice tagging) {
  text_pair headers[OBJECT_HEADERS_MAX];
  const size_t count = object_headers_list(config, rules, headers);
  for (size_t i = 0; i < count; i++) {
    const bool is_tagging = text_slice_equal(headers[i].name, TEXT_LITERAL("x-amz-tagging"));
    add_field(fields, is_tagging ? TEXT_LITERAL("tagging") : headers[i].name,
              is_tagging ? tagging : headers[i].value);
  }
}

static void collect_fields(struct given_fields *fields, const admitted_upload *upload,
                           const upload_config *config, text_slice tagging) {
  fields->count = 0;
  add_field(fields, TEXT_LITERAL("Content-Type"), upload->content_type);
  for (size_t i = 0; i < upload->metadata->count; i++) {
    fields->list[fields->count++] = upload->metadata->list[i];
  }
  if (upload->sha256.size > 0) {
    add_field(fields, TEXT_LITERAL("x-amz-checksum-algorithm"), TEXT_LITERAL("SHA256"));
    add_field(fields, TEXT_LITERAL("x-amz-checksum-sha256"), upload->sha256);
  }
  add_object_fields(fields, config, upload->rules, tagging);
  add_field(fields, TEXT_LITERAL("success_action_status"), TEXT_LITERAL("201"));
}

bool upload_form_is_on(const function_call *call) {
  const upload_rules *rules = call->rules;
  return !rules->form_is_put && !rules->deny_overwrite &&
         !s3_access_point_is_arn(call->config->endpoint.bucket);
}

http_error upload_form_make(s3_post_form *form, const function_call *call,
                            const admitted_upload *upload) {
  const upload_config *config = call->config;
  const upload_rules *rules = upload->rules;
  if (rules->deny_overwrite) {
    return http_error_make(call->arena, 501, "NotSupported",
                           "S3's forms can't refuse to replace an object, which "
                           "UPLOAD_OVERWRITE=deny asks for; use /signed_url, for /s3/params "
                           "UPLOAD_FORM=put, or parts (shouldUseMultipart: true)");
  }
  const text_slice tagging = tagging_xml(rules->tags, call->arena);
  struct given_fields fields;
  collect_fields(&fields, upload, config, tagging);
  const bool exact = upload->size_bytes >= 0;
  const s3_post_options options = {.endpoint = &config->endpoint,
                                   .key = upload->key,
                                   .fields = fields.list,
                                   .field_count = fields.count,
                                   .min_bytes = exact ? upload->size_bytes : 0,
                                   .max_bytes =
                                       exact ? upload->size_bytes : admission_max_bytes(rules),
                                   .expires_seconds = upload->expires_seconds,
                                   .time_seconds = call->time_seconds};
  /* Never without the tags because memory ran out. */
  const s3_status status = rules->tags.size > 0 && tagging.data == NULL
                               ? S3_NO_ROOM
                               : s3_post_policy(call->signer, &options, form, call->arena);
  return status == S3_OK ? (http_error){0} : sign_error(status, call->arena);
}
