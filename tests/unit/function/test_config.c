#include "function/config/upload_config.h"

#include "environment.h"
#include "tests/unit/support.h"

TEST(needs_four_variables_and_has_defaults_for_the_rest) {
  upload_config config;
  environment_reset();
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("access key", config.credentials.access_key_id, "AKIAIOSFODNN7EXAMPLE");
  CHECK_TEXT("secret", config.credentials.secret_access_key, SAMPLE_SECRET);
  CHECK_TEXT("token", config.credentials.session_token, "");
  CHECK_TEXT("region", config.region, "eu-west-1");
  CHECK_TEXT("origin", config.endpoint.origin, "https://my-bucket.s3.eu-west-1.amazonaws.com");
  CHECK_TEXT("key", config.rules.key_template, "uploads/{id}/{name}");
  CHECK_NUMBER("lifetime", config.rules.expires_seconds, 300);
  CHECK_NUMBER("cap", config.rules.max_bytes, 0);
  CHECK_TEXT("types", config.rules.types[0], "*/*");
  CHECK_TEXT("origins", config.origins, "*");
  CHECK("flags", !config.rules.require_size && !config.rules.require_sha256 &&
                     !config.rules.deny_overwrite && !config.rules.form_is_put &&
                     !config.rules.downloads && !config.page && !config.require_caller &&
                     !config.credentials_of_pages);
  CHECK_TEXT("page's origins", config.page_origins, "");
  CHECK_TEXT("tags", config.rules.tags, "");
  CHECK_TEXT("encryption", config.sse, "");
  CHECK_TEXT("KMS key", config.sse_kms_key, "");
}

TEST(reads_each_variable) {
  upload_config config;
  environment_reset();
  environment_set("AWS_SESSION_TOKEN", "token==");
  environment_set("AWS_ENDPOINT_URL_S3", "http://localhost:9000/base");
  environment_set("UPLOAD_ADDRESSING", "virtual");
  environment_set("UPLOAD_KEY", "{date}/{id}");
  environment_set("UPLOAD_EXPIRES_SECONDS", "60");
  environment_set("UPLOAD_MAX_BYTES", "1000");
  environment_set("UPLOAD_TYPES", "image/*, application/pdf");
  environment_set("UPLOAD_ORIGINS", "https://a.example.com");
  environment_set("UPLOAD_REQUIRE", "sha256");
  environment_set("UPLOAD_OVERWRITE", "deny");
  environment_set("UPLOAD_FORM", "put");
  environment_set("UPLOAD_DOWNLOADS", "on");
  environment_set("UPLOAD_PAGE", "on");
  environment_set("UPLOAD_PAGE_ORIGIN", "https://upload.example.com");
  environment_set("UPLOAD_CALLER", "required");
  environment_set("UPLOAD_CREDENTIALS", "on");
  environment_set("UPLOAD_TAGS", "source=upload");
  environment_set("UPLOAD_DISPOSITION", "attachment");
  environment_set("UPLOAD_CACHE_CONTROL", "private, max-age=60");
  environment_set("UPLOAD_SSE", "aws:kms");
  environment_set("UPLOAD_SSE_KMS_KEY", "alias/key");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("token", config.credentials.session_token, "token==");
  CHECK_TEXT("origin", config.endpoint.origin, "http://my-bucket.localhost:9000");
  CHECK_TEXT("path", config.endpoint.path, "/base");
  CHECK_TEXT("key", config.rules.key_template, "{date}/{id}");
  CHECK_NUMBER("lifetime", config.rules.expires_seconds, 60);
  CHECK_NUMBER("cap", config.rules.max_bytes, 1000);
  CHECK_TEXT("types", config.rules.types[0], "image/*, application/pdf");
  CHECK_TEXT("origins", config.origins, "https://a.example.com");
  CHECK("sha256", config.rules.require_sha256);
  CHECK("overwrite", config.rules.deny_overwrite);
  CHECK("form", config.rules.form_is_put);
  CHECK("downloads", config.rules.downloads);
  CHECK("page", config.page);
  CHECK_TEXT("page's origins", config.page_origins, "https://upload.example.com");
  CHECK("caller", config.require_caller);
  CHECK("credentials", config.credentials_of_pages);
  CHECK_TEXT("tags", config.rules.tags, "source=upload");
  CHECK_TEXT("disposition", config.rules.disposition, "attachment");
  CHECK_TEXT("caching", config.rules.cache_control, "private, max-age=60");
  CHECK_TEXT("encryption", config.sse, "aws:kms");
  CHECK_TEXT("KMS key", config.sse_kms_key, "alias/key");
}

/* Values that are taken, beside the ones above. */
static const struct {
  const char *name, *value;
} good[] = {
    {"UPLOAD_ADDRESSING", "auto"},
    {"UPLOAD_ADDRESSING", "path"},
    {"UPLOAD_OVERWRITE", "allow"},
    {"UPLOAD_FORM", "post"},
    {"UPLOAD_DOWNLOADS", "off"},
    {"UPLOAD_PAGE", "off"},
    {"UPLOAD_PAGE_ORIGIN", "https://a.example.com, http://127.0.0.1:8080"},
    {"UPLOAD_CALLER", "any"},
    {"UPLOAD_CREDENTIALS", "off"},
    {"UPLOAD_KEY", "{claim:sub}/{id}"},
    {"UPLOAD_BUCKET", "My_Bucket"},
    {"UPLOAD_BUCKET", "my-point-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias"},
    {"UPLOAD_REQUIRE", "size"},
    {"UPLOAD_REQUIRE", " sha256 , size "},
    {"UPLOAD_EXPIRES_SECONDS", "1"},
    {"UPLOAD_EXPIRES_SECONDS", "604800"},
    {"UPLOAD_EXPIRES_SECONDS", " 60\t"},
    {"UPLOAD_MAX_BYTES", "1"},
    {"UPLOAD_MAX_BYTES", "54975581388800"},
    {"UPLOAD_DISPOSITION", "inline"},
    {"UPLOAD_CACHE_CONTROL", "no-store"},
    {"UPLOAD_SSE", "AES256"},
    {"UPLOAD_SSE", "aws:kms:dsse"},
    {"AWS_USE_FIPS_ENDPOINT", "TRUE"},
    {"AWS_USE_FIPS_ENDPOINT", "false"},
    {"AWS_USE_DUALSTACK_ENDPOINT", "True"},
    {"AWS_ENDPOINT_URL", "http://localhost:9000"},
    {"UPLOAD_SEAL_SECRET", "0123456789abcdef0123456789abcdef"},
    {"AWS_CA_BUNDLE", "/opt/roots.pem"},
};

TEST(takes_good_values) {
  for (size_t i = 0; i < COUNT(good); i++) {
    upload_config config;
    environment_reset();
    environment_set(good[i].name, good[i].value);
    CHECK(good[i].name, environment_read(&config, large_arena()) == NULL);
  }
}

TEST(takes_credentials_of_pages_whose_hosts_are_named) {
  static const char *const origins[] = {"https://a.example.com", "https://*.example.com",
                                        "http://localhost:*",
                                        "https://app-*.example.com:8443, http://[::1]:3000"};
  for (size_t i = 0; i < COUNT(origins); i++) {
    upload_config config;
    environment_reset();
    environment_set("UPLOAD_CREDENTIALS", "on");
    environment_set("UPLOAD_ORIGINS", origins[i]);
    CHECK(origins[i], environment_read(&config, large_arena()) == NULL);
  }
}

TEST(takes_two_secrets) {
  upload_config config;
  environment_reset();
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_NUMBER("none", config.seal_secrets.count, 0);
  CHECK_TEXT("roots", config.ca_bundle, "/etc/pki/tls/certs/ca-bundle.crt");
  environment_set("UPLOAD_SEAL_SECRET",
                  "0123456789abcdef0123456789abcde1 , 0123456789abcdef0123456789abcde2");
  environment_set("AWS_CA_BUNDLE", "/opt/roots.pem");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_NUMBER("two", config.seal_secrets.count, 2);
  CHECK_TEXT("first", config.seal_secrets.list[0], "0123456789abcdef0123456789abcde1");
  CHECK_TEXT("second", config.seal_secrets.list[1], "0123456789abcdef0123456789abcde2");
  CHECK_TEXT("roots", config.ca_bundle, "/opt/roots.pem");
  CHECK("its end", config.ca_bundle.data[config.ca_bundle.size] == '\0');
}

TEST(a_variable_that_is_empty_is_not_set) {
  const char *const *names;
  const size_t count = environment_names(&names);
  upload_config config;
  CHECK("all of them", count >= 29 && count < ENVIRONMENT_VARIABLES_MAX);
  environment_reset();
  for (size_t i = 0; i < count; i++) {
    if (environment_lookup(names[i]) == NULL) {
      environment_set(names[i], i % 2 ? "" : " ");
    }
  }
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("a default", config.rules.key_template, "uploads/{id}/{name}");
}

TEST(the_url_for_s3_comes_before_the_one_for_all_services) {
  upload_config config;
  environment_reset();
  environment_set("AWS_ENDPOINT_URL", "http://all.example.com");
  environment_set("AWS_ENDPOINT_URL_S3", "http://s3.example.com");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("origin", config.endpoint.origin, "http://s3.example.com");
}

TEST(signs_for_the_region_of_the_access_point) {
  upload_config config;
  environment_reset();
  environment_set("UPLOAD_BUCKET", "arn:aws:s3:us-east-2:111122223333:accesspoint/p-1");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("region", config.region, "us-east-2");
  CHECK_TEXT("host", config.endpoint.host,
             "p-1-111122223333.s3-accesspoint.us-east-2.amazonaws.com");
}

TEST(signs_with_the_keys_of_another_store) {
  upload_config config;
  environment_reset();
  environment_set("AWS_SESSION_TOKEN", "the-role-s");
  environment_set("AWS_ENDPOINT_URL_S3", "https://account.r2.example.com");
  environment_set("UPLOAD_REGION", "auto");
  environment_set("UPLOAD_ACCESS_KEY_ID", "store-key");
  environment_set("UPLOAD_SECRET_ACCESS_KEY", "store-secret");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("access key", config.credentials.access_key_id, "store-key");
  CHECK_TEXT("secret", config.credentials.secret_access_key, "store-secret");
  CHECK_TEXT("token", config.credentials.session_token, "");
  CHECK_TEXT("region", config.region, "auto");
  CHECK_TEXT("region", config.endpoint.region, "auto");
}

TEST(signs_for_the_edges) {
  upload_config config;
  environment_reset();
  environment_set("UPLOAD_ACCELERATE", "on");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("host", config.endpoint.host, "my-bucket.s3-accelerate.amazonaws.com");
  CHECK_TEXT("region", config.region, "eu-west-1");
}

TEST(keeps_the_role_s_keys_in_another_region) {
  upload_config config;
  environment_reset();
  environment_set("UPLOAD_REGION", "us-west-2");
  CHECK("read", environment_read(&config, large_arena()) == NULL);
  CHECK_TEXT("access key", config.credentials.access_key_id, "AKIAIOSFODNN7EXAMPLE");
  CHECK_TEXT("host", config.endpoint.host, "my-bucket.s3.us-west-2.amazonaws.com");
}

RUN_TESTS(cmocka_unit_test(signs_with_the_keys_of_another_store),
          cmocka_unit_test(keeps_the_role_s_keys_in_another_region),
          cmocka_unit_test(signs_for_the_edges),
          cmocka_unit_test(signs_for_the_region_of_the_access_point),
          cmocka_unit_test(needs_four_variables_and_has_defaults_for_the_rest),
          cmocka_unit_test(reads_each_variable), cmocka_unit_test(takes_good_values),
          cmocka_unit_test(takes_credentials_of_pages_whose_hosts_are_named),
          cmocka_unit_test(takes_two_secrets),
          cmocka_unit_test(a_variable_that_is_empty_is_not_set),
          cmocka_unit_test(the_url_for_s3_comes_before_the_one_for_all_services))
