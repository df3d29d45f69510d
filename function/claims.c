#include "claims.h"

#include <string.h>

#include "runtime/text/ascii.h"
#include "runtime/text/utf8.h"

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
  const cJSON *iam = json_member(json_member(context, "authorizer"), "iam");
  const cJSON *identity = json_member(context, "identity");
  if (text_slice_equal(name, TEXT_LITERAL("cognitoIdentityId"))) {
    return cJSON_IsObject(iam)
               ? json_text(json_member(json_member(iam, "cognitoIdentity"), "identityId"))
               : json_text(json_member(identity, "cognitoIdentityId"));
  }
  for (size_t i = 0; i < sizeof iam_claims / sizeof iam_claims[0]; i++) {
    if (text_slice_equal(name, iam_claims[i].name)) {
      return cJSON_IsObject(iam) ? json_text(json_member(iam, iam_claims[i].v2_member))
                                 : json_text(json_member(identity, iam_claims[i].v1_member));
    }
  }
  return (text_slice){NULL, 0};
}

text_slice claims_get(const caller_claims *caller, text_slice name) {
  const cJSON *authorizer = json_member(caller->context, "authorizer");
  const cJSON *claims = json_member(json_member(authorizer, "jwt"), "claims");
  if (!cJSON_IsObject(claims)) {
    claims = json_member(authorizer, "claims");
  }
  return cJSON_IsObject(claims) ? json_text(member_of(claims, name))
                                : get_iam(caller->context, name);
}

const char *claims_value_problem(text_slice value) {
  if (value.size == 0 || value.size > CLAIM_VALUE_MAX_BYTES) {
    return "must have 1 to 256 bytes";
  }
  if (!utf8_is_clean(value)) {
    return "must be UTF-8 without control characters";
  }
  if (memchr(value.data, '/', value.size) != NULL || memchr(value.data, '\\', value.size) != NULL) {
    return "must not have a slash or a backslash";
  }
  if (text_slice_equal(value, TEXT_LITERAL(".")) || text_slice_equal(value, TEXT_LITERAL(".."))) {
    return "must not be '.' or '..'";
  }
  return NULL;
}

bool claims_name_is_valid(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!ascii_is_alnum(c) && c != '-' && c != '.' && c != '_' && c != ':') {
      return false;
    }
  }
  return name.size > 0 && name.size <= CLAIM_NAME_MAX_BYTES;
}
