#include "config_profiles.h"

#include "config_rules.h"
#include "http/json_tree.h"
#include "key_template.h"
#include "text/ascii.h"
#include "text/json.h"

enum { NAME_MAX_BYTES = 32, COMPLAINT_MAX_BYTES = 1024, SHOWN_MAX_BYTES = 64 };

static const char variable[] = "UPLOAD_PROFILES";

/* A profile stands where these do in a path, so it can be none of them. */
static const text_slice words_of_routes[] = {
    TEXT_INITIALIZER("signed_url"),  TEXT_INITIALIZER("signed_urls"),
    TEXT_INITIALIZER("signed_form"), TEXT_INITIALIZER("signed_download"),
    TEXT_INITIALIZER("s3"),          TEXT_INITIALIZER("params"),
    TEXT_INITIALIZER("multipart"),   TEXT_INITIALIZER("batch"),
    TEXT_INITIALIZER("complete"),    TEXT_INITIALIZER("sts"),
    TEXT_INITIALIZER("sign"),        TEXT_INITIALIZER("confirm")};

enum { WORDS = sizeof words_of_routes / sizeof words_of_routes[0] };

/* A name that anybody wrote, as much of it as a line can have. */
static void append_name(text_buffer *complaint, const char *name) {
  text_slice shown = text_slice_of(name);
  shown.size = shown.size < SHOWN_MAX_BYTES ? shown.size : SHOWN_MAX_BYTES;
  text_json_append_line(complaint, shown);
}

/* UPLOAD_PROFILES: avatar.max_bytes: must be ... */
static void complain(config_reading *reading, const char *profile, const char *member,
                     const char *problem) {
  char storage[COMPLAINT_MAX_BYTES];
  text_buffer complaint;
  text_buffer_init(&complaint, storage, sizeof storage);
  append_name(&complaint, profile);
  text_buffer_append_string(&complaint, member != NULL ? "." : "");
  append_name(&complaint, member);
  text_buffer_append_string(&complaint, ": ");
  text_buffer_append_string(&complaint, problem);
  text_buffer_append_byte(&complaint, '\0');
  config_complain(reading, variable, complaint.overflowed ? problem : storage);
}

static bool is_word_of_routes(text_slice name) {
  for (size_t i = 0; i < WORDS; i++) {
    if (text_slice_equal(name, words_of_routes[i])) {
      return true;
    }
  }
  return false;
}

static bool has_letters_of_names(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!text_ascii_is_lower(c) && !text_ascii_is_digit(c) && c != '-' && c != '_') {
      return false;
    }
  }
  return name.size > 0 && name.size <= NAME_MAX_BYTES;
}

bool config_profile_is_name(text_slice name) {
  return has_letters_of_names(name) && !is_word_of_routes(name);
}

static const char *name_problem(text_slice name) {
  if (config_profile_is_name(name)) {
    return NULL;
  }
  return is_word_of_routes(name) ? "is a word of the service's own paths: take another name"
                                 : "a profile's name must have 1 to 32 of a-z, 0-9, - and _";
}

/* ---- One profile ------------------------------------------------------------ */

static const char *read_value(upload_rules *rules, const config_rule *rule, const cJSON *member,
                              text_arena *arena) {
  const text_slice text =
      cJSON_IsNumber(member) ? http_json_digits(member, arena) : http_json_text(member);
  const text_slice value = text_slice_trim(text);
  if (text.data == NULL) {
    return "must be a text or a whole number";
  }
  return value.size > 0 ? rule->read(rules, value) : "must not be empty: leave it out";
}

static void read_members(config_reading *reading, upload_rules *rules, const cJSON *profile,
                         text_arena *arena) {
  const cJSON *member = NULL;
  cJSON_ArrayForEach(member, profile) {
    const config_rule *rule = config_rule_of(text_slice_of(member->string));
    const char *problem = http_json_is_repeated(profile, member) ? "is given more than once"
                          : rule == NULL ? "is none of key, expires_seconds, max_bytes, types, "
                                           "require, overwrite, form, downloads, tags, disposition "
                                           "and cache_control"
                                         : read_value(rules, rule, member, arena);
    if (problem != NULL) {
      complain(reading, profile->string, member->string, problem);
    }
  }
}

/* uploads/avatar/{id}/{name} of uploads/{id}/{name}. */
static text_slice derive_key(const upload_config *config, text_slice profile, text_arena *arena) {
  const text_slice template = config->rules.key_template;
  text_buffer key = text_arena_open(arena);
  text_buffer_append(&key, config->key_start);
  text_buffer_append(&key, profile);
  text_buffer_append_byte(&key, '/');
  text_buffer_append(&key, text_slice_from(template, config->key_start.size));
  return text_arena_close(arena, &key);
}

static void check_key(config_reading *reading, const upload_rules *rules, const cJSON *profile) {
  const upload_config *config = reading->config;
  const cJSON *own = http_json_member(profile, "key");
  const char *problem = NULL;
  if (own == NULL && key_template_problem(config->rules.key_template) == NULL) {
    problem = key_template_problem(rules->key_template);
  } else if (own != NULL && !text_slice_starts_with(rules->key_template, config->key_start)) {
    problem = "must begin with what UPLOAD_KEY has before its first brace, as the role's rights do";
  }
  if (problem != NULL) {
    complain(reading, profile->string, "key", problem);
  }
}

static void read_profile(config_reading *reading, upload_rules *rules, const cJSON *profile,
                         text_arena *arena) {
  const upload_config *config = reading->config;
  *rules = config->rules;
  rules->profile = text_slice_of(profile->string);
  rules->key_template = derive_key(config, rules->profile, arena);
  const char *problem = name_problem(rules->profile);
  if (problem == NULL && !cJSON_IsObject(profile)) {
    problem = "must be an object such as {\"types\":\"image/*\"}";
  }
  if (problem != NULL) {
    complain(reading, profile->string, NULL, problem);
    return;
  }
  read_members(reading, rules, profile, arena);
  check_key(reading, rules, profile);
}

/* ---- All of them -------------------------------------------------------------- */

/* A key tells whose profile it is: what one does not allow is not had by another. */
static void check_apart(config_reading *reading, const upload_rules *rules, size_t count) {
  for (size_t i = 1; i < count; i++) {
    for (size_t j = 0; j < i; j++) {
      if (key_template_may_meet(rules[i].key_template, rules[j].key_template)) {
        complain(reading, rules[i].profile.data, "key",
                 "may make a key that another profile makes as well: give each a folder of its "
                 "own");
        break;
      }
    }
  }
}

void config_profiles_read(config_reading *reading, text_arena *arena) {
  upload_config *config = reading->config;
  const cJSON *object = http_json_parse(reading->profiles, arena);
  const cJSON *profile = NULL;
  size_t count = 0;
  if (reading->profiles.size == 0) {
    return;
  }
  if (!cJSON_IsObject(object) || object->child == NULL) {
    config_complain(reading, variable,
                    "must be a JSON object of profiles, such as "
                    "{\"avatar\":{\"types\":\"image/*\",\"max_bytes\":2097152}}");
    return;
  }
  upload_rules *rules =
      text_arena_allocate(arena, (size_t)cJSON_GetArraySize(object) * sizeof *rules);
  if (rules == NULL) {
    config_complain(reading, variable, "does not fit into memory");
    return;
  }
  cJSON_ArrayForEach(profile, object) {
    if (http_json_is_repeated(object, profile)) {
      complain(reading, profile->string, NULL, "is given more than once");
    } else {
      read_profile(reading, &rules[count++], profile, arena);
    }
  }
  check_apart(reading, rules, count);
  config->profiles = rules;
  config->profile_count = count;
}
