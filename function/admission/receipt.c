#include "receipt.h"

#include "http/json_tree.h"
#include "text/base64.h"
#include "text/decimal.h"
#include "text/json.h"

enum {
  DAY_SECONDS = 24 * 3600,
  GRANTED_SECONDS = 8 * DAY_SECONDS,
  STORED_SECONDS = DAY_SECONDS,
  LEEWAY_SECONDS = 60,
  HEADER_MAX_BYTES = 64,
  TOKEN_MAX_BYTES = 16 * 1024
};

static const text_slice granted_header =
    TEXT_INITIALIZER("{\"alg\":\"HS256\",\"typ\":\"granted+jwt\"}");
static const text_slice stored_header =
    TEXT_INITIALIZER("{\"alg\":\"HS256\",\"typ\":\"stored+jwt\"}");
static const text_slice issuer = TEXT_INITIALIZER("countersign");

/* ---- Writing ------------------------------------------------------------------ */

static void append_number(text_buffer *json, const char *start, int64_t value) {
  if (value >= 0) {
    text_buffer_append_string(json, start);
    text_buffer_append_decimal(json, value);
  }
}

static void append_claims(text_buffer *json, const upload_receipt *about, int64_t time_seconds,
                          int64_t lifetime_seconds) {
  text_json_append_known(json, "{\"iss\":", issuer);
  text_json_append_known(json, ",\"aud\":", about->bucket);
  text_json_append_known(json, ",\"sub\":", about->subject);
  append_number(json, ",\"iat\":", time_seconds);
  append_number(json, ",\"exp\":", time_seconds + lifetime_seconds);
  text_json_append_known(json, ",\"key\":", about->key);
  text_json_append_known(json, ",\"profile\":", about->profile);
  text_json_append_known(json, ",\"content_type\":", about->content_type);
  append_number(json, ",\"size\":", about->size_bytes);
  text_json_append_known(json, ",\"sha256\":", about->sha256);
}

static void append_object(text_buffer *json, const stored_object *object) {
  append_number(json, ",\"stored\":{\"size\":", object->size_bytes);
  text_json_append_known(json, ",\"etag\":", object->etag);
  text_json_append_known(json, ",\"version\":", object->version);
  text_json_append_known(json, ",\"sha256\":", object->sha256);
  text_buffer_append_byte(json, '}');
}

/* The three parts of RFC 7515, 3.1. */
static text_slice sign(const secret_keys *keys, text_slice header, text_slice claims,
                       text_arena *arena) {
  uint8_t digest[S3_HASH_BYTES];
  text_buffer token = text_arena_open(arena);
  text_base64_append_url_encoded(&token, header);
  text_buffer_append_byte(&token, '.');
  text_base64_append_url_encoded(&token, claims);
  s3_hmac(&keys->list[0], text_buffer_slice(&token), digest);
  text_buffer_append_byte(&token, '.');
  text_base64_append_url_encoded(&token, (text_slice){(const char *)digest, sizeof digest});
  token.overflowed |= claims.data == NULL;
  return text_arena_close(arena, &token);
}

text_slice receipt_granted(const secret_keys *keys, const upload_receipt *about,
                           int64_t time_seconds, text_arena *arena) {
  text_buffer json = text_arena_open(arena);
  append_claims(&json, about, time_seconds, GRANTED_SECONDS);
  text_buffer_append_byte(&json, '}');
  return sign(keys, granted_header, text_arena_close(arena, &json), arena);
}

text_slice receipt_stored(const secret_keys *keys, const upload_receipt *about,
                          const stored_object *object, int64_t time_seconds, text_arena *arena) {
  text_buffer json = text_arena_open(arena);
  append_claims(&json, about, time_seconds, STORED_SECONDS);
  append_object(&json, object);
  text_buffer_append_byte(&json, '}');
  return sign(keys, stored_header, text_arena_close(arena, &json), arena);
}

/* ---- Reading ------------------------------------------------------------------ */

static bool is_of_granted(text_slice header) {
  char storage[HEADER_MAX_BYTES];
  text_buffer own;
  text_buffer_init(&own, storage, sizeof storage);
  text_base64_append_url_encoded(&own, granted_header);
  return text_slice_equal(header, text_buffer_slice(&own));
}

static bool is_signed(const secret_keys *keys, text_slice message, text_slice signature) {
  char storage[S3_HASH_BYTES];
  text_buffer digest;
  text_buffer_init(&digest, storage, sizeof storage);
  return text_base64_append_url_decoded(&digest, signature) && digest.size == S3_HASH_BYTES &&
         secret_keys_made(keys, message, (const uint8_t *)storage);
}

/* The claims' JSON; null data when the token is not ours. */
static text_slice verified(const secret_keys *keys, text_slice token, text_arena *arena) {
  const text_slice none = {NULL, 0};
  text_slice signature = token;
  text_slice header;
  text_slice claims;
  if (token.size > TOKEN_MAX_BYTES || !text_slice_split(&signature, '.', &header) ||
      !text_slice_split(&signature, '.', &claims) || signature.data == NULL ||
      !is_of_granted(header)) {
    return none;
  }
  const text_slice message = {token.data, header.size + 1 + claims.size};
  text_buffer json = text_arena_open(arena);
  if (!is_signed(keys, message, signature) || !text_base64_append_url_decoded(&json, claims)) {
    return none;
  }
  return text_arena_close(arena, &json);
}

static int64_t number_of(const cJSON *claims, const char *name, text_arena *arena) {
  int64_t number = -1;
  const cJSON *claim = http_json_member(claims, name);
  return cJSON_IsNumber(claim) &&
                 text_decimal_parse(http_json_digits(claim, arena), INT64_MAX, &number)
             ? number
             : -1;
}

receipt_status receipt_open(const secret_keys *keys, text_slice token, int64_t time_seconds,
                            upload_receipt *about, text_arena *arena) {
  const text_slice json = verified(keys, token, arena);
  const cJSON *claims = json.size > 0 ? http_json_parse(json, arena) : NULL;
  const int64_t expires_at = number_of(claims, "exp", arena);
  if (!text_slice_equal(http_json_text(http_json_member(claims, "iss")), issuer)) {
    return RECEIPT_FORGED;
  }
  *about =
      (upload_receipt){.bucket = http_json_text(http_json_member(claims, "aud")),
                       .subject = http_json_text(http_json_member(claims, "sub")),
                       .key = http_json_text(http_json_member(claims, "key")),
                       .profile = http_json_text(http_json_member(claims, "profile")),
                       .content_type = http_json_text(http_json_member(claims, "content_type")),
                       .sha256 = http_json_text(http_json_member(claims, "sha256")),
                       .size_bytes = number_of(claims, "size", arena),
                       .granted_at = number_of(claims, "iat", arena)};
  if (about->key.size == 0) {
    return RECEIPT_FORGED;
  }
  return expires_at >= time_seconds - LEEWAY_SECONDS ? RECEIPT_OK : RECEIPT_EXPIRED;
}

/* ---- Comparing ---------------------------------------------------------------- */

const char *receipt_difference(const upload_receipt *granted, const stored_object *object) {
  if (granted->size_bytes >= 0 && granted->size_bytes != object->size_bytes) {
    return "another size than was granted";
  }
  if (granted->content_type.size > 0 &&
      !text_slice_equal_ignoring_case(granted->content_type, object->content_type)) {
    return "another content type than was granted";
  }
  if (granted->sha256.size == 0 || text_slice_equal(granted->sha256, object->sha256)) {
    return NULL;
  }
  return object->sha256.size > 0 ? "another sha256 than was granted"
                                 : "no sha256 that S3 tells, and one was granted";
}

bool receipt_is_of_earlier(const upload_receipt *granted, const stored_object *object) {
  return object->modified_at >= 0 && object->modified_at < granted->granted_at - LEEWAY_SECONDS;
}
