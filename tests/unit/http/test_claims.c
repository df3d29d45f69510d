#include "http/claims.h"

#include <stdio.h>

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

#define LAMBDA_V2(context) "{\"authorizer\":{\"lambda\":" context "}}"
#define LAMBDA_V1(context)    \
  "{\"authorizer\":{" context \
  "\"integrationLatency\":3},\"identity\":{\"user\":null,\"accountId\":null}}"

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
    {LAMBDA_V2("{\"tenant\":\"red\",\"sub\":\"alice\"}"), "tenant", "red"},
    {LAMBDA_V2("{\"tenant\":\"red\"}"), "sub", NULL},
    {LAMBDA_V2("{\"tenant\":42}"), "tenant", NULL},
    {LAMBDA_V2("{\"tenant\":true}"), "tenant", NULL},
    {LAMBDA_V2("{\"tenant\":[\"red\"]}"), "tenant", NULL},
    {LAMBDA_V2("{\"tenant\":{\"sub\":\"red\"}}"), "sub", NULL},
    {LAMBDA_V2("null"), "tenant", NULL},
    {LAMBDA_V1("\"principalId\":\"alice\",\"tenant\":\"42\","), "principalId", "alice"},
    {LAMBDA_V1("\"principalId\":\"alice\",\"tenant\":\"42\","), "tenant", "42"},
    {LAMBDA_V1("\"principalId\":\"alice\","), "integrationLatency", NULL},
    {LAMBDA_V1("\"principalId\":\"alice\","), "userId", NULL},
    /* Where a token tells, nothing beside it does. */
    {"{\"authorizer\":{\"claims\":{\"sub\":\"alice\"},\"principalId\":\"eve\"}}", "principalId",
     NULL},
    {"{\"principalId\":\"eve\",\"lambda\":{\"principalId\":\"eve\"}}", "principalId", NULL},
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

/* Whatever an authorizer said is found, also where it lets nobody in. */
static const struct {
  const char *context, *name;
  bool found;
} finds[] = {
    {"{\"authorizer\":{\"limit\":[1]}}", "limit", true},
    {"{\"authorizer\":{\"limit\":null}}", "limit", true},
    {"{\"authorizer\":{\"limit\":{}}}", "limit", true},
    {LAMBDA_V2("{\"limit\":null}"), "limit", true},
    {JWT_V2("{\"sub\":\"alice\"}"), "limit", false},
    {"{\"authorizer\":{\"claims\":{},\"limit\":1}}", "limit", false},
    {IAM_V2, "limit", false},
    {"{\"limit\":1,\"identity\":{\"limit\":1}}", "limit", false},
    {"{\"authorizer\":null,\"limit\":1}", "limit", false},
};

TEST(a_claim_of_any_type_is_found) {
  http_json_setup();
  for (size_t i = 0; i < COUNT(finds); i++) {
    const http_claims caller = {http_json_parse(guarded_string(finds[i].context), large_arena())};
    const cJSON *claim = http_claims_find(&caller, guarded_string(finds[i].name));
    CHECK(finds[i].context, (claim != NULL) == finds[i].found);
  }
}

/* What each kind of authorizer, and none, leaves in an event. */
static const struct {
  const char *context;
  bool known;
} callers[] = {
    {JWT_V2("{\"sub\":\"alice\"}"), true},
    {JWT_V1("{\"sub\":\"alice\"}"), true},
    {LAMBDA_V2("{\"tenant\":\"red\"}"), true},
    {LAMBDA_V2("{}"), true},
    {LAMBDA_V2("null"), true},
    {LAMBDA_V1("\"principalId\":\"alice\","), true},
    {"{\"authorizer\":{\"tenant\":42}}", true},
    {"{\"authorizer\":{\"admin\":false}}", true},
    {IAM_V2, true},
    {IAM_V1, true},
    {"{}", false},
    {"[]", false},
    {"null", false},
    {"{\"elb\":{\"targetGroupArn\":\"a\"}}", false},
    {"{\"authorizer\":null}", false},
    {"{\"authorizer\":{}}", false},
    {"{\"authorizer\":\"lambda\"}", false},
    {"{\"authorizer\":{\"claims\":null,\"scopes\":null}}", false},
    {"{\"authorizer\":{\"principalId\":\"\",\"integrationLatency\":0}}", false},
    {"{\"authorizer\":{\"jwt\":null}}", false},
    {"{\"authorizer\":{\"iam\":null}}", false},
    {"{\"accountId\":\"1\",\"identity\":{\"accountId\":null,\"userAgent\":\"eve\",\"apiKey\":\"x\"}"
     "}",
     false},
    {"{\"jwt\":{\"claims\":{}},\"lambda\":{},\"iam\":{},\"principalId\":\"eve\"}", false},
};

TEST(a_caller_is_known_whom_an_authorizer_let_in) {
  http_json_setup();
  for (size_t i = 0; i < COUNT(callers); i++) {
    const http_claims caller = {http_json_parse(guarded_string(callers[i].context), large_arena())};
    CHECK_NUMBER(callers[i].context, http_claims_are_known(&caller), callers[i].known);
  }
}

TEST(a_claim_may_be_there_and_be_no_text) {
  static const char *const values[] = {"1", "true", "[]", "{}", "\"\"", "\"a\""};
  http_json_setup();
  for (size_t i = 0; i < COUNT(values); i++) {
    char context[64];
    (void)snprintf(context, sizeof context, LAMBDA_V2("{\"a\":%s}"), values[i]);
    const http_claims caller = {http_json_parse(guarded_string(context), large_arena())};
    CHECK(values[i], http_claims_has(&caller, TEXT_LITERAL("a")));
    CHECK(values[i], !http_claims_has(&caller, TEXT_LITERAL("b")));
  }
  const http_claims null = {
      http_json_parse(guarded_string(LAMBDA_V2("{\"a\":null}")), large_arena())};
  CHECK("null", !http_claims_has(&null, TEXT_LITERAL("a")));
}

TEST(nobody_has_claims) {
  const http_claims nobody = {NULL};
  CHECK("known", !http_claims_are_known(&nobody));
  CHECK("has", !http_claims_has(&nobody, TEXT_LITERAL("sub")));
  CHECK("sub", http_claims_get(&nobody, TEXT_LITERAL("sub")).data == NULL);
  CHECK("userId", http_claims_get(&nobody, TEXT_LITERAL("userId")).data == NULL);
}

static const struct {
  const char *context, *json;
} told[] = {
    {"{\"authorizer\":{\"jwt\":{\"claims\":{\"sub\":\"ann\",\"n\":\"1\"},\"scopes\":null}}}",
     "{\"sub\":\"ann\",\"n\":\"1\"}"},
    {LAMBDA_V2("{\"sub\":\"ann\",\"roles\":[\"a\"],\"n\":1.5}"),
     "{\"sub\":\"ann\",\"roles\":[\"a\"],\"n\":1.5}"},
    {"{\"authorizer\":{\"iam\":{\"accountId\":\"1\",\"userId\":\"AIDA:x\",\"accessKey\":\"AK\","
     "\"cognitoIdentity\":{\"identityId\":\"eu:1\"}}}}",
     "{\"accountId\":\"1\",\"userId\":\"AIDA:x\",\"cognitoIdentityId\":\"eu:1\"}"},
    {"{\"authorizer\":{\"lambda\":null}}", "{}"},
};

TEST(all_claims_are_told_as_one_object) {
  http_json_setup();
  for (size_t i = 0; i < COUNT(told); i++) {
    const http_claims caller = {http_json_parse(guarded_string(told[i].context), large_arena())};
    text_buffer json = buffer_of(256);
    text_buffer_append_byte(&json, '=');
    http_claims_append_json(&json, &caller);
    CHECK_TEXT(told[i].context, text_slice_from(text_buffer_slice(&json), 1), told[i].json);
  }
}

RUN_TESTS(cmocka_unit_test(all_claims_are_told_as_one_object),
          cmocka_unit_test(a_claim_is_what_the_authorizer_found),
          cmocka_unit_test(a_claim_of_any_type_is_found),
          cmocka_unit_test(a_caller_is_known_whom_an_authorizer_let_in),
          cmocka_unit_test(a_claim_may_be_there_and_be_no_text),
          cmocka_unit_test(nobody_has_claims))
