#include "s3/endpoint_url.h"

#include "tests/unit/support.h"

static const struct {
  const char *url, *scheme, *host, *path;
  bool is_address;
} accepted[] = {
    {"https://example.com", "https://", "example.com", "", false},
    {"http://localhost", "http://", "localhost", "", false},
    {"HTTP://Example.COM", "http://", "example.com", "", false},
    {"http://my_minio:9000", "http://", "my_minio:9000", "", false},
    {"https://example.com/", "https://", "example.com", "", false},
    {"https://example.com///", "https://", "example.com", "", false},
    {"https://example.com/a/b-c._~/", "https://", "example.com", "/a/b-c._~", false},
    {"https://example.com/...", "https://", "example.com", "/...", false},
    {"http://example.com:80", "http://", "example.com", "", false},
    {"http://example.com:443", "http://", "example.com:443", "", false},
    {"https://example.com:443/x", "https://", "example.com", "/x", false},
    {"https://example.com:80", "https://", "example.com:80", "", false},
    {"http://example.com:65535", "http://", "example.com:65535", "", false},
    {"http://example.com:09000", "http://", "example.com:9000", "", false},
    {"http://127.0.0.1:9000", "http://", "127.0.0.1:9000", "", true},
    {"http://10.0.0.255", "http://", "10.0.0.255", "", true},
    {"http://[::1]", "http://", "[::1]", "", true},
    {"http://[::1]:9000/a", "http://", "[::1]:9000", "/a", true},
    {"http://[0:0:0:0:0:0:0:1]", "http://", "[::1]", "", true},
    {"http://[2001:DB8::00A]:80", "http://", "[2001:db8::a]", "", true},
};

TEST(takes_a_url_apart_as_browsers_write_it) {
  for (size_t i = 0; i < COUNT(accepted); i++) {
    s3_endpoint_url url;
    CHECK(accepted[i].url,
          s3_endpoint_url_parse(&url, guarded_string(accepted[i].url), large_arena()));
    CHECK_TEXT(accepted[i].url, url.scheme, accepted[i].scheme);
    CHECK_TEXT(accepted[i].url, url.host, accepted[i].host);
    CHECK_TEXT(accepted[i].url, url.path, accepted[i].path);
    CHECK_NUMBER(accepted[i].url, url.is_address, accepted[i].is_address);
  }
}

static const char *const refused[] = {
    "",
    "example.com",
    "//example.com",
    "ftp://example.com",
    "https:example.com",
    "https:/example.com",
    "https://",
    "https:///",
    "https:///path",
    " https://example.com",
    "https://example.com ",
    "https://exam ple.com",
    "https://user@example.com",
    "https://user:password@example.com",
    "https://example.com?a=b",
    "https://example.com/?a=b",
    "https://example.com/a?b",
    "https://example.com#a",
    "https://example.com/#a",
    "https://example.com\\a",
    "https://example.com/a\\b",
    "https://example.com/a%20b",
    "https://example.com/a b",
    "https://example.com/a+b",
    "https://example.com/\xC3\xA9",
    "https://\xC3\xA9xample.com",
    "https://example.com/.",
    "https://example.com/..",
    "https://example.com/a/../b",
    "https://example.com/./a",
    "https://example.com/a//b",
    "https://example.com//a",
    "https://example.com:",
    "https://example.com:0",
    "https://example.com:65536",
    "https://example.com:99999999999999999999",
    "https://example.com:-1",
    "https://example.com:80a",
    "https://example.com:80:80",
    "https://:9000",
    "https://a..b",
    "https://.a",
    "https://...",
    "https://127.1",
    "https://2130706433",
    "https://0x7f.0.0.1",
    "https://0x7f000001",
    "https://010.0.0.1",
    "https://256.0.0.1",
    "https://1.2.3.4.5",
    "https://1.2.3",
    "https://a.1",
    "https://a.0x1",
    "https://::1",
    "https://[::1",
    "https://::1]",
    "https://[]",
    "https://[",
    "https://]",
    "https://[aaaa]",
    "https://[....]",
    "https://[::1]]",
    "https://[[::1]",
    "https://[::1]a",
    "https://[::1]:",
    "https://[::1]:0",
    "https://[::ffff:1.2.3.4]",
    "https://[::1%25eth0]",
    "https://[127.0.0.1]",
    "https://[1:2:3:4:5:6:7:8:9]",
    "https://*.example.com",
    "https://[11111111111111111111111111111111111111111111111111]",
};

TEST(refuses_what_can_not_be_signed_as_it_is_sent) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    s3_endpoint_url url;
    CHECK(refused[i], !s3_endpoint_url_parse(&url, guarded_string(refused[i]), large_arena()));
  }
}

TEST(refuses_a_nul) {
  s3_endpoint_url url;
  CHECK("host", !s3_endpoint_url_parse(&url, guarded(TEXT_LITERAL("http://a\0b")), large_arena()));
  CHECK("address",
        !s3_endpoint_url_parse(&url, guarded(TEXT_LITERAL("http://1.2.3.4\0b")), large_arena()));
  CHECK("path", !s3_endpoint_url_parse(&url, guarded(TEXT_LITERAL("http://a/\0b")), large_arena()));
}

TEST(refuses_a_host_without_room) {
  s3_endpoint_url url;
  CHECK("17 of 16",
        !s3_endpoint_url_parse(&url, TEXT_LITERAL("http://12345678901.com:99"), arena_of(16)));
}

RUN_TESTS(cmocka_unit_test(takes_a_url_apart_as_browsers_write_it),
          cmocka_unit_test(refuses_what_can_not_be_signed_as_it_is_sent),
          cmocka_unit_test(refuses_a_nul), cmocka_unit_test(refuses_a_host_without_room))
