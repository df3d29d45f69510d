#include "s3/endpoint.h"

#include "tests/unit/support.h"

/* The origin and the path of a bucket at `options`; or the status. */
static s3_status find(const s3_endpoint_options *options, s3_endpoint *endpoint) {
  s3_endpoint_options copy = *options;
  copy.region = guarded(options->region);
  copy.bucket = guarded(options->bucket);
  return s3_endpoint_init(endpoint, &copy, large_arena());
}

/* The hosts are botocore's for the same region and flags. */
static const struct {
  const char *region;
  bool dualstack, fips;
  const char *host;
} aws_hosts[] = {
    {"us-east-1", false, false, "s3.us-east-1.amazonaws.com"},
    {"us-east-1", true, false, "s3.dualstack.us-east-1.amazonaws.com"},
    {"us-east-1", false, true, "s3-fips.us-east-1.amazonaws.com"},
    {"us-east-1", true, true, "s3-fips.dualstack.us-east-1.amazonaws.com"},
    {"eu-west-1", false, false, "s3.eu-west-1.amazonaws.com"},
    {"mx-central-1", false, false, "s3.mx-central-1.amazonaws.com"},
    {"a-region-to-come-1", false, false, "s3.a-region-to-come-1.amazonaws.com"},
    {"cn-north-1", false, false, "s3.cn-north-1.amazonaws.com.cn"},
    {"cn-northwest-1", true, false, "s3.dualstack.cn-northwest-1.amazonaws.com.cn"},
    {"us-gov-west-1", false, false, "s3.us-gov-west-1.amazonaws.com"},
    {"us-gov-east-1", true, true, "s3-fips.dualstack.us-gov-east-1.amazonaws.com"},
    {"us-iso-east-1", false, false, "s3.us-iso-east-1.c2s.ic.gov"},
    {"us-iso-east-1", false, true, "s3-fips.us-iso-east-1.c2s.ic.gov"},
    {"us-isob-east-1", false, false, "s3.us-isob-east-1.sc2s.sgov.gov"},
    {"us-isof-south-1", false, true, "s3-fips.us-isof-south-1.csp.hci.ic.gov"},
    {"eu-isoe-west-1", false, false, "s3.eu-isoe-west-1.cloud.adc-e.uk"},
    {"eusc-de-east-1", false, false, "s3.eusc-de-east-1.amazonaws.eu"},
    {"eusc-de-east-1", true, true, "s3-fips.dualstack.eusc-de-east-1.amazonaws.eu"},
};

TEST(knows_the_host_of_each_partition) {
  for (size_t i = 0; i < COUNT(aws_hosts); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = text_slice_of(aws_hosts[i].region),
                                         .bucket = TEXT_LITERAL("my-bucket"),
                                         .addressing = S3_ADDRESSING_PATH,
                                         .dualstack = aws_hosts[i].dualstack,
                                         .fips = aws_hosts[i].fips};
    CHECK_NUMBER(aws_hosts[i].host, find(&options, &endpoint), S3_OK);
    CHECK_TEXT(aws_hosts[i].host, endpoint.host, aws_hosts[i].host);
    CHECK_TEXT(aws_hosts[i].host, endpoint.path, "/my-bucket");
  }
}

static const struct {
  const char *region;
  bool dualstack;
  s3_addressing addressing;
  const char *host;
} edges[] = {
    {"us-east-1", false, S3_ADDRESSING_AUTO, "my-bucket.s3-accelerate.amazonaws.com"},
    {"eu-west-1", false, S3_ADDRESSING_VIRTUAL, "my-bucket.s3-accelerate.amazonaws.com"},
    {"eu-west-1", true, S3_ADDRESSING_AUTO, "my-bucket.s3-accelerate.dualstack.amazonaws.com"},
};

TEST(knows_the_edges_that_accelerate) {
  for (size_t i = 0; i < COUNT(edges); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = text_slice_of(edges[i].region),
                                         .bucket = TEXT_LITERAL("my-bucket"),
                                         .addressing = edges[i].addressing,
                                         .dualstack = edges[i].dualstack,
                                         .accelerate = true};
    CHECK_NUMBER(edges[i].host, find(&options, &endpoint), S3_OK);
    CHECK_TEXT(edges[i].host, endpoint.host, edges[i].host);
    CHECK_TEXT(edges[i].host, endpoint.path, "");
    CHECK_TEXT(edges[i].host, endpoint.region, edges[i].region);
  }
}

static const struct {
  const char *region, *bucket, *url;
  s3_addressing addressing;
  bool fips;
  s3_status status;
} not_accelerated[] = {
    {"cn-north-1", "my-bucket", "", S3_ADDRESSING_AUTO, false, S3_NO_ACCELERATION},
    {"us-gov-west-1", "my-bucket", "", S3_ADDRESSING_AUTO, false, S3_NO_ACCELERATION},
    {"eusc-de-east-1", "my-bucket", "", S3_ADDRESSING_AUTO, false, S3_NO_ACCELERATION},
    {"us-east-1", "my.bucket", "", S3_ADDRESSING_AUTO, false, S3_NO_ACCELERATION},
    {"us-east-1", "my.bucket", "", S3_ADDRESSING_VIRTUAL, false, S3_NO_ACCELERATION},
    {"us-east-1", "My_Bucket", "", S3_ADDRESSING_AUTO, false, S3_NO_ACCELERATION},
    {"us-east-1", "my-bucket", "", S3_ADDRESSING_PATH, false, S3_NO_ACCELERATION},
    {"us-east-1", "my-bucket", "", S3_ADDRESSING_AUTO, true, S3_NO_ACCELERATION},
    {"us-east-1", "p-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias", "", S3_ADDRESSING_AUTO, false,
     S3_NO_ACCELERATION},
    {"us-east-1", "arn:aws:s3:us-east-1:111122223333:accesspoint/p-1", "", S3_ADDRESSING_AUTO,
     false, S3_NO_ACCELERATION},
    {"us-east-1", "my-bucket", "https://example.com", S3_ADDRESSING_AUTO, false, S3_ONLY_ON_AWS},
};

TEST(refuses_to_accelerate_what_has_no_edge) {
  for (size_t i = 0; i < COUNT(not_accelerated); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = text_slice_of(not_accelerated[i].region),
                                         .bucket = text_slice_of(not_accelerated[i].bucket),
                                         .url = text_slice_of(not_accelerated[i].url),
                                         .addressing = not_accelerated[i].addressing,
                                         .fips = not_accelerated[i].fips,
                                         .accelerate = true};
    CHECK_NUMBER(not_accelerated[i].bucket, find(&options, &endpoint), not_accelerated[i].status);
  }
}

static const struct {
  const char *region;
  bool dualstack, fips;
  s3_status status;
} missing_hosts[] = {
    {"cn-north-1", false, true, S3_NO_FIPS},
    {"cn-north-1", true, true, S3_NO_FIPS},
    {"us-isof-south-1", true, false, S3_NO_DUALSTACK},
    {"eu-isoe-west-1", true, true, S3_NO_DUALSTACK},
};

TEST(refuses_an_endpoint_that_the_partition_does_not_have) {
  for (size_t i = 0; i < COUNT(missing_hosts); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = text_slice_of(missing_hosts[i].region),
                                         .bucket = TEXT_LITERAL("my-bucket"),
                                         .dualstack = missing_hosts[i].dualstack,
                                         .fips = missing_hosts[i].fips};
    CHECK_NUMBER(missing_hosts[i].region, find(&options, &endpoint), missing_hosts[i].status);
  }
}

static const struct {
  const char *name, *url, *bucket;
  s3_addressing addressing;
  const char *origin, *path;
} styles[] = {
    {"auto on AWS", "", "my-bucket", S3_ADDRESSING_AUTO,
     "https://my-bucket.s3.eu-west-1.amazonaws.com", ""},
    {"auto on AWS, a dot", "", "my.bucket", S3_ADDRESSING_AUTO,
     "https://s3.eu-west-1.amazonaws.com", "/my.bucket"},
    {"path on AWS", "", "my-bucket", S3_ADDRESSING_PATH, "https://s3.eu-west-1.amazonaws.com",
     "/my-bucket"},
    {"virtual on AWS", "", "my-bucket", S3_ADDRESSING_VIRTUAL,
     "https://my-bucket.s3.eu-west-1.amazonaws.com", ""},
    {"auto elsewhere", "http://localhost:9000", "my-bucket", S3_ADDRESSING_AUTO,
     "http://localhost:9000", "/my-bucket"},
    {"virtual elsewhere", "http://localhost:9000", "my-bucket", S3_ADDRESSING_VIRTUAL,
     "http://my-bucket.localhost:9000", ""},
    {"virtual elsewhere, a dot", "https://s3.example.com", "my.bucket", S3_ADDRESSING_VIRTUAL,
     "https://my.bucket.s3.example.com", ""},
    {"auto on AWS, an older name", "", "My_Bucket", S3_ADDRESSING_AUTO,
     "https://s3.eu-west-1.amazonaws.com", "/My_Bucket"},
    {"path on AWS, an older name", "", "My_Bucket", S3_ADDRESSING_PATH,
     "https://s3.eu-west-1.amazonaws.com", "/My_Bucket"},
    {"elsewhere, an older name", "http://localhost:9000", "Old..Name-", S3_ADDRESSING_AUTO,
     "http://localhost:9000", "/Old..Name-"},
    {"a base path", "https://example.com/s3/", "my-bucket", S3_ADDRESSING_AUTO,
     "https://example.com", "/s3/my-bucket"},
    {"a base path, virtual", "https://example.com/a/b", "my-bucket", S3_ADDRESSING_VIRTUAL,
     "https://my-bucket.example.com", "/a/b"},
    {"an address", "http://127.0.0.1:9000", "my-bucket", S3_ADDRESSING_AUTO,
     "http://127.0.0.1:9000", "/my-bucket"},
    {"an IPv6 address", "http://[::1]:9000/x", "my-bucket", S3_ADDRESSING_PATH, "http://[::1]:9000",
     "/x/my-bucket"},
    {"the scheme's own port", "https://example.com:443", "my-bucket", S3_ADDRESSING_AUTO,
     "https://example.com", "/my-bucket"},
};

TEST(puts_the_bucket_where_it_belongs) {
  for (size_t i = 0; i < COUNT(styles); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = TEXT_LITERAL("eu-west-1"),
                                         .bucket = text_slice_of(styles[i].bucket),
                                         .url = text_slice_of(styles[i].url),
                                         .addressing = styles[i].addressing};
    CHECK_NUMBER(styles[i].name, find(&options, &endpoint), S3_OK);
    CHECK_TEXT(styles[i].name, endpoint.origin, styles[i].origin);
    CHECK_TEXT(styles[i].name, endpoint.host, strstr(styles[i].origin, "//") + 2);
    CHECK_TEXT(styles[i].name, endpoint.path, styles[i].path);
  }
}

static const struct {
  const char *name, *url, *bucket;
  s3_addressing addressing;
  bool dualstack, fips;
  s3_status status;
} refused[] = {
    {"virtual on an address", "http://127.0.0.1", "my-bucket", S3_ADDRESSING_VIRTUAL, false, false,
     S3_NO_VIRTUAL_HOST},
    {"virtual on an IPv6 address", "http://[::1]", "my-bucket", S3_ADDRESSING_VIRTUAL, false, false,
     S3_NO_VIRTUAL_HOST},
    {"virtual on AWS, a dot", "", "my.bucket", S3_ADDRESSING_VIRTUAL, false, false,
     S3_NO_VIRTUAL_HOST},
    {"dual-stack elsewhere", "https://example.com", "my-bucket", S3_ADDRESSING_AUTO, true, false,
     S3_ONLY_ON_AWS},
    {"FIPS elsewhere", "https://example.com", "my-bucket", S3_ADDRESSING_AUTO, false, true,
     S3_ONLY_ON_AWS},
    {"no URL", "example.com", "my-bucket", S3_ADDRESSING_AUTO, false, false, S3_BAD_ENDPOINT},
    {"a bad bucket", "", "My/Bucket", S3_ADDRESSING_AUTO, false, false, S3_BAD_BUCKET},
    {"virtual on AWS, an older name", "", "My_Bucket", S3_ADDRESSING_VIRTUAL, false, false,
     S3_NO_VIRTUAL_HOST},
    {"virtual elsewhere, an older name", "https://s3.example.com", "my_bucket",
     S3_ADDRESSING_VIRTUAL, false, false, S3_NO_VIRTUAL_HOST},
};

TEST(refuses_what_can_not_go_together) {
  for (size_t i = 0; i < COUNT(refused); i++) {
    s3_endpoint endpoint;
    const s3_endpoint_options options = {.region = TEXT_LITERAL("eu-west-1"),
                                         .bucket = text_slice_of(refused[i].bucket),
                                         .url = text_slice_of(refused[i].url),
                                         .addressing = refused[i].addressing,
                                         .dualstack = refused[i].dualstack,
                                         .fips = refused[i].fips};
    CHECK_NUMBER(refused[i].name, find(&options, &endpoint), refused[i].status);
  }
}

TEST(refuses_a_bad_region_even_of_another_store) {
  s3_endpoint endpoint;
  const s3_endpoint_options options = {.region = TEXT_LITERAL("EU"),
                                       .bucket = TEXT_LITERAL("my-bucket"),
                                       .url = TEXT_LITERAL("http://localhost")};
  CHECK_NUMBER("upper case", find(&options, &endpoint), S3_BAD_REGION);
}

TEST(says_so_when_there_is_no_room) {
  const s3_endpoint_options options = {.region = TEXT_LITERAL("eu-west-1"),
                                       .bucket = TEXT_LITERAL("my-bucket"),
                                       .url = TEXT_LITERAL("http://localhost:9000/base")};
  s3_endpoint endpoint;
  size_t size = 0;
  s3_status status = S3_NO_ROOM;
  while (status != S3_OK && size < 1024) {
    CHECK_NUMBER("status", status, S3_NO_ROOM);
    size += 16;
    status = s3_endpoint_init(&endpoint, &options, arena_of(size));
  }
  CHECK_NUMBER("with room", status, S3_OK);
  CHECK("not at once", size > 16);
}

RUN_TESTS(cmocka_unit_test(knows_the_edges_that_accelerate),
          cmocka_unit_test(refuses_to_accelerate_what_has_no_edge),
          cmocka_unit_test(knows_the_host_of_each_partition),
          cmocka_unit_test(refuses_an_endpoint_that_the_partition_does_not_have),
          cmocka_unit_test(puts_the_bucket_where_it_belongs),
          cmocka_unit_test(refuses_what_can_not_go_together),
          cmocka_unit_test(refuses_a_bad_region_even_of_another_store),
          cmocka_unit_test(says_so_when_there_is_no_room))
