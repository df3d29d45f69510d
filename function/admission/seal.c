#include "seal.h"

#include "text/base64.h"

enum {
  VERSION = 2,
  OPTION_SHA256 = 1,
  NUMBER_BYTES = 8,
  NUMBERS = 4,
  HEAD_BYTES = 1 + NUMBERS * NUMBER_BYTES + 1 + S3_HASH_BYTES,
  SEALED_MAX_BYTES = HEAD_BYTES + SEAL_UPLOAD_ID_MAX_BYTES + S3_HASH_BYTES
};

/* Sets these keys apart from any other use of the secret. */
static const text_slice purpose = TEXT_INITIALIZER("countersign: multipart upload id, version 2");

void seal_init(upload_seal *seal, const text_slice *secrets, size_t count) {
  seal->count = count;
  for (size_t i = 0; i < count; i++) {
    uint8_t derived[S3_HASH_BYTES];
    s3_hmac_key_init(&seal->keys[i], secrets[i]);
    s3_hmac(&seal->keys[i], purpose, derived);
    s3_hmac_key_init(&seal->keys[i], (text_slice){(const char *)derived, sizeof derived});
  }
}

static text_slice bytes_of(const uint8_t digest[S3_HASH_BYTES]) {
  return (text_slice){(const char *)digest, S3_HASH_BYTES};
}

static void hash_key(text_slice key, uint8_t digest[S3_HASH_BYTES]) {
  s3_hash hash;
  s3_hash_start(&hash);
  s3_hash_update(&hash, key);
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

void seal_append(const upload_seal *seal, text_slice key, const sealed_upload *upload,
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
  text_buffer_append_byte(&sealed, upload->has_sha256 ? OPTION_SHA256 : 0);
  hash_key(key, digest);
  text_buffer_append(&sealed, bytes_of(digest));
  text_buffer_append(&sealed, upload->upload_id);
  s3_hmac(&seal->keys[0], text_buffer_slice(&sealed), digest);
  text_buffer_append(&sealed, bytes_of(digest));
  text_base64_append_url_encoded(token, text_buffer_slice(&sealed));
  token->overflowed |= sealed.overflowed;
}

/* In a time that does not tell where the two differ. */
static bool digests_equal(const char *a, const uint8_t b[S3_HASH_BYTES]) {
  unsigned difference = 0;
  for (size_t i = 0; i < S3_HASH_BYTES; i++) {
    difference |= (unsigned)((unsigned char)a[i] ^ b[i]);
  }
  return difference == 0;
}

static bool is_ours(const upload_seal *seal, text_slice sealed) {
  const text_slice message = {sealed.data, sealed.size - S3_HASH_BYTES};
  bool ours = false;
  for (size_t i = 0; i < seal->count; i++) {
    uint8_t digest[S3_HASH_BYTES];
    s3_hmac(&seal->keys[i], message, digest);
    ours |= digests_equal(sealed.data + message.size, digest);
  }
  return ours;
}

static seal_status read_sealed(text_slice sealed, text_slice key, int64_t time_seconds,
                               sealed_upload *upload) {
  const char *numbers = sealed.data + 1;
  const char *options = numbers + (size_t)NUMBERS * NUMBER_BYTES;
  uint8_t digest[S3_HASH_BYTES];
  hash_key(key, digest);
  if (!digests_equal(options + 1, digest)) {
    return SEAL_OTHER_KEY;
  }
  *upload = (sealed_upload){
      .upload_id = {sealed.data + HEAD_BYTES, sealed.size - HEAD_BYTES - S3_HASH_BYTES},
      .expires_at = number_at(numbers),
      .max_bytes = number_at(numbers + NUMBER_BYTES),
      .size_bytes = number_at(numbers + 2 * (size_t)NUMBER_BYTES),
      .part_bytes = number_at(numbers + 3 * (size_t)NUMBER_BYTES),
      .has_sha256 = (options[0] & OPTION_SHA256) != 0};
  return upload->expires_at <= time_seconds ? SEAL_EXPIRED : SEAL_OK;
}

seal_status seal_open(const upload_seal *seal, text_slice token, text_slice key,
                      int64_t time_seconds, sealed_upload *upload, text_arena *arena) {
  char storage[SEALED_MAX_BYTES];
  text_buffer decoded;
  text_buffer_init(&decoded, storage, sizeof storage);
  const bool is_base64 = text_base64_append_url_decoded(&decoded, token);
  const text_slice bytes = text_buffer_slice(&decoded);
  if (!is_base64 || decoded.overflowed || bytes.size <= HEAD_BYTES + S3_HASH_BYTES ||
      bytes.data[0] != VERSION || !is_ours(seal, bytes)) {
    return SEAL_FORGED;
  }
  const text_slice kept = text_arena_copy(arena, bytes);
  return kept.data != NULL ? read_sealed(kept, key, time_seconds, upload) : SEAL_FORGED;
}
