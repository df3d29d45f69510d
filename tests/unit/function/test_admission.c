#include "function/admission/admission.h"

#include "environment.h"
#include "function/admission/key.h"
#include "tests/unit/support.h"

static const uint8_t id[KEY_ID_BYTES] = {0xAB};
#define ID "ab000000000000000000000000000000"
#define HASH "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dM="

/* The configuration that `settings`, of name=value lines, makes. */
static upload_config config_of(const char *settings) {
  static alignas(16) char memory[4096];
  static char names[4][64];
  upload_config config;
  text_arena arena;
  text_slice rest = text_slice_of(settings);
  text_slice value;
  environment_reset();
  for (size_t i = 0; rest.size > 0 && text_slice_split(&rest, '\n', &value); i++) {
    text_slice name;
    (void)text_slice_split(&value, '=', &name);
    (void)snprintf(names[i], sizeof names[i], "%.*s", (int)name.size, name.data);
    char text[256];
    (void)snprintf(text, sizeof text, "%.*s", (int)value.size, value.data);
    environment_set(names[i], text);
  }
  text_arena_init(&arena, memory, sizeof memory);
  CHECK(settings, environment_read(&config, &arena) == NULL);
  return config;
}

static http_error admit(admitted_upload *upload, const char *settings,
                        const upload_request *request) {
  static upload_rules rules; /* outlives what is admitted by it */
  rules = config_of(settings).rules;
  static const http_claims nobody;
  const admission_moment moment = {1774958400, id, &nobody};
  return admission_check(upload, request, &rules, &moment, large_arena());
}

TEST(lets_a_name_alone_in_with_defaults_for_the_rest) {
  admitted_upload upload;
  const upload_request request = {.file_name = TEXT_LITERAL("a.txt")};
  CHECK_NUMBER("status", admit(&upload, "", &request).status, 0);
  CHECK_TEXT("key", upload.key, "uploads/" ID "/a.txt");
  CHECK_TEXT("type", upload.content_type, "text/plain");
  CHECK_NUMBER("size", upload.size_bytes, -1);
  CHECK_TEXT("sha256", upload.sha256, "");
  CHECK_NUMBER("lifetime", upload.expires_seconds, 300);
}

TEST(lets_all_in_that_is_as_it_must_be) {
  admitted_upload upload;
  const upload_request request = {.file_name = TEXT_LITERAL("a/b.txt"),
                                  .file_type = TEXT_LITERAL("Text/Plain; charset=x"),
                                  .size = TEXT_LITERAL("13"),
                                  .sha256 = TEXT_LITERAL(HASH),
                                  .expires = TEXT_LITERAL("60")};
  CHECK_NUMBER("status", admit(&upload, "UPLOAD_KEY={date}/{name}", &request).status, 0);
  CHECK_TEXT("key", upload.key, "2026-03-31/a_b.txt");
  CHECK_TEXT("type", upload.content_type, "Text/Plain; charset=x");
  CHECK_NUMBER("size", upload.size_bytes, 13);
  CHECK_TEXT("sha256", upload.sha256, HASH);
  CHECK_NUMBER("lifetime", upload.expires_seconds, 60);
}

/* One parameter each, beside the file's name; null: not given. */
static const struct {
  const char *settings, *type, *size, *sha256, *expires;
  int status;
  const char *code;
} rows[] = {
    {"", .type = "", .status = 0},
    {"", .type = "image", .status = 400, .code = "InvalidParameter"},
    {"", .type = "image/*", .status = 400, .code = "InvalidParameter"},
    {"", .type = "text/plain\n", .status = 400, .code = "InvalidParameter"},
    {"UPLOAD_TYPES=image/*,text/plain", .type = "image/png", .status = 0},
    {"UPLOAD_TYPES=image/*,text/plain", .type = "TEXT/plain; a=b", .status = 0},
    {"UPLOAD_TYPES=image/*,text/plain", .type = "text/html", .status = 403,
     .code = "TypeNotAllowed"},
    {"UPLOAD_TYPES=image/*", .type = "", .status = 403, .code = "TypeNotAllowed"},
    {"UPLOAD_TYPES=image/*", .type = NULL, .status = 403, .code = "TypeNotAllowed"},
    {"", .size = "0", .status = 0},
    {"", .size = "5368709120", .status = 0},
    {"", .size = "5368709121", .status = 413, .code = "TooLarge"},
    {"", .size = "9223372036854775808", .status = 400, .code = "InvalidParameter"},
    {"", .size = "", .status = 400, .code = "InvalidParameter"},
    {"", .size = "-1", .status = 400, .code = "InvalidParameter"},
    {"", .size = "1.5", .status = 400, .code = "InvalidParameter"},
    {"UPLOAD_MAX_BYTES=100", .size = "100", .status = 0},
    {"UPLOAD_MAX_BYTES=100", .size = "101", .status = 413, .code = "TooLarge"},
    {"UPLOAD_MAX_BYTES=100", .size = NULL, .status = 400, .code = "MissingParameter"},
    {"UPLOAD_MAX_BYTES=6000000000", .size = "5368709121", .status = 413, .code = "TooLarge"},
    {"UPLOAD_REQUIRE=size", .size = NULL, .status = 400, .code = "MissingParameter"},
    {"UPLOAD_REQUIRE=size", .size = "1", .status = 0},
    {"", .sha256 = HASH, .status = 0},
    {"", .sha256 = "", .status = 400, .code = "InvalidParameter"},
    {"", .sha256 = "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W yUx1iU7dM=", .status = 400,
     .code = "InvalidParameter"},
    {"", .sha256 = "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dN=", .status = 400,
     .code = "InvalidParameter"},
    {"", .sha256 = "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iU7dMA", .status = 400,
     .code = "InvalidParameter"},
    {"", .sha256 = "MV9b23bQeMQ7isAGTkoBZGErH853yGk0W/yUx1iUNA==", .status = 400,
     .code = "InvalidParameter"},
    {"", .sha256 = "315f5bdb76d078c43b8ac0064e4a0164612b1fce77c869345bfc94c75894edd3",
     .status = 400, .code = "InvalidParameter"},
    {"UPLOAD_REQUIRE=sha256", .sha256 = NULL, .status = 400, .code = "MissingChecksum"},
    {"UPLOAD_REQUIRE=sha256", .sha256 = HASH, .status = 0},
    {"", .expires = "1", .status = 0},
    {"", .expires = "300", .status = 0},
    {"", .expires = "301", .status = 400, .code = "InvalidParameter"},
    {"", .expires = "0", .status = 400, .code = "InvalidParameter"},
    {"", .expires = "", .status = 400, .code = "InvalidParameter"},
    {"", .expires = "1m", .status = 400, .code = "InvalidParameter"},
    {"UPLOAD_EXPIRES_SECONDS=10", .expires = "11", .status = 400, .code = "InvalidParameter"},
};

TEST(checks_each_parameter_against_the_configuration) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    admitted_upload upload;
    const upload_request request = {
        .file_name = TEXT_LITERAL("a.txt"),
        .file_type = rows[i].type ? guarded_string(rows[i].type) : text_slice_of(NULL),
        .size = rows[i].size ? guarded_string(rows[i].size) : text_slice_of(NULL),
        .sha256 = rows[i].sha256 ? guarded_string(rows[i].sha256) : text_slice_of(NULL),
        .expires = rows[i].expires ? guarded_string(rows[i].expires) : text_slice_of(NULL)};
    const http_error error = admit(&upload, rows[i].settings, &request);
    char row[128];
    (void)snprintf(row, sizeof row, "row %zu, status %d of (%s)", i, rows[i].status,
                   rows[i].settings);
    CHECK_NUMBER(row, error.status, rows[i].status);
    CHECK_TEXT(row, text_slice_of(error.code), rows[i].code);
  }
}

/* What a browser's system knows no type of. */
static const struct {
  const char *name, *type, *admitted;
} untyped[] = {
    {"IMG_1.HEIC", "", "image/heic"},
    {"IMG_1.HEIC", NULL, "image/heic"},
    {"IMG_1.HEIC", "image/png", "image/png"},
    {"notes.txt", "", NULL},
    {"notes.txt", "image/png", "image/png"},
    {"IMG_1", "", NULL},
    {"IMG_1.HEIC", "application/octet-stream", NULL},
};

TEST(takes_a_type_that_is_not_told_from_the_name) {
  for (size_t i = 0; i < COUNT(untyped); i++) {
    admitted_upload upload;
    const upload_request request = {.file_name = guarded_string(untyped[i].name),
                                    .file_type = untyped[i].type ? guarded_string(untyped[i].type)
                                                                 : text_slice_of(NULL)};
    const http_error error = admit(&upload, "UPLOAD_TYPES=image/*", &request);
    CHECK_NUMBER(untyped[i].name, error.status, untyped[i].admitted ? 0 : 403);
    if (untyped[i].admitted) {
      CHECK_TEXT(untyped[i].name, upload.content_type, untyped[i].admitted);
    }
  }
}

static const struct {
  const char *name;
  int status;
  const char *code;
} names[] = {
    {"a b+c%2F.txt", 0, NULL},         {"\xF0\x9F\x98\x80", 0, NULL},
    {"", 400, "MissingParameter"},     {".", 400, "InvalidParameter"},
    {"..", 400, "InvalidParameter"},   {"a\n", 400, "InvalidParameter"},
    {"\xFF", 400, "InvalidParameter"},
};

TEST(checks_the_name) {
  for (size_t i = 0; i < COUNT(names); i++) {
    admitted_upload upload;
    const upload_request request = {.file_name = guarded_string(names[i].name)};
    const http_error error = admit(&upload, "", &request);
    CHECK_NUMBER(names[i].name, error.status, names[i].status);
    CHECK_TEXT(names[i].name, text_slice_of(error.code), names[i].code);
  }
}

TEST(a_key_has_at_most_1024_bytes) {
  static char name[1024];
  memset(name, 'n', sizeof name);
  admitted_upload upload;
  const size_t longest = 1024 - strlen("uploads/" ID "/");
  const upload_request fits = {.file_name = {name, longest}};
  CHECK_NUMBER("1024", admit(&upload, "", &fits).status, 0);
  CHECK_NUMBER("1024", upload.key.size, 1024);
  const upload_request too_long = {.file_name = {name, longest + 1}};
  CHECK_NUMBER("1025", admit(&upload, "", &too_long).status, 400);
}

RUN_TESTS(cmocka_unit_test(lets_a_name_alone_in_with_defaults_for_the_rest),
          cmocka_unit_test(lets_all_in_that_is_as_it_must_be),
          cmocka_unit_test(checks_each_parameter_against_the_configuration),
          cmocka_unit_test(takes_a_type_that_is_not_told_from_the_name),
          cmocka_unit_test(checks_the_name), cmocka_unit_test(a_key_has_at_most_1024_bytes))
