#include "http/claims.h"

#include "tests/unit/support.h"

#define JWT_V2(claims) "{\"authorizer\":{\"jwt\":{\"claims\":" claims ",\"scopes\":null}}}"
#define JWT_V1(claims) "{\"authorizer\":{\"claims\":" claims "},\"identity\":{\"user\":\"eve\"}}"
#define IAM_V2                                                                        \
  "{\"authorizer\":{\"iam\":{\"accountId\":\"111122223333\",\"callerId\":\"AROA:a\"," \
  "\"userId\":\"AROA:b\",\"userArn\":\"arn:aws:sts::1:assumed-role/r/a\","            \
  "\"cognitoIdentity\":{\"identityId\":\"eu-west-1:1\"}}}}"
#define IAM_V1                                                                               \
  "{\"identity\":{\"accountId\":\"111122223333\",\"caller\":\"AROA:a\",\"user\":\"AROA:b\"," \
  "\"cognitoIdentityId\":\"eu-west-1:1\",\"userAgent\":\"x\",\"sourceIp\":\"192.0.2.1\"}}"

/* A null value: the caller has no such claim. */
static const struct {
  const char *context, *name, *value;
} rows[] = {
    {JWT_V2("{\"sub\":\"alice\"}"), "sub", "alice"},
    {JWT_V2("{\"sub\":\"alice\",\"custom:team\":\"red\"}"), "custom:team", "red"},
    {JWT_V2("{\"sub\":\"alice\"}"), "Sub", NULL},
    {JWT_V2("{\"sub\":\"alice\"}"), "su", NULL},
    {JWT_V2("{\"sub\":1}"), "sub", NULL},
    {JWT_V2("{\"sub\":[\"alice\"]}"), "sub", NULL},
    {JWT_V2("null"), "sub", NULL},
    {JWT_V1("{\"sub\":\"alice\"}"), "sub", "alice"},
    {JWT_V1("{\"sub\":\"alice\"}"), "userId", NULL},
    {IAM_V2, "accountId", "111122223333"},
    {IAM_V2, "callerId", "AROA:a"},
    {IAM_V2, "userId", "AROA:b"},
    {IAM_V2, "cognitoIdentityId", "eu-west-1:1"},
    {IAM_V2, "userArn", NULL},
    {IAM_V1, "accountId", "111122223333"},
    {IAM_V1, "callerId", "AROA:a"},
    {IAM_V1, "userId", "AROA:b"},
    {IAM_V1, "cognitoIdentityId", "eu-west-1:1"},
    /* What the client itself chooses is no claim. */
    {IAM_V1, "userAgent", NULL},
    {IAM_V1, "sourceIp", NULL},
    {"{\"identity\":{\"user\":null}}", "userId", NULL},
    {"{\"sub\":\"eve\",\"claims\":{\"sub\":\"eve\"},\"jwt\":{\"claims\":{\"sub\":\"eve\"}}}", "sub",
     NULL},
    {"[]", "sub", NULL},
};

TEST(a_claim_is_what_the_authorizer_found) {
  http_json_setup();
  for (size_t i = 0; i < COUNT(rows); i++) {
    const http_claims caller = {http_json_parse(guarded_string(rows[i].context), large_arena())};
    CHECK(rows[i].context, caller.context != NULL);
    const text_slice value = http_claims_get(&caller, guarded_string(rows[i].name));
    CHECK(rows[i].context, (value.data == NULL) == (rows[i].value == NULL));
    CHECK_TEXT(rows[i].context, value, rows[i].value);
  }
}

TEST(nobody_has_claims) {
  const http_claims nobody = {NULL};
  CHECK("sub", http_claims_get(&nobody, TEXT_LITERAL("sub")).data == NULL);
  CHECK("userId", http_claims_get(&nobody, TEXT_LITERAL("userId")).data == NULL);
}

RUN_TESTS(cmocka_unit_test(a_claim_is_what_the_authorizer_found),
          cmocka_unit_test(nobody_has_claims))
