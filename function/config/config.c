#include "config.h"

#include "config_store.h"
#include "config_values.h"
#include "key_template.h"
#include "s3/presign.h"

enum { DEFAULT_EXPIRES_SECONDS = 300 };

static const char *read_key(config_reading *reading, text_slice value) {
  reading->config->key_template = value;
  return key_template_problem(value);
}

static const char *read_expires(config_reading *reading, text_slice value) {
  return value_read_number(value, 1, S3_EXPIRES_MAX_SECONDS, &reading->config->expires_seconds)
             ? NULL
             : "must be 1 to 604800 (seconds)";
}

static const char *read_max_bytes(config_reading *reading, text_slice value) {
  return value_read_number(value, 1, CONFIG_OBJECT_MAX_BYTES, &reading->config->max_bytes)
             ? NULL
             : "must be a number of bytes from 1 to 54975581388800 (50 TiB), without a unit";
}

static const char *read_types(config_reading *reading, text_slice value) {
  reading->config->types = value;
  return value_is_list(value, value_is_type_pattern)
             ? NULL
             : "must be content types between commas, such as image/*,application/pdf";
}

static const char *read_origins(config_reading *reading, text_slice value) {
  reading->config->origins = value;
  return value_is_list(value, value_is_origin_pattern)
             ? NULL
             : "must be * or origins between commas, such as https://app.example.com or "
               "https://*.example.com: a scheme and a host, no path and no slash at the end";
}

static const char *read_require(config_reading *reading, text_slice value) {
  text_slice rest = value;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    const text_slice word = text_slice_trim(piece);
    if (text_slice_equal(word, TEXT_LITERAL("size"))) {
      reading->config->require_size = true;
    } else if (text_slice_equal(word, TEXT_LITERAL("sha256"))) {
      reading->config->require_sha256 = true;
    } else {
      return "must be size, sha256, or size,sha256";
    }
  }
  return NULL;
}

static const char *read_overwrite(config_reading *reading, text_slice value) {
  return value_read_either(value, "allow", "deny", &reading->config->deny_overwrite)
             ? NULL
             : "must be allow or deny";
}

static const char *read_form(config_reading *reading, text_slice value) {
  return value_read_either(value, "post", "put", &reading->config->form_is_put)
             ? NULL
             : "must be post or put";
}

static const char *read_downloads(config_reading *reading, text_slice value) {
  return value_read_switch(value, &reading->config->downloads) ? NULL : "must be on or off";
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

static const char *read_tags(config_reading *reading, text_slice value) {
  reading->config->tags = value;
  return value_is_tags(value)
             ? NULL
             : "must be at most 10 tags as name=value, joined by & and "
               "percent-encoded, such as source=upload&team=a%20b, of letters, digits, "
               "spaces and + - = . _ : / @, with names that differ and do not begin "
               "with aws:, of at most 128 characters, and values of at most 256";
}

static const char *read_disposition(config_reading *reading, text_slice value) {
  bool is_attachment = false;
  reading->config->disposition = value;
  return value_read_either(value, "inline", "attachment", &is_attachment)
             ? NULL
             : "must be attachment or inline";
}

static const char *read_cache_control(config_reading *reading, text_slice value) {
  reading->config->cache_control = value;
  return value_is_cache_control(value)
             ? NULL
             : "must be directives such as private, max-age=3600, with a comma and at most one "
               "space between, of at most 256 bytes";
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
  upload_config *config = reading->config;
  text_slice rest = value;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    const text_slice secret = text_slice_trim(piece);
    if (config->seal_secret_count == CONFIG_SEAL_SECRETS_MAX ||
        secret.size < CONFIG_SEAL_SECRET_MIN_BYTES || !value_is_printable(secret, 1024)) {
      return "must be a secret of 32 to 1024 printable characters without spaces, or two with a "
             "comma between them: the first seals, both open";
    }
    config->seal_secrets[config->seal_secret_count++] = secret;
  }
  return NULL;
}

static const config_variable variables[] = {
    {"UPLOAD_KEY", read_key, false},
    {"UPLOAD_EXPIRES_SECONDS", read_expires, false},
    {"UPLOAD_MAX_BYTES", read_max_bytes, false},
    {"UPLOAD_TYPES", read_types, false},
    {"UPLOAD_ORIGINS", read_origins, false},
    {"UPLOAD_REQUIRE", read_require, false},
    {"UPLOAD_OVERWRITE", read_overwrite, false},
    {"UPLOAD_FORM", read_form, false},
    {"UPLOAD_DOWNLOADS", read_downloads, false},
    {"UPLOAD_PAGE", read_page, false},
    {"UPLOAD_PAGE_ORIGIN", read_page_origin, false},
    {"UPLOAD_CALLER", read_caller, false},
    {"UPLOAD_CREDENTIALS", read_credentials, false},
    {"UPLOAD_TAGS", read_tags, false},
    {"UPLOAD_DISPOSITION", read_disposition, false},
    {"UPLOAD_CACHE_CONTROL", read_cache_control, false},
    {"UPLOAD_SSE", read_sse, false},
    {"UPLOAD_SSE_KMS_KEY", read_sse_kms_key, false},
    {"UPLOAD_SEAL_SECRET", read_seal_secret, false},
};

/* A variable that is set and empty is one that is not set: templates and
 * emulators write those. */
static void read_variables(config_reading *reading, const config_variable *table, size_t count,
                           config_lookup *lookup) {
  for (size_t i = 0; i < count; i++) {
    const config_variable *variable = &table[i];
    const text_slice value = text_slice_trim(text_slice_of(lookup(variable->name)));
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
  *config = (upload_config){.key_template = TEXT_LITERAL("uploads/{id}/{name}"),
                            .expires_seconds = DEFAULT_EXPIRES_SECONDS,
                            .types = TEXT_LITERAL("*/*"),
                            .origins = TEXT_LITERAL("*"),
                            /* Where Lambda's OS-only runtime has it. */
                            .ca_bundle = TEXT_LITERAL("/etc/pki/tls/certs/ca-bundle.crt")};
  config_reading reading = {.config = config, .problems = problems};
  read_variables(&reading, config_store_variables, CONFIG_STORE_VARIABLES, lookup);
  read_variables(&reading, variables, sizeof variables / sizeof variables[0], lookup);
  config_store_finish(&reading, lookup, arena);
  check_together(&reading);
  return problems->size == 0 && !problems->overflowed;
}
