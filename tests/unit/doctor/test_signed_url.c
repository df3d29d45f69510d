#include "doctor/shared/signed_url.h"

#include "tests/unit/support.h"

#define SIGNATURE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define QUERY                                                                          \
  "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261124%2Feu-west-1%2Fs3" \
  "%2Faws4_request&X-Amz-Date=20261124T120000Z&X-Amz-Expires=300"                      \
  "&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Security-Token=a%2Fb%2B%3D"
#define URL "https://b.s3.eu-west-1.amazonaws.com/a/k.txt?" QUERY "&X-Amz-Signature=" SIGNATURE

static signed_url url;

static bool read_text(const char *text) {
  return signed_url_read(&url, guarded_string(text), large_arena());
}

TEST(reads_what_was_signed) {
  int64_t begin = 0;
  int64_t end = 0;
  CHECK("read", read_text(URL));
  CHECK_TEXT("host", url.host, "b.s3.eu-west-1.amazonaws.com");
  CHECK_TEXT("path", url.path, "/a/k.txt");
  CHECK_TEXT("id", url.access_key_id, "AKIA");
  CHECK_TEXT("date", url.date, "20261124");
  CHECK_TEXT("region", url.region, "eu-west-1");
  CHECK_TEXT("names", url.signed_names, "content-type;host");
  CHECK_TEXT("token", url.token, "a/b+=");
  CHECK_TEXT("raw token", url.raw_token, "a%2Fb%2B%3D");
  CHECK_TEXT("signature", url.signature, SIGNATURE);
  CHECK_NUMBER("parameters without the signature", url.query_count, 6);
  CHECK("whole", signed_url_is_whole(&url));
  CHECK("ends", signed_url_end(&url, &begin, &end));
  CHECK_NUMBER("begin", begin, 1795521600);
  CHECK_NUMBER("end", end, begin + 300);
}

static const struct {
  const char *url, *path;
} paths[] = {
    {"https://h", "/"},
    {"https://h/", "/"},
    {"https://h/a%20b", "/a%20b"},
    {"https://h/a b", "/a%20b"},
    {"https://h/a+b", "/a%2Bb"},
    {"https://h/a%2520b", "/a%2520b"},
    {"https://h/a%2fb", "/a/b"},
    {"https://h/%c3%a9", "/%C3%A9"},
    {"https://h/a%", "/a%25"},
    {"https://h/a?b/c", "/a"},
    {"https://h/a#b?c", "/a"},
    {" \"https://h/a\"\n", "/a"},
};

TEST(reads_a_path_as_s3_does) {
  for (size_t i = 0; i < COUNT(paths); i++) {
    CHECK(paths[i].url, read_text(paths[i].url));
    CHECK_TEXT(paths[i].url, url.path, paths[i].path);
  }
}

static const struct {
  const char *name, *url;
} incomplete[] = {
    {"unsigned", "https://h/k"},
    {"without a signature", "https://h/k?" QUERY},
    {"a short signature", "https://h/k?" QUERY "&X-Amz-Signature=0123"},
    {"a long signature", "https://h/k?" QUERY "&X-Amz-Signature=" SIGNATURE "0"},
    {"upper case",
     "https://h/k?" QUERY
     "&X-Amz-Signature=A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    {"a signature alone", "https://h/k?X-Amz-Signature=" SIGNATURE},
};

TEST(knows_a_url_that_was_cut) {
  for (size_t i = 0; i < COUNT(incomplete); i++) {
    CHECK(incomplete[i].name, read_text(incomplete[i].url));
    CHECK(incomplete[i].name, !signed_url_is_whole(&url));
  }
}

TEST(knows_a_url_out_of_html) {
  CHECK("read", read_text("https://h/k?X-Amz-Date=d&amp;X-Amz-Signature=" SIGNATURE));
  CHECK("html", url.was_html);
  CHECK_TEXT("date", url.time, "d");
  CHECK("plain", read_text(URL) && !url.was_html);
}

TEST(knows_the_older_signature) {
  CHECK("read", read_text("https://h/k?AWSAccessKeyId=AKIA&Expires=1&Signature=x"));
  CHECK("version 2", url.is_version_2);
}

static const char *const refused[] = {
    "",
    "k?X-Amz-Date=d",
    "ftp://h/k",
    "https://",
    "https://user@h/k",
    "https://h/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20&21&22&23",
};

TEST(refuses_what_is_no_url) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    CHECK(refused[i], !read_text(refused[i]));
  }
}

RUN_TESTS(cmocka_unit_test(reads_what_was_signed), cmocka_unit_test(reads_a_path_as_s3_does),
          cmocka_unit_test(knows_a_url_that_was_cut), cmocka_unit_test(knows_a_url_out_of_html),
          cmocka_unit_test(knows_the_older_signature), cmocka_unit_test(refuses_what_is_no_url))
