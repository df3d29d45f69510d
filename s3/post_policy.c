#include "post_policy.h"

#include <string.h>

#include "access_point.h"
#include "presign.h"
#include "text/base64.h"
#include "text/json.h"
#include "text/utc.h"
#include "text/utf8.h"

/* What multipart/form-data adds to a field's name and value: boundary, header, line ends. */
enum { FIELD_OVERHEAD_BYTES = 128 };

/* Browsers change line ends in a field, and S3 puts the client's file name where ${filename} is:
 * neither would be what was signed. */
static bool is_text(text_slice text) {
  const text_slice variable = TEXT_LITERAL("${filename}");
  return text_utf8_is_clean(text) &&
         (text.size == 0 || memmem(text.data, text.size, variable.data, variable.size) == NULL);
}

static s3_status check_options(const s3_post_options *options) {
  /* Not among the operations that access points take, and botocore refuses it as well. */
  if (s3_access_point_is_arn(options->endpoint->bucket)) {
    return S3_NO_FORM;
  }
  if (options->expires_seconds < 1 || options->expires_seconds > S3_EXPIRES_MAX_SECONDS) {
    return S3_BAD_EXPIRES;
  }
  if (!s3_key_is_usable(options->key)) {
    return S3_BAD_KEY;
  }
  if (options->min_bytes < 0 || options->max_bytes < options->min_bytes) {
    return S3_BAD_RANGE;
  }
  if (options->field_count > S3_FORM_GIVEN_MAX) {
    return S3_TOO_MANY;
  }
  bool good = is_text(options->key);
  for (size_t i = 0; i < options->field_count; i++) {
    good = good && is_text(options->fields[i].name) && is_text(options->fields[i].value);
  }
  return good ? S3_OK : S3_BAD_FIELD;
}

static void add_field(s3_post_form *form, text_slice name, text_slice value) {
  form->fields[form->field_count++] = (text_pair){name, value};
}

static text_slice make_credential(const s3_signer *signer, const s3_timestamp *timestamp,
                                  text_arena *arena) {
  text_buffer credential = text_arena_open(arena);
  s3_signer_append_credential(signer, timestamp, &credential);
  return text_arena_close(arena, &credential);
}

/* The fields that say who signs; the date is a copy, for it must outlive this call. */
static void add_signer(s3_post_form *form, const s3_signer *signer, const s3_timestamp *timestamp,
                       text_arena *arena) {
  add_field(form, TEXT_LITERAL("x-amz-algorithm"), TEXT_LITERAL("AWS4-HMAC-SHA256"));
  add_field(form, TEXT_LITERAL("x-amz-credential"), make_credential(signer, timestamp, arena));
  add_field(form, TEXT_LITERAL("x-amz-date"),
            text_arena_copy(arena, s3_timestamp_slice(timestamp)));
  if (signer->credentials.session_token.size > 0) {
    add_field(form, TEXT_LITERAL("x-amz-security-token"), signer->credentials.session_token);
  }
}

static void append_condition(text_buffer *policy, text_slice name, text_slice value) {
  text_buffer_append_byte(policy, '{');
  text_json_append_ascii_string(policy, name);
  text_buffer_append_string(policy, ": ");
  text_json_append_ascii_string(policy, value);
  text_buffer_append_byte(policy, '}');
}

static void append_conditions(text_buffer *policy, const text_pair *fields, size_t count) {
  for (size_t i = 0; i < count; i++) {
    text_buffer_append_string(policy, i > 0 ? ", " : "");
    append_condition(policy, fields[i].name, fields[i].value);
  }
}

/* The policy in botocore's order and with its spaces, so that the two can be compared byte for
 * byte. Every field so far is a condition. */
static text_slice make_policy(const s3_post_form *form, const s3_post_options *options,
                              text_arena *arena) {
  text_buffer policy = text_arena_open(arena);
  text_buffer_append_string(&policy, "{\"expiration\": \"");
  (void)text_utc_append(&policy, options->time_seconds + options->expires_seconds,
                        TEXT_UTC_DATE_TIME);
  text_buffer_append_string(&policy, "Z\", \"conditions\": [");
  append_conditions(&policy, form->fields, options->field_count);
  text_buffer_append_string(&policy, options->field_count > 0 ? ", " : "");
  text_buffer_append_string(&policy, "[\"content-length-range\", ");
  text_buffer_append_decimal(&policy, options->min_bytes);
  text_buffer_append_string(&policy, ", ");
  text_buffer_append_decimal(&policy, options->max_bytes);
  text_buffer_append_string(&policy, "], ");
  append_condition(&policy, TEXT_LITERAL("bucket"), options->endpoint->bucket);
  text_buffer_append_string(&policy, ", ");
  append_conditions(&policy, form->fields + options->field_count,
                    form->field_count - options->field_count);
  text_buffer_append_string(&policy, "]}");
  return text_arena_close(arena, &policy);
}

static text_slice encode(text_slice policy, text_arena *arena) {
  if (policy.data == NULL) {
    return policy;
  }
  text_buffer encoded = text_arena_open(arena);
  text_base64_append_encoded(&encoded, policy);
  return text_arena_close(arena, &encoded);
}

static text_slice make_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                 text_slice policy, text_arena *arena) {
  text_buffer signature = text_arena_open(arena);
  s3_signer_append_signature(signer, timestamp, policy, &signature);
  return text_arena_close(arena, &signature);
}

static text_slice make_url(const s3_endpoint *endpoint, text_arena *arena) {
  text_buffer url = text_arena_open(arena);
  text_buffer_append(&url, endpoint->origin);
  text_buffer_append(&url, endpoint->path);
  text_buffer_append_byte(&url, '/');
  return text_arena_close(arena, &url);
}

/* Memory that ran out shows as a text without data where one was made. */
static s3_status check_made(const s3_post_form *form, size_t given_count) {
  size_t size = 0;
  for (size_t i = 0; i < form->field_count; i++) {
    if (i >= given_count && form->fields[i].value.data == NULL) {
      return S3_NO_ROOM;
    }
    size += form->fields[i].name.size + form->fields[i].value.size + FIELD_OVERHEAD_BYTES;
  }
  if (form->url.data == NULL) {
    return S3_NO_ROOM;
  }
  return size > S3_FORM_MAX_BYTES ? S3_BIG_FORM : S3_OK;
}

s3_status s3_post_policy(s3_signer *signer, const s3_post_options *options, s3_post_form *form,
                         text_arena *arena) {
  s3_timestamp timestamp;
  s3_timestamp end;
  const s3_status status = check_options(options);
  if (status != S3_OK) {
    return status;
  }
  if (!s3_timestamp_init(&end, options->time_seconds + options->expires_seconds) ||
      !s3_timestamp_init(&timestamp, options->time_seconds)) {
    return S3_BAD_TIME;
  }
  form->field_count = 0;
  for (size_t i = 0; i < options->field_count; i++) {
    add_field(form, options->fields[i].name, options->fields[i].value);
  }
  add_field(form, TEXT_LITERAL("key"), options->key);
  add_signer(form, signer, &timestamp, arena);
  const text_slice policy = encode(make_policy(form, options, arena), arena);
  add_field(form, TEXT_LITERAL("policy"), policy);
  add_field(form, TEXT_LITERAL("x-amz-signature"),
            make_signature(signer, &timestamp, policy, arena));
  form->url = make_url(options->endpoint, arena);
  return check_made(form, options->field_count);
}
