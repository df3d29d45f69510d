#include "config_rules.h"

#include "config_values.h"
#include "key_template.h"
#include "s3/presign.h"
#include "text/ascii.h"

enum { DEFAULT_EXPIRES_SECONDS = 300 };

static const char *read_key(upload_rules *rules, text_slice value) {
  rules->key_template = value;
  return key_template_problem(value);
}

static const char *read_expires(upload_rules *rules, text_slice value) {
  return value_read_number(value, 1, S3_EXPIRES_MAX_SECONDS, &rules->expires_seconds)
             ? NULL
             : "must be 1 to 604800 (seconds)";
}

static const char *read_max_bytes(upload_rules *rules, text_slice value) {
  return value_read_number(value, 1, CONFIG_OBJECT_MAX_BYTES, &rules->max_bytes)
             ? NULL
             : "must be a number of bytes from 1 to 54975581388800 (50 TiB), without a unit";
}

static const char *read_types(upload_rules *rules, text_slice value) {
  rules->types[0] = value;
  rules->types_count = 1;
  return value_is_list(value, value_is_type_pattern)
             ? NULL
             : "must be content types between commas, such as image/*,application/pdf";
}

static const char *read_require(upload_rules *rules, text_slice value) {
  text_slice rest = value;
  text_slice piece;
  rules->require_size = false;
  rules->require_sha256 = false;
  while (text_slice_split(&rest, ',', &piece)) {
    const text_slice word = text_slice_trim(piece);
    if (text_slice_equal(word, TEXT_LITERAL("size"))) {
      rules->require_size = true;
    } else if (text_slice_equal(word, TEXT_LITERAL("sha256"))) {
      rules->require_sha256 = true;
    } else {
      return "must be size, sha256, or size,sha256";
    }
  }
  return NULL;
}

static const char *read_overwrite(upload_rules *rules, text_slice value) {
  return value_read_either(value, "allow", "deny", &rules->deny_overwrite)
             ? NULL
             : "must be allow or deny";
}

static const char *read_form(upload_rules *rules, text_slice value) {
  return value_read_either(value, "post", "put", &rules->form_is_put) ? NULL
                                                                      : "must be post or put";
}

static const char *read_downloads(upload_rules *rules, text_slice value) {
  return value_read_switch(value, &rules->downloads) ? NULL : "must be on or off";
}

static const char *read_tags(upload_rules *rules, text_slice value) {
  rules->tags = value;
  return value_is_tags(value)
             ? NULL
             : "must be at most 10 tags as name=value, joined by & and "
               "percent-encoded, such as source=upload&team=a%20b, of letters, digits, "
               "spaces and + - = . _ : / @, with names that differ and do not begin "
               "with aws:, of at most 128 characters, and values of at most 256";
}

static const char *read_disposition(upload_rules *rules, text_slice value) {
  bool is_attachment = false;
  rules->disposition = value;
  return value_read_either(value, "inline", "attachment", &is_attachment)
             ? NULL
             : "must be attachment or inline";
}

static const char *read_cache_control(upload_rules *rules, text_slice value) {
  rules->cache_control = value;
  return value_is_cache_control(value)
             ? NULL
             : "must be directives such as private, max-age=3600, with a comma and at most one "
               "space between, of at most 256 bytes";
}

const config_rule config_rules[CONFIG_RULES] = {
    {"UPLOAD_KEY", read_key},
    {"UPLOAD_EXPIRES_SECONDS", read_expires},
    {"UPLOAD_MAX_BYTES", read_max_bytes},
    {"UPLOAD_TYPES", read_types},
    {"UPLOAD_REQUIRE", read_require},
    {"UPLOAD_OVERWRITE", read_overwrite},
    {"UPLOAD_FORM", read_form},
    {"UPLOAD_DOWNLOADS", read_downloads},
    {"UPLOAD_TAGS", read_tags},
    {"UPLOAD_DISPOSITION", read_disposition},
    {"UPLOAD_CACHE_CONTROL", read_cache_control},
};

upload_rules config_rules_default(void) {
  return (upload_rules){.key_template = TEXT_LITERAL("uploads/{id}/{name}"),
                        .expires_seconds = DEFAULT_EXPIRES_SECONDS,
                        .types = {TEXT_LITERAL("*/*")},
                        .types_count = 1};
}

/* Whether `member` is the variable's name in lower case, without UPLOAD_. */
static bool is_member(const config_rule *rule, text_slice member) {
  const text_slice name = text_slice_from(text_slice_of(rule->name), sizeof "UPLOAD_" - 1);
  if (name.size != member.size) {
    return false;
  }
  for (size_t i = 0; i < name.size; i++) {
    if (text_ascii_lower(name.data[i]) != member.data[i]) {
      return false;
    }
  }
  return true;
}

const config_rule *config_rule_of(text_slice member) {
  for (size_t i = 0; i < CONFIG_RULES; i++) {
    if (is_member(&config_rules[i], member)) {
      return &config_rules[i];
    }
  }
  return NULL;
}
