#include "claims.h"

#include "text/json.h"

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

static const cJSON *find_iam(const cJSON *context, text_slice name) {
  const cJSON *iam = http_json_member(http_json_member(context, "authorizer"), "iam");
  const cJSON *identity = http_json_member(context, "identity");
  if (text_slice_equal(name, TEXT_LITERAL("cognitoIdentityId"))) {
    return cJSON_IsObject(iam)
               ? http_json_member(http_json_member(iam, "cognitoIdentity"), "identityId")
               : http_json_member(identity, "cognitoIdentityId");
  }
  for (size_t i = 0; i < sizeof iam_claims / sizeof iam_claims[0]; i++) {
    if (text_slice_equal(name, iam_claims[i].name)) {
      return cJSON_IsObject(iam) ? http_json_member(iam, iam_claims[i].v2_member)
                                 : http_json_member(identity, iam_claims[i].v1_member);
    }
  }
  return NULL;
}

/* Whether a member of a v1 event's authorizer is what a Lambda authorizer said, as text, number or
 * boolean. Without an authorizer there may be an object all the same, without members, with nulls,
 * or with these two: who the caller is, which nobody said then, and how long an authorizer took. */
static bool is_said_by_lambda(const cJSON *member) {
  const text_slice name = text_slice_of(member->string);
  if (text_slice_equal(name, TEXT_LITERAL("integrationLatency"))) {
    return false;
  }
  return text_slice_equal(name, TEXT_LITERAL("principalId"))
             ? http_json_text(member).size > 0
             : cJSON_IsString(member) || cJSON_IsNumber(member) || cJSON_IsBool(member);
}

static bool is_lambda_v1(const cJSON *authorizer) {
  const cJSON *member = NULL;
  cJSON_ArrayForEach(member, authorizer) {
    if (is_said_by_lambda(member)) {
      return true;
    }
  }
  return false;
}

/* The object whose members are the claims; null when IAM, or nobody, knows the caller. */
static const cJSON *claims_of(const cJSON *context) {
  const cJSON *authorizer = http_json_member(context, "authorizer");
  const cJSON *places[] = {http_json_member(http_json_member(authorizer, "jwt"), "claims"),
                           http_json_member(authorizer, "lambda"),
                           http_json_member(authorizer, "claims")};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    if (cJSON_IsObject(places[i])) {
      return places[i];
    }
  }
  return cJSON_IsObject(authorizer) && is_lambda_v1(authorizer) ? authorizer : NULL;
}

const cJSON *http_claims_find(const http_claims *caller, text_slice name) {
  const cJSON *claims = claims_of(caller->context);
  if (claims != NULL) {
    return member_of(claims, name);
  }
  const cJSON *iam = find_iam(caller->context, name);
  /* An authorizer may have said nothing but a list or a null, which tells nobody in, and is a limit
   * all the same. */
  return iam != NULL ? iam : member_of(http_json_member(caller->context, "authorizer"), name);
}

text_slice http_claims_get(const http_claims *caller, text_slice name) {
  return http_json_text(http_claims_find(caller, name));
}

bool http_claims_has(const http_claims *caller, text_slice name) {
  const cJSON *claim = http_claims_find(caller, name);
  return claim != NULL && !cJSON_IsNull(claim);
}

/* Appends a member to an object that begins at `start`. */
static void append_iam(text_buffer *json, size_t start, text_slice name, const cJSON *value) {
  const text_slice text = http_json_text(value);
  if (text.size > 0) {
    text_buffer_append_string(json, json->size > start + 1 ? "," : "");
    text_json_append_string(json, name);
    text_buffer_append_byte(json, ':');
    text_json_append_string(json, text);
  }
}

static void append_all_iam(text_buffer *json, const cJSON *context) {
  const text_slice identity_id = TEXT_LITERAL("cognitoIdentityId");
  const size_t start = json->size;
  text_buffer_append_byte(json, '{');
  for (size_t i = 0; i < sizeof iam_claims / sizeof iam_claims[0]; i++) {
    append_iam(json, start, iam_claims[i].name, find_iam(context, iam_claims[i].name));
  }
  append_iam(json, start, identity_id, find_iam(context, identity_id));
  text_buffer_append_byte(json, '}');
}

void http_claims_append_json(text_buffer *json, const http_claims *caller) {
  const cJSON *claims = claims_of(caller->context);
  if (claims != NULL) {
    http_json_append(json, claims);
  } else {
    append_all_iam(json, caller->context);
  }
}

bool http_claims_are_known(const http_claims *caller) {
  const cJSON *authorizer = http_json_member(caller->context, "authorizer");
  const cJSON *identity = http_json_member(caller->context, "identity");
  return claims_of(caller->context) != NULL ||
         cJSON_IsObject(http_json_member(authorizer, "iam")) ||
         /* Null from one that passes the caller and has nothing to say. */
         http_json_member(authorizer, "lambda") != NULL ||
         http_json_text(http_json_member(identity, "accountId")).size > 0;
}
