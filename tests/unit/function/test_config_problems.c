/* What the configuration refuses, and what it says: each problem once, all at once, no secret. */
#include "environment.h"
#include "function/config/config.h"
#include "tests/unit/support.h"

static const struct {
  const char *name, *value;
} bad[] = {
    {"UPLOAD_BUCKET", NULL},
    {"UPLOAD_BUCKET", ""},
    {"UPLOAD_BUCKET", "  "},
    {"UPLOAD_BUCKET", "My/Bucket"},
    {"UPLOAD_BUCKET", "192.168.5.4"},
    {"UPLOAD_BUCKET", "b--use1-az4--x-s3"},
    {"UPLOAD_BUCKET", "mfzwi23gnjvgw.mrap"},
    {"UPLOAD_BUCKET", "arn:aws:s3:::my-bucket"},
    {"UPLOAD_FORM", "PUT"},
    {"UPLOAD_DOWNLOADS", "true"},
    {"UPLOAD_PAGE", "ON"},
    {"UPLOAD_PAGE_ORIGIN", "*"},
    {"UPLOAD_PAGE_ORIGIN", "https://*.example.com"},
    {"UPLOAD_PAGE_ORIGIN", "upload.example.com"},
    {"UPLOAD_PAGE_ORIGIN", "https://upload.example.com/"},
    {"UPLOAD_CALLER", "on"},
    {"UPLOAD_CALLER", "Required"},
    {"UPLOAD_CREDENTIALS", "true"},
    {"UPLOAD_KEY", "uploads/{nam}"},
    {"UPLOAD_KEY", "{claim:sub}-{id}"},
    {"UPLOAD_EXPIRES_SECONDS", "0"},
    {"UPLOAD_EXPIRES_SECONDS", "604801"},
    {"UPLOAD_EXPIRES_SECONDS", "5m"},
    {"UPLOAD_MAX_BYTES", "0"},
    {"UPLOAD_MAX_BYTES", "-1"},
    {"UPLOAD_MAX_BYTES", "10MB"},
    {"UPLOAD_MAX_BYTES", "54975581388801"},
    {"UPLOAD_TYPES", "image"},
    {"UPLOAD_ORIGINS", "https://a.example.com/"},
    {"UPLOAD_REQUIRE", "md5"},
    {"UPLOAD_REQUIRE", "size,"},
    {"UPLOAD_OVERWRITE", "never"},
    {"UPLOAD_OVERWRITE", "Deny"},
    {"UPLOAD_TAGS", "source"},
    {"UPLOAD_DISPOSITION", "attachment; filename=a"},
    {"UPLOAD_CACHE_CONTROL", "private,  max-age=60"},
    {"UPLOAD_SSE", "aes256"},
    {"UPLOAD_SSE_KMS_KEY", "alias/key"},
    {"UPLOAD_SEAL_SECRET", "SECRET-IN-31-bytes-abcdefghijkl"},
    {"UPLOAD_SEAL_SECRET", "SECRET-IN 33 bytes with spaces..."},
    {"UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef,"},
    {"UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef,SECRET-IN"},
    {"UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef,0123456789abcdef0123456789abcde1,"
                           "0123456789abcdef0123456789abcde2"},
    {"AWS_CA_BUNDLE", "roots.pem"},
    {"UPLOAD_ADDRESSING", "Path"},
    {"UPLOAD_REGION", "EU-WEST-1"},
    {"UPLOAD_ACCELERATE", "true"},
    {"AWS_REGION", NULL},
    {"AWS_REGION", "EU-WEST-1"},
    {"AWS_ACCESS_KEY_ID", NULL},
    {"AWS_ACCESS_KEY_ID", "SECRET-IN \x01 IT"},
    {"AWS_SECRET_ACCESS_KEY", ""},
    {"AWS_SECRET_ACCESS_KEY", "SECRET-IN IT"},
    {"AWS_SESSION_TOKEN", "SECRET-IN\nIT"},
    {"AWS_ENDPOINT_URL_S3", "http://user:SECRET-IN@example.com"},
    {"AWS_ENDPOINT_URL", "http://user:SECRET-IN@example.com"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "yes"},
    {"AWS_USE_FIPS_ENDPOINT", "1"},
    {"HTTPS_PROXY", "socks5://ann:SECRET-IN@proxy.example.com:1080"},
    {"https_proxy", "ann:SECRET-IN@proxy.example.com:0"},
};

/* A problem is one line that begins with the variable's name. */
static void check_one_problem(const char *name) {
  upload_config config;
  const char *problem = environment_read(&config, large_arena());
  CHECK(name, problem != NULL);
  const text_slice text = text_slice_of(problem);
  char start[64];
  (void)snprintf(start, sizeof start, "%s: ", name);
  CHECK(name, text_slice_starts_with(text, text_slice_of(start)));
  CHECK(name, text.size > strlen(start) + 5);
  CHECK(name, memchr(text.data, '\n', text.size) == NULL);
  CHECK(name, memmem(text.data, text.size, "SECRET-IN", 9) == NULL);
}

TEST(names_the_variable_that_is_wrong_and_not_its_value) {
  for (size_t i = 0; i < COUNT(bad); i++) {
    environment_reset();
    environment_set("UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef");
    environment_set(bad[i].name, bad[i].value);
    check_one_problem(bad[i].name);
  }
}

/* What is good alone and not together: the variable that is named. */
static const struct {
  const char *name, *value, *other_name, *other_value;
} clashes[] = {
    {"AWS_USE_FIPS_ENDPOINT", "true", "AWS_REGION", "cn-north-1"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "true", "AWS_REGION", "eu-isoe-west-1"},
    {"AWS_USE_FIPS_ENDPOINT", "true", "AWS_ENDPOINT_URL_S3", "http://localhost"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "true", "AWS_ENDPOINT_URL", "http://localhost"},
    {"UPLOAD_ACCELERATE", "on", "AWS_ENDPOINT_URL", "http://localhost"},
    {"UPLOAD_ACCELERATE", "on", "UPLOAD_ADDRESSING", "path"},
    {"UPLOAD_ADDRESSING", "virtual", "UPLOAD_BUCKET", "my.bucket"},
    {"UPLOAD_ADDRESSING", "virtual", "UPLOAD_BUCKET", "My_Bucket"},
    {"UPLOAD_ACCELERATE", "on", "UPLOAD_BUCKET", "My_Bucket"},
    {"UPLOAD_ADDRESSING", "virtual", "AWS_ENDPOINT_URL", "http://127.0.0.1"},
    {"UPLOAD_ADDRESSING", "path", "UPLOAD_BUCKET",
     "arn:aws:s3:eu-west-1:111122223333:accesspoint/p-1"},
    {"UPLOAD_SSE_KMS_KEY", "alias/key", "UPLOAD_SSE", "AES256"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", NULL},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "*"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://a.example.com, *"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://*"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://a.example.com,https://*example.com"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://app.*"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://*.:8443"},
    {"UPLOAD_CREDENTIALS", "on", "UPLOAD_ORIGINS", "https://*:8443"},
    {"UPLOAD_ACCESS_KEY_ID", "SECRET-IN IT", "UPLOAD_SECRET_ACCESS_KEY", "good"},
    {"UPLOAD_SECRET_ACCESS_KEY", "SECRET-IN IT", "UPLOAD_ACCESS_KEY_ID", "good"},
    {"UPLOAD_ACCESS_KEY_ID", NULL, "UPLOAD_SECRET_ACCESS_KEY", "SECRET-IN-alone"},
    {"UPLOAD_SECRET_ACCESS_KEY", NULL, "UPLOAD_ACCESS_KEY_ID", "SECRET-IN-alone"},
    {"http_proxy", "http://ann:SECRET-IN@", "AWS_ENDPOINT_URL", "http://localhost"},
};

TEST(refuses_what_does_not_go_together) {
  for (size_t i = 0; i < COUNT(clashes); i++) {
    environment_reset();
    environment_set("UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef");
    environment_set(clashes[i].name, clashes[i].value);
    environment_set(clashes[i].other_name, clashes[i].other_value);
    check_one_problem(clashes[i].name);
  }
}

static const struct {
  const char *name;
  size_t longest;
} limits[] = {
    {"AWS_ACCESS_KEY_ID", 128},  {"AWS_SECRET_ACCESS_KEY", 256},
    {"AWS_SESSION_TOKEN", 8192}, {"UPLOAD_SSE_KMS_KEY", 2048},
    {"UPLOAD_KEY", 512},
};

TEST(refuses_what_is_too_long) {
  static char value[8194];
  for (size_t i = 0; i < COUNT(limits); i++) {
    upload_config config;
    environment_reset();
    environment_set("UPLOAD_SSE", "aws:kms");
    memset(value, 'v', sizeof value);
    memcpy(value, "{id}", 4);
    value[limits[i].longest] = '\0';
    environment_set(limits[i].name, value);
    CHECK(limits[i].name, environment_read(&config, large_arena()) == NULL);
    value[limits[i].longest] = 'v';
    value[limits[i].longest + 1] = '\0';
    environment_set(limits[i].name, value);
    check_one_problem(limits[i].name);
  }
}

TEST(a_proxy_is_for_multipart_uploads_alone) {
  upload_config config;
  environment_reset();
  environment_set("HTTPS_PROXY", "socks5://proxy.example.com:1080");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
}

static size_t count_lines(const char *text) {
  size_t count = 0;
  text_slice rest = text_slice_of(text);
  text_slice line;
  while (text_slice_split(&rest, '\n', &line)) {
    count++;
  }
  return count;
}

TEST(tells_every_problem_at_once) {
  upload_config config;
  environment_reset();
  environment_set("AWS_SECRET_ACCESS_KEY", NULL);
  size_t expected = 1;
  for (size_t i = 0; i < COUNT(bad); i++) {
    const bool seen = i > 0 && strcmp(bad[i].name, bad[i - 1].name) == 0;
    /* The URL for S3 hides the one for all services, and where it is wrong nobody knows whether
     * there is a proxy before it. */
    const bool hidden =
        strcmp(bad[i].name, "AWS_ENDPOINT_URL") == 0 || strcasestr(bad[i].name, "_proxy") != NULL;
    if (strcmp(bad[i].name, "AWS_SECRET_ACCESS_KEY") != 0) {
      environment_set(bad[i].name, bad[i].value);
      expected += !seen && !hidden;
    }
  }
  CHECK_NUMBER("problems", count_lines(environment_read(&config, large_arena())), expected);
}

TEST(tells_what_must_be_set_when_nothing_is) {
  upload_config config;
  environment_size = 0;
  CHECK_TEXT("problems", text_slice_of(environment_read(&config, large_arena())),
             "UPLOAD_BUCKET: must be set\nAWS_REGION: must be set\n"
             "AWS_ACCESS_KEY_ID: must be set\nAWS_SECRET_ACCESS_KEY: must be set");
}

TEST(is_not_read_when_the_problems_do_not_fit) {
  upload_config config;
  environment_size = 0;
  text_buffer problems = buffer_of(10);
  CHECK("read", !config_read(&config, environment_lookup, large_arena(), &problems));
}

RUN_TESTS(cmocka_unit_test(names_the_variable_that_is_wrong_and_not_its_value),
          cmocka_unit_test(refuses_what_does_not_go_together),
          cmocka_unit_test(refuses_what_is_too_long),
          cmocka_unit_test(a_proxy_is_for_multipart_uploads_alone),
          cmocka_unit_test(tells_every_problem_at_once),
          cmocka_unit_test(tells_what_must_be_set_when_nothing_is),
          cmocka_unit_test(is_not_read_when_the_problems_do_not_fit))
