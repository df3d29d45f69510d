/* Which proxy a URL is reached through. */
#include "environment.h"
#include "function/config/config_proxy.h"
#include "tests/unit/support.h"

#define S3 "https://my-bucket.s3.eu-west-1.amazonaws.com"

static const char *choose(config_proxy *proxy, const char *url, const char **variable) {
  return config_proxy_choose(proxy, environment_lookup, text_slice_of(url), variable,
                             large_arena());
}

static const struct {
  const char *name, *value, *url, *address, *authorization;
} chosen[] = {
    {"HTTPS_PROXY", "http://proxy.example.com:3128", S3, "proxy.example.com:3128", ""},
    {"https_proxy", " HTTP://Proxy.example.com:3128/ ", S3, "proxy.example.com:3128", ""},
    {"https_proxy", "proxy:3128", S3, "proxy:3128", ""},
    {"https_proxy", "http://10.1.2.3", S3, "10.1.2.3:80", ""},
    {"https_proxy", "http://[::1]", S3, "[::1]:80", ""},
    {"https_proxy", "http://[::1]:8080", S3, "[::1]:8080", ""},
    {"https_proxy", "http://proxy:80", S3, "proxy:80", ""},
    {"http_proxy", "http://proxy:3128", "http://store.example:9000", "proxy:3128", ""},
    /* user:, ann:secret, ann:a b+c@d and the two bytes FF 00 */
    {"https_proxy", "http://user@proxy:1", S3, "proxy:1", "Basic dXNlcjo="},
    {"https_proxy", "http://ann:secret@proxy:1", S3, "proxy:1", "Basic YW5uOnNlY3JldA=="},
    {"https_proxy", "ann:a%20b+c@d@proxy:1/", S3, "proxy:1", "Basic YW5uOmEgYitjQGQ="},
    {"https_proxy", "http://:%ff%00@proxy:1", S3, "proxy:1", "Basic Ov8A"},
    /* None. */
    {"HTTP_PROXY", "http://proxy:3128", "http://store.example:9000", "", ""},
    {"http_proxy", "http://proxy:3128", S3, "", ""},
    {"https_proxy", "http://proxy:3128", "http://store.example:9000", "", ""},
    {"all_proxy", "http://proxy:3128", S3, "", ""},
    {"https_proxy", "", S3, "", ""},
    {"https_proxy", "  ", S3, "", ""},
};

TEST(chooses_by_the_scheme) {
  for (size_t i = 0; i < COUNT(chosen); i++) {
    config_proxy proxy;
    const char *variable = NULL;
    environment_reset();
    environment_set(chosen[i].name, chosen[i].value);
    CHECK(chosen[i].value, choose(&proxy, chosen[i].url, &variable) == NULL);
    CHECK_TEXT(chosen[i].value, proxy.address, chosen[i].address);
    CHECK_TEXT(chosen[i].value, proxy.authorization, chosen[i].authorization);
    CHECK(chosen[i].value,
          proxy.address.data == NULL || proxy.address.data[proxy.address.size] == '\0');
  }
}

TEST(takes_the_lower_case_name_first) {
  config_proxy proxy;
  const char *variable = NULL;
  environment_reset();
  environment_set("https_proxy", "lower:1");
  environment_set("HTTPS_PROXY", "upper:1");
  environment_set("no_proxy", "other.example");
  environment_set("NO_PROXY", "*");
  CHECK("good", choose(&proxy, S3, &variable) == NULL);
  CHECK_TEXT("address", proxy.address, "lower:1");
  environment_set("https_proxy", "");
  environment_set("no_proxy", "");
  CHECK("good", choose(&proxy, S3, &variable) == NULL);
  CHECK_TEXT("NO_PROXY", proxy.address, "");
  environment_set("NO_PROXY", "");
  CHECK("good", choose(&proxy, S3, &variable) == NULL);
  CHECK_TEXT("address", proxy.address, "upper:1");
}

static const struct {
  const char *list, *url;
  bool direct;
} exempt[] = {
    {"*", S3, true},
    {"a.example, *", S3, true},
    {"my-bucket.s3.eu-west-1.amazonaws.com", S3, true},
    {"amazonaws.com", S3 ":443/key", true},
    {".amazonaws.com", S3, true},
    {"*.amazonaws.com", S3, true},
    {"a.example,,AMAZONAWS.COM", S3, true},
    {"zonaws.com", S3, false},
    {"s3.eu-west-1.amazonaws.com.example", S3, false},
    {"", S3, false},
    {",", S3, false},
    {".", S3, false},
    {"*.", S3, false},
    {"**", S3, false},
    {"amazonaws", S3, false},
    {"10.1.2.3", "https://10.1.2.3:9000/bucket", true},
    {"10.0.0.0/8", "https://10.1.2.3:9000/bucket", true},
    {"10.1.2.0/31", "https://10.1.2.1", true},
    {"10.1.2.0/31", "https://10.1.2.2", false},
    {"0.0.0.0/0", "https://10.1.2.2", true},
    {"10.1.2.2/32", "https://10.1.2.2", true},
    {"10.1.2.2/33", "https://10.1.2.2", false},
    {"10.1.2.2/", "https://10.1.2.2", false},
    {"/8", "https://10.1.2.2", false},
    {"10/8", "https://10.1.2.2", false},
    {"10.0.0.0/8", S3, false},
    {"1111.1111.1111.1111/8", "https://10.1.2.2", false},
    {"[::1]", "https://[::1]:9000/bucket", true},
    {"::1", "https://[::1]", true},
    {"::2", "https://[::1]", false},
};

TEST(leaves_out_the_hosts_of_no_proxy) {
  for (size_t i = 0; i < COUNT(exempt); i++) {
    config_proxy proxy;
    const char *variable = NULL;
    environment_reset();
    environment_set("https_proxy", "proxy:1");
    environment_set("NO_PROXY", exempt[i].list);
    CHECK(exempt[i].list, choose(&proxy, exempt[i].url, &variable) == NULL);
    CHECK(exempt[i].list, (proxy.address.size == 0) == exempt[i].direct);
  }
}

static const char *const bad[] = {
    "https://proxy:1",
    "socks5://proxy:1",
    "socks5h://user:pw@proxy:1",
    "http://",
    "http://proxy:0",
    "http://proxy:x",
    "http://proxy:65536",
    "http://user:pw@",
    "http://proxy:1/a",
    "http://pro xy:1",
    "http://proxy:1\r\nX: y",
    "http://proxy:1?a",
    "@",
    "://proxy",
    "http://http://proxy:1",
};

TEST(refuses_other_kinds) {
  for (size_t i = 0; i < COUNT(bad); i++) {
    config_proxy proxy;
    const char *variable = NULL;
    environment_reset();
    environment_set("HTTPS_PROXY", bad[i]);
    CHECK(bad[i], choose(&proxy, S3, &variable) != NULL);
    CHECK_TEXT(bad[i], text_slice_of(variable), "HTTPS_PROXY");
    CHECK_TEXT(bad[i], proxy.address, "");
    CHECK_TEXT(bad[i], proxy.authorization, "");
  }
}

TEST(a_variable_that_is_not_used_is_not_looked_at) {
  config_proxy proxy;
  const char *variable = NULL;
  environment_reset();
  environment_set("https_proxy", "socks5://proxy:1");
  environment_set("no_proxy", "amazonaws.com");
  CHECK("exempt", choose(&proxy, S3, &variable) == NULL);
  CHECK("of another scheme", choose(&proxy, "http://store.example", &variable) == NULL);
}

TEST(says_when_there_is_no_room) {
  char memory[16];
  config_proxy proxy;
  const char *variable = NULL;
  text_arena arena;
  environment_reset();
  environment_set("https_proxy", "http://ann:secret@proxy.example.com:3128");
  text_arena_init(&arena, memory, sizeof memory);
  CHECK("no room", config_proxy_choose(&proxy, environment_lookup, TEXT_LITERAL(S3), &variable,
                                       &arena) != NULL);
}

RUN_TESTS(cmocka_unit_test(chooses_by_the_scheme),
          cmocka_unit_test(takes_the_lower_case_name_first),
          cmocka_unit_test(leaves_out_the_hosts_of_no_proxy), cmocka_unit_test(refuses_other_kinds),
          cmocka_unit_test(a_variable_that_is_not_used_is_not_looked_at),
          cmocka_unit_test(says_when_there_is_no_room))
