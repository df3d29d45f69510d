#include "claims.h"

/* A member of an object by a name that is not NUL-terminated. */
static const cJSON *member_of(const cJSON *object, text_slice name) {
  const cJSON *member = NULL;
  cJSON_ArrayForEach(member, object) {
    if (member->string != NULL && text_slice_equal(text_slice_of(member->string), name)) {
      break;
    }
  }
  return member;
}

/* What IAM authorization tells, by one name for both kinds of API. Nothing else of `identity` may
 * be here: the client itself chooses its userAgent. */
static const struct iam_claim {
  text_slice name;
  const char *v2_member;
  const char *v1_member;
} iam_claims[] = {
    {TEXT_INITIALIZER("accountId"), "accountId", "accountId"},
    {TEXT_INITIALIZER("callerId"), "callerId", "caller"},
    {TEXT_INITIALIZER("userId"), "userId", "user"},
};

static text_slice get_iam(const cJSON *context, text_slice name) {
  const cJSON *iam = http_json_member(http_json_member(context, "authorizer"), "iam");
  const cJSON *identity = http_json_member(context, "identity");
  if (text_slice_equal(name, TEXT_LITERAL("cognitoIdentityId"))) {
    return cJSON_IsObject(iam) ? http_json_text(http_json_member(
                                     http_json_member(iam, "cognitoIdentity"), "identityId"))
                               : http_json_text(http_json_member(identity, "cognitoIdentityId"));
  }
  for (size_t i = 0; i < sizeof iam_claims / sizeof iam_claims[0]; i++) {
    if (text_slice_equal(name, iam_claims[i].name)) {
      return cJSON_IsObject(iam)
                 ? http_json_text(http_json_member(iam, iam_claims[i].v2_member))
                 : http_json_text(http_json_member(identity, iam_claims[i].v1_member));
    }
  }
  return (text_slice){NULL, 0};
}

text_slice http_claims_get(const http_claims *caller, text_slice name) {
  const cJSON *authorizer = http_json_member(caller->context, "authorizer");
  const cJSON *claims = http_json_member(http_json_member(authorizer, "jwt"), "claims");
  if (!cJSON_IsObject(claims)) {
    claims = http_json_member(authorizer, "claims");
  }
  return cJSON_IsObject(claims) ? http_json_text(member_of(claims, name))
                                : get_iam(caller->context, name);
}
