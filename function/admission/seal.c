#include "seal.h"

#include "text/base64.h"

enum {
  VERSION = 3,
  OPTION_SHA256 = 1,
  OPTION_APP = 2,
  NUMBER_BYTES = 8,
  NUMBERS = 5,
  HEAD_BYTES = 1 + NUMBERS * NUMBER_BYTES + 1 + S3_HASH_BYTES,
  SEALED_MAX_BYTES = HEAD_BYTES + SEAL_UPLOAD_ID_MAX_BYTES + S3_HASH_BYTES
};

/* Sets these keys apart from any other use of the secret. */
static const text_slice purpose = TEXT_INITIALIZER("countersign: multipart upload id, version 3");

void seal_keys_init(secret_keys *keys, const config_secrets *secrets) {
  secret_keys_init_for(keys, secrets, purpose);
}

static text_slice bytes_of(const uint8_t digest[S3_HASH_BYTES]) {
  return (text_slice){(const char *)digest, S3_HASH_BYTES};
}

/* None of them has a NUL, so nobody can say that one ends elsewhere. */
static void hash_subject(const seal_subject *subject, bool key_is_apps,
                         uint8_t digest[S3_HASH_BYTES]) {
  const text_slice none = {NULL, 0};
  const text_slice pieces[] = {subject->profile, subject->key, subject->caller,
                               key_is_apps ? subject->folders : none};
  s3_hash hash;
  s3_hash_start(&hash);
  for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
    s3_hash_update(&hash, pieces[i]);
    s3_hash_update(&hash, (text_slice){"", 1});
  }
  s3_hash_finish(&hash, digest);
}

static void append_number(text_buffer *buffer, int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    text_buffer_append_byte(buffer, (char)((uint64_t)number >> shift));
  }
}

static int64_t number_at(const char *bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < NUMBER_BYTES; i++) {
    number = number << 8 | (unsigned char)bytes[i];
  }
  return (int64_t)number;
}

static char options_of(const sealed_upload *upload) {
  return (char)((upload->has_sha256 ? OPTION_SHA256 : 0) | (upload->key_is_apps ? OPTION_APP : 0));
}

void seal_append(const secret_keys *keys, const seal_subject *subject, const sealed_upload *upload,
                 text_buffer *token) {
  char storage[SEALED_MAX_BYTES];
  uint8_t digest[S3_HASH_BYTES];
  text_buffer sealed;
  text_buffer_init(&sealed, storage, sizeof storage);
  text_buffer_append_byte(&sealed, VERSION);
  append_number(&sealed, upload->expires_at);
  append_number(&sealed, upload->max_bytes);
  append_number(&sealed, upload->size_bytes);
  append_number(&sealed, upload->part_bytes);
  append_number(&sealed, upload->expires_seconds);
  text_buffer_append_byte(&sealed, options_of(upload));
  hash_subject(subject, upload->key_is_apps, digest);
  text_buffer_append(&sealed, bytes_of(digest));
  text_buffer_append(&sealed, upload->upload_id);
  s3_hmac(&keys->list[0], text_buffer_slice(&sealed), digest);
  text_buffer_append(&sealed, bytes_of(digest));
  text_base64_append_url_encoded(token, text_buffer_slice(&sealed));
  token->overflowed |= sealed.overflowed;
}

static bool is_ours(const secret_keys *keys, text_slice sealed) {
  const text_slice message = {sealed.data, sealed.size - S3_HASH_BYTES};
  return secret_keys_made(keys, message, (const uint8_t *)sealed.data + message.size);
}

static seal_status read_sealed(text_slice sealed, const seal_subject *subject, int64_t time_seconds,
                               sealed_upload *upload) {
  const char *numbers = sealed.data + 1;
  const char *options = numbers + (size_t)NUMBERS * NUMBER_BYTES;
  const bool key_is_apps = (options[0] & OPTION_APP) != 0;
  uint8_t digest[S3_HASH_BYTES];
  hash_subject(subject, key_is_apps, digest);
  if (!s3_hash_equal((const uint8_t *)options + 1, digest)) {
    return SEAL_OTHER_KEY;
  }
  *upload = (sealed_upload){
      .upload_id = {sealed.data + HEAD_BYTES, sealed.size - HEAD_BYTES - S3_HASH_BYTES},
      .expires_at = number_at(numbers),
      .max_bytes = number_at(numbers + NUMBER_BYTES),
      .size_bytes = number_at(numbers + 2 * (size_t)NUMBER_BYTES),
      .part_bytes = number_at(numbers + 3 * (size_t)NUMBER_BYTES),
      .expires_seconds = number_at(numbers + 4 * (size_t)NUMBER_BYTES),
      .has_sha256 = (options[0] & OPTION_SHA256) != 0,
      .key_is_apps = key_is_apps};
  return upload->expires_at <= time_seconds ? SEAL_EXPIRED : SEAL_OK;
}

seal_status seal_open(const secret_keys *keys, text_slice token, const seal_subject *subject,
                      int64_t time_seconds, sealed_upload *upload, text_arena *arena) {
  char storage[SEALED_MAX_BYTES];
  text_buffer decoded;
  text_buffer_init(&decoded, storage, sizeof storage);
  const bool is_base64 = text_base64_append_url_decoded(&decoded, token);
  const text_slice bytes = text_buffer_slice(&decoded);
  if (!is_base64 || decoded.overflowed || bytes.size <= HEAD_BYTES + S3_HASH_BYTES ||
      bytes.data[0] != VERSION || !is_ours(keys, bytes)) {
    return SEAL_FORGED;
  }
  const text_slice kept = text_arena_copy(arena, bytes);
  return kept.data != NULL ? read_sealed(kept, subject, time_seconds, upload) : SEAL_FORGED;
}
