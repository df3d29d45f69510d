#include "s3/access_point.h"

#include "tests/unit/support.h"

#define ARN(region, account, resource) "arn:aws:s3:" region ":" account ":" resource
#define ACCOUNT "111122223333"

static const struct {
  const char *arn;
  s3_status status;
} rows[] = {
    {ARN("eu-west-1", ACCOUNT, "accesspoint/p-1"), S3_OK},
    {ARN("eu-west-1", ACCOUNT, "accesspoint:p-1"), S3_OK},
    {ARN("", ACCOUNT, "accesspoint/x.mrap"), S3_NO_MULTI_REGION},
    {"arn:aws:s3-outposts:eu-west-1:" ACCOUNT ":outpost/op-1/accesspoint/p", S3_NO_OUTPOSTS},
    {"arn:aws:s3-object-lambda:eu-west-1:" ACCOUNT ":accesspoint/p", S3_NO_OBJECT_LAMBDA},
    {"arn:aws:s3express:eu-west-1:" ACCOUNT ":bucket/b", S3_NO_EXPRESS},
    {"arn:aws:sqs:eu-west-1:" ACCOUNT ":queue", S3_BAD_ARN},
    {ARN("", "", "my-bucket"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint/"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint/a/b"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint/a.b.c"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint/P"), S3_BAD_ARN},
    {ARN("eu-west-1", ACCOUNT, "accesspoint-p"), S3_BAD_ARN},
    {ARN("eu-west-1", "11112222333", "accesspoint/p-1"), S3_BAD_ARN},
    {ARN("eu-west-1", "11112222333x", "accesspoint/p-1"), S3_BAD_ARN},
    {ARN("eu/west", ACCOUNT, "accesspoint/p-1"), S3_BAD_ARN},
    {"arn:", S3_BAD_ARN},
    {"arn:aws:s3:eu-west-1", S3_BAD_ARN},
};

TEST(an_arn_is_of_an_access_point_of_one_region) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    s3_access_point point;
    CHECK(rows[i].arn, s3_access_point_is_arn(guarded_string(rows[i].arn)));
    CHECK_NUMBER(rows[i].arn, s3_access_point_parse(&point, guarded_string(rows[i].arn)),
                 rows[i].status);
  }
}

TEST(an_arn_is_taken_apart) {
  s3_access_point point;
  const text_slice arn = guarded_string("arn:aws-cn:s3:cn-north-1:" ACCOUNT ":accesspoint/p-1");
  CHECK_NUMBER("status", s3_access_point_parse(&point, arn), S3_OK);
  CHECK_TEXT("partition", point.partition, "aws-cn");
  CHECK_TEXT("region", point.region, "cn-north-1");
  CHECK_TEXT("account", point.account, ACCOUNT);
  CHECK_TEXT("name", point.name, "p-1");
}

static const struct {
  const char *bucket;
  s3_status status;
} names[] = {
    {"my-bucket", S3_OK},
    {"p-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias", S3_OK},
    {"x.mrap", S3_NO_MULTI_REGION},
    {"b--use1-az4--x-s3", S3_NO_EXPRESS},
    {"p--use1-az4--xa-s3", S3_NO_EXPRESS},
    {"p-o01--op-s3", S3_NO_OUTPOSTS},
    {"p-1a4--ol-s3", S3_NO_OBJECT_LAMBDA},
};

TEST(a_names_end_tells_its_kind) {
  for (size_t i = 0; i < COUNT(names); i++) {
    CHECK(names[i].bucket, !s3_access_point_is_arn(guarded_string(names[i].bucket)));
    CHECK_NUMBER(names[i].bucket, s3_access_point_check_name(guarded_string(names[i].bucket)),
                 names[i].status);
  }
}

RUN_TESTS(cmocka_unit_test(an_arn_is_of_an_access_point_of_one_region),
          cmocka_unit_test(an_arn_is_taken_apart), cmocka_unit_test(a_names_end_tells_its_kind))
