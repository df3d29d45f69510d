#include "config.h"

#include "config_app.h"
#include "config_login.h"
#include "config_profiles.h"
#include "config_rules.h"
#include "config_store.h"
#include "config_values.h"
#include "http/json_tree.h"

enum { DEFAULT_ASK_TIMEOUT_MS = 3000 };

static const char *read_origins(config_reading *reading, text_slice value) {
  reading->config->origins = value;
  return value_is_list(value, value_is_origin_pattern)
             ? NULL
             : "must be * or origins between commas, such as https://app.example.com or "
               "https://*.example.com: a scheme and a host, no path and no slash at the end";
}

static const char *read_profiles(config_reading *reading, text_slice value) {
  reading->profiles = value;
  return NULL;
}

static const char *read_page(config_reading *reading, text_slice value) {
  return value_read_switch(value, &reading->config->page) ? NULL : "must be on or off";
}

static const char *read_page_origin(config_reading *reading, text_slice value) {
  reading->config->page_origins = value;
  return value_is_list(value, value_is_origin)
             ? NULL
             : "must be the page's origin, or several between commas, such as "
               "https://upload.example.com: a scheme and a host, no *, no path and no slash at the "
               "end";
}

static const char *read_caller(config_reading *reading, text_slice value) {
  return value_read_either(value, "any", "required", &reading->config->require_caller)
             ? NULL
             : "must be any or required";
}

static const char *read_credentials(config_reading *reading, text_slice value) {
  return value_read_switch(value, &reading->config->credentials_of_pages) ? NULL
                                                                          : "must be on or off";
}

static const char *read_sse(config_reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("AES256"), TEXT_INITIALIZER("aws:kms"),
                                     TEXT_INITIALIZER("aws:kms:dsse")};
  size_t choice = 0;
  reading->config->sse = value;
  return value_read_choice(value, names, sizeof names / sizeof names[0], &choice)
             ? NULL
             : "must be AES256, aws:kms or aws:kms:dsse";
}

static const char *read_sse_kms_key(config_reading *reading, text_slice value) {
  reading->config->sse_kms_key = value;
  return value_is_printable(value, 2048) ? NULL : "must be a KMS key's id or ARN";
}

static const char *read_seal_secret(config_reading *reading, text_slice value) {
  return config_read_secrets(value, &reading->config->seal_secrets)
             ? NULL
             : "must be a secret of 32 to 1024 printable characters without spaces, or two with a "
               "comma between them: the first seals, both open";
}

static const config_variable variables[] = {
    {"UPLOAD_PROFILES", read_profiles, false},
    {"UPLOAD_ORIGINS", read_origins, false},
    {"UPLOAD_PAGE", read_page, false},
    {"UPLOAD_PAGE_ORIGIN", read_page_origin, false},
    {"UPLOAD_CALLER", read_caller, false},
    {"UPLOAD_CREDENTIALS", read_credentials, false},
    {"UPLOAD_SSE", read_sse, false},
    {"UPLOAD_SSE_KMS_KEY", read_sse_kms_key, false},
    {"UPLOAD_SEAL_SECRET", read_seal_secret, false},
};

/* A variable that is set and empty is one that is not set: templates and
 * emulators write those. */
static text_slice value_of(const char *name, config_lookup *lookup) {
  return text_slice_trim(text_slice_of(lookup(name)));
}

static void read_variables(config_reading *reading, const config_variable *table, size_t count,
                           config_lookup *lookup) {
  for (size_t i = 0; i < count; i++) {
    const config_variable *variable = &table[i];
    const text_slice value = value_of(variable->name, lookup);
    const char *problem = NULL;
    if (value.size > 0) {
      problem = variable->read(reading, value);
    } else if (variable->required) {
      problem = "must be set";
    }
    if (problem != NULL) {
      config_complain(reading, variable->name, problem);
    }
  }
}

static void read_rules(config_reading *reading, config_lookup *lookup) {
  upload_config *config = reading->config;
  for (size_t i = 0; i < CONFIG_RULES; i++) {
    const text_slice value = value_of(config_rules[i].name, lookup);
    const char *problem = value.size > 0 ? config_rules[i].read(&config->rules, value) : NULL;
    if (problem != NULL) {
      config_complain(reading, config_rules[i].name, problem);
    }
  }
  text_slice rest = config->rules.key_template;
  (void)text_slice_split(&rest, '{', &config->key_start);
}

static void check_together(config_reading *reading) {
  const upload_config *config = reading->config;
  if (config->sse_kms_key.size > 0 &&
      !text_slice_starts_with(config->sse, TEXT_LITERAL("aws:kms"))) {
    config_complain(reading, "UPLOAD_SSE_KMS_KEY", "needs UPLOAD_SSE=aws:kms or aws:kms:dsse");
  }
  if (config->credentials_of_pages && !value_is_list(config->origins, value_names_its_hosts)) {
    config_complain(reading, "UPLOAD_CREDENTIALS",
                    "needs UPLOAD_ORIGINS to name whose pages may send cookies, such as "
                    "https://app.example.com or https://*.example.com: not * and not every host");
  }
}

bool config_read(upload_config *config, config_lookup *lookup, text_arena *arena,
                 text_buffer *problems) {
  *config = (upload_config){.rules = config_rules_default(),
                            .origins = TEXT_LITERAL("*"),
                            .ask_timeout_ms = DEFAULT_ASK_TIMEOUT_MS,
                            /* Where Lambda's OS-only runtime has it. */
                            .ca_bundle = TEXT_LITERAL("/etc/pki/tls/certs/ca-bundle.crt")};
  config_reading reading = {.config = config, .problems = problems};
  http_json_setup();
  read_variables(&reading, config_store_variables, CONFIG_STORE_VARIABLES, lookup);
  read_rules(&reading, lookup);
  read_variables(&reading, config_app_variables, CONFIG_APP_VARIABLES, lookup);
  read_variables(&reading, config_login_variables, CONFIG_LOGIN_VARIABLES, lookup);
  read_variables(&reading, variables, sizeof variables / sizeof variables[0], lookup);
  config_store_finish(&reading, lookup, arena);
  config_app_finish(&reading, lookup, arena);
  config_login_finish(&reading, arena);
  config_profiles_read(&reading, arena);
  check_together(&reading);
  return problems->size == 0 && !problems->overflowed;
}
