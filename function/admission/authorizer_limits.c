#include "authorizer_limits.h"

#include "function/config/config_profiles.h"
#include "function/config/config_values.h"
#include "narrowing.h"

static const char profiles_claim[] = "uploadProfiles";

static const cJSON *find(const http_claims *caller, const char *claim) {
  return http_claims_find(caller, text_slice_of(claim));
}

bool authorizer_limits_are_said(const http_claims *caller) {
  if (http_json_member(caller->context, "authorizer") == NULL) {
    return false;
  }
  bool are_said = find(caller, profiles_claim) != NULL;
  for (size_t i = 0; i < NARROWINGS; i++) {
    are_said |= find(caller, narrowings[i].claim) != NULL;
  }
  return are_said;
}

static http_error no_meaning(text_arena *arena) {
  return http_error_make(arena, 500, "AuthorizerInvalid",
                         "what the authorizer says of this caller has no meaning: the function's "
                         "log names it");
}

static bool is_listed(text_slice list, text_slice profile) {
  text_slice name;
  while (text_slice_split(&list, ',', &name)) {
    if (text_slice_equal(text_slice_trim(name), profile)) {
      return true;
    }
  }
  return false;
}

static http_error check_profile(const upload_rules *rules, const cJSON *profiles,
                                text_arena *arena) {
  const text_slice list = narrowing_list(profiles, arena);
  if (list.size == 0 || !value_is_list(list, config_profile_is_name)) {
    return no_meaning(arena);
  }
  return rules->profile.size > 0 && is_listed(list, rules->profile)
             ? (http_error){0}
             : http_error_make(arena, 403, "ProfileNotAllowed",
                               "the authorizer does not let this caller use this profile");
}

http_error authorizer_limits_apply(upload_rules *rules, const http_claims *caller,
                                   const char **claim, text_arena *arena) {
  for (size_t i = 0; i < NARROWINGS; i++) {
    const cJSON *limit = find(caller, narrowings[i].claim);
    if (limit != NULL && !narrowings[i].narrow(rules, limit, arena)) {
      *claim = narrowings[i].claim;
      return no_meaning(arena);
    }
  }
  const cJSON *profiles = find(caller, profiles_claim);
  *claim = profiles_claim;
  return profiles != NULL ? check_profile(rules, profiles, arena) : (http_error){0};
}
