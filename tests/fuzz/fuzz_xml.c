/* A reply of S3's, in XML, by each of those that read one. */
#include "doctor/check/bucket_settings.h"
#include "s3/error_reply.h"
#include "s3/xml.h"
#include "support.h"

enum { PARTS = 4, ARENA_BYTES = 1024 * 1024 };

static void check_text(text_slice text) {
  MUST(text.size <= 2048);
  MUST(text.data == NULL || text.data[text.size] == '\0');
}

static void check_error(text_slice text, text_arena *arena) {
  s3_error_reply error;
  const bool read = s3_error_reply_read(&error, text, arena);
  MUST(read == (error.code.size > 0));
  MUST(error.canonical_request.size <= (size_t)64 * 1024);
}

static void check_settings(text_slice text, text_arena *arena) {
  bucket_settings settings = {0};
  const bool read = bucket_settings_read(&settings, text, arena);
  MUST(!read || (!settings.aborts_only_some || settings.abort_days.size > 0));
  check_text(settings.abort_days);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static alignas(16) char memory[ARENA_BYTES];
  s3_part storage[PARTS];
  s3_part_list parts = {storage, 0, PARTS};
  s3_xml xml;
  text_arena arena;
  text_arena_init(&arena, memory, sizeof memory);
  const s3_xml_root root = s3_xml_read(&xml, input_of(data, size), &parts, &arena);
  MUST(root == xml.root);
  MUST(parts.count <= PARTS);
  MUST(root == S3_XML_ERROR || xml.error_code.size == 0);
  MUST(root == S3_XML_CREATED || xml.upload_id.size == 0);
  MUST(root == S3_XML_PARTS || (!xml.truncated && xml.next_marker == 0));
  MUST(xml.next_marker >= 0);
  check_text(xml.error_code);
  check_text(xml.upload_id);
  check_text(xml.etag);
  for (size_t i = 0; root == S3_XML_PARTS && i < parts.count; i++) {
    MUST(parts.parts[i].number >= 0 && parts.parts[i].size_bytes >= 0);
    check_text(parts.parts[i].etag);
    check_text(parts.parts[i].sha256);
  }
  text_arena_reset(&arena);
  check_error(input_of(data, size), &arena);
  text_arena_reset(&arena);
  check_settings(input_of(data, size), &arena);
  return 0;
}
