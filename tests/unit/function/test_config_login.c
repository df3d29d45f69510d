/* The login's settings: who signs the page's user in, and what the page may reach for that. */
#include "environment.h"
#include "tests/unit/support.h"

static upload_config config;

static const struct {
  const char *issuer, *origin, *origins;
} good[] = {
    {"https://issuer.example.com", "", " https://issuer.example.com"},
    {"https://Issuer.example.com:443/a/", "", " https://issuer.example.com"},
    {"http://localhost:3000/realms/a", "", " http://localhost:3000"},
    {"http://127.0.0.1:3000", "", " http://127.0.0.1:3000"},
    {"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A",
     "https://my-app.auth.eu-west-1.amazoncognito.com",
     " https://cognito-idp.eu-west-1.amazonaws.com "
     "https://my-app.auth.eu-west-1.amazoncognito.com"},
};

TEST(a_login_is_kept_and_what_it_reaches) {
  for (size_t i = 0; i < COUNT(good); i++) {
    text_buffer problems = buffer_of(1024);
    environment_reset();
    environment_set("UPLOAD_LOGIN_ISSUER", good[i].issuer);
    environment_set("UPLOAD_LOGIN_CLIENT_ID", "a-client");
    environment_set("UPLOAD_LOGIN_ORIGIN", good[i].origin);
    CHECK(good[i].issuer, config_read(&config, environment_lookup, large_arena(), &problems));
    CHECK_TEXT("to the letter", config.login.issuer, good[i].issuer);
    CHECK_TEXT("client", config.login.client_id, "a-client");
    CHECK_TEXT(good[i].issuer, config.login.origins, good[i].origins);
  }
}

static const struct {
  const char *issuer, *client_id, *origin, *variable;
} bad[] = {
    {"https://a.example.com", "", "", "UPLOAD_LOGIN_CLIENT_ID"},
    {"", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"http://a.example.com", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"http://127.0.0.1.example.com", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"a.example.com", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"https://a.example.com?b", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"https://a.example.com/#b", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"https://u:p@a.example.com", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"https://a.example.com;script-src", "a-client", "", "UPLOAD_LOGIN_ISSUER"},
    {"https://a.example.com", "a client", "", "UPLOAD_LOGIN_CLIENT_ID"},
    {"https://a.example.com", "\xC3\xA9", "", "UPLOAD_LOGIN_CLIENT_ID"},
    {"https://a.example.com", "a-client", "https://b.example.com/", "UPLOAD_LOGIN_ORIGIN"},
    {"https://a.example.com", "a-client", "https://*.example.com", "UPLOAD_LOGIN_ORIGIN"},
    {"https://a.example.com", "a-client", "http://b.example.com", "UPLOAD_LOGIN_ORIGIN"},
    {"https://a.example.com", "a-client", "https://b.example.com;x", "UPLOAD_LOGIN_ORIGIN"},
};

TEST(what_is_no_login_is_refused_by_name) {
  for (size_t i = 0; i < COUNT(bad); i++) {
    text_buffer problems = buffer_of(2048);
    environment_reset();
    environment_set("UPLOAD_LOGIN_ISSUER", bad[i].issuer);
    environment_set("UPLOAD_LOGIN_CLIENT_ID", bad[i].client_id);
    environment_set("UPLOAD_LOGIN_ORIGIN", bad[i].origin);
    CHECK(bad[i].variable, !config_read(&config, environment_lookup, large_arena(), &problems));
    const text_slice said = text_buffer_slice(&problems);
    CHECK(bad[i].issuer, text_slice_starts_with(said, text_slice_of(bad[i].variable)));
    CHECK(bad[i].issuer, memchr(said.data, '\n', said.size - 1) == NULL); /* one problem */
  }
}

TEST(an_origin_alone_is_no_login) {
  text_buffer problems = buffer_of(2048);
  environment_reset();
  environment_set("UPLOAD_LOGIN_ORIGIN", "https://b.example.com");
  CHECK("refused", !config_read(&config, environment_lookup, large_arena(), &problems));
}

RUN_TESTS(cmocka_unit_test(a_login_is_kept_and_what_it_reaches),
          cmocka_unit_test(what_is_no_login_is_refused_by_name),
          cmocka_unit_test(an_origin_alone_is_no_login))
