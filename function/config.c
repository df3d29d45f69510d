#include "config.h"

#include "config_values.h"
#include "key.h"
#include "s3/presign.h"

enum { DEFAULT_EXPIRES_SECONDS = 300 };

/* Where the endpoint's own settings wait until all are known, and what was wrong
 * so far. */
struct reading {
  upload_config *config;
  s3_endpoint_options endpoint;
  s3_credentials store_credentials; /* UPLOAD_ACCESS_KEY_ID and its secret; no token */
  text_slice endpoint_url_of_all_services;
  bool url_is_of_all_services;
  text_buffer *problems;
};

static void complain(struct reading *reading, const char *name, const char *problem) {
  text_buffer_append_string(reading->problems, reading->problems->size > 0 ? "\n" : "");
  text_buffer_append_string(reading->problems, name);
  text_buffer_append_string(reading->problems, ": ");
  text_buffer_append_string(reading->problems, problem);
}

/* Each reader takes a value that is set and not empty, and returns null or what
 * it must be. */
typedef const char *reader(struct reading *reading, text_slice value);

static const char *read_bucket(struct reading *reading, text_slice value) {
  reading->endpoint.bucket = reading->config->bucket = value;
  const s3_status status = s3_bucket_check(value);
  return status == S3_OK ? NULL : s3_status_text(status);
}

static const char *read_region(struct reading *reading, text_slice value) {
  reading->endpoint.region = value;
  return s3_region_is_valid(value) ? NULL : s3_status_text(S3_BAD_REGION);
}

static const char *keep_id(s3_credentials *credentials, text_slice value) {
  credentials->access_key_id = value;
  return value_is_printable(value, 128) ? NULL : "must be 1 to 128 printable characters";
}

static const char *keep_secret(s3_credentials *credentials, text_slice value) {
  credentials->secret_access_key = value;
  return value_is_printable(value, 256) ? NULL : "must be 1 to 256 printable characters";
}

static const char *read_access_key_id(struct reading *reading, text_slice value) {
  return keep_id(&reading->config->credentials, value);
}

static const char *read_secret_access_key(struct reading *reading, text_slice value) {
  return keep_secret(&reading->config->credentials, value);
}

static const char *read_store_access_key_id(struct reading *reading, text_slice value) {
  return keep_id(&reading->store_credentials, value);
}

static const char *read_store_secret_access_key(struct reading *reading, text_slice value) {
  return keep_secret(&reading->store_credentials, value);
}

static const char *read_session_token(struct reading *reading, text_slice value) {
  reading->config->credentials.session_token = value;
  return value_is_printable(value, 8192) ? NULL : "must be 1 to 8192 printable characters";
}

static const char *read_endpoint_url_s3(struct reading *reading, text_slice value) {
  reading->endpoint.url = value;
  return NULL;
}

static const char *read_endpoint_url(struct reading *reading, text_slice value) {
  reading->endpoint_url_of_all_services = value;
  return NULL;
}

static const char *read_dualstack(struct reading *reading, text_slice value) {
  return value_read_boolean(value, &reading->endpoint.dualstack) ? NULL : "must be true or false";
}

static const char *read_fips(struct reading *reading, text_slice value) {
  return value_read_boolean(value, &reading->endpoint.fips) ? NULL : "must be true or false";
}

static const char *read_addressing(struct reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("auto"), TEXT_INITIALIZER("virtual"),
                                     TEXT_INITIALIZER("path")};
  size_t choice = 0;
  if (!value_read_choice(value, names, sizeof names / sizeof names[0], &choice)) {
    return "must be auto, virtual or path";
  }
  reading->endpoint.addressing = (s3_addressing)choice;
  return NULL;
}

static const char *read_key(struct reading *reading, text_slice value) {
  reading->config->key_template = value;
  return key_template_problem(value);
}

static const char *read_expires(struct reading *reading, text_slice value) {
  return value_read_number(value, 1, S3_EXPIRES_MAX_SECONDS, &reading->config->expires_seconds)
             ? NULL
             : "must be 1 to 604800 (seconds)";
}

static const char *read_max_bytes(struct reading *reading, text_slice value) {
  return value_read_number(value, 1, CONFIG_OBJECT_MAX_BYTES, &reading->config->max_bytes)
             ? NULL
             : "must be a number of bytes from 1 to 54975581388800 (50 TiB), without a unit";
}

static const char *read_types(struct reading *reading, text_slice value) {
  reading->config->types = value;
  return value_is_list(value, value_is_type_pattern)
             ? NULL
             : "must be content types between commas, such as image/*,application/pdf";
}

static const char *read_origins(struct reading *reading, text_slice value) {
  reading->config->origins = value;
  return value_is_list(value, value_is_origin_pattern)
             ? NULL
             : "must be * or origins between commas, such as https://app.example.com or "
               "https://*.example.com: a scheme and a host, no path and no slash at the end";
}

static const char *read_require(struct reading *reading, text_slice value) {
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

static const char *read_overwrite(struct reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("allow"), TEXT_INITIALIZER("deny")};
  size_t choice = 0;
  if (!value_read_choice(value, names, sizeof names / sizeof names[0], &choice)) {
    return "must be allow or deny";
  }
  reading->config->deny_overwrite = choice == 1;
  return NULL;
}

static const char *read_form(struct reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("post"), TEXT_INITIALIZER("put")};
  size_t choice = 0;
  if (!value_read_choice(value, names, sizeof names / sizeof names[0], &choice)) {
    return "must be post or put";
  }
  reading->config->form_is_put = choice == 1;
  return NULL;
}

static const char *read_downloads(struct reading *reading, text_slice value) {
  return value_read_switch(value, &reading->config->downloads) ? NULL : "must be on or off";
}

static const char *read_page(struct reading *reading, text_slice value) {
  return value_read_switch(value, &reading->config->page) ? NULL : "must be on or off";
}

static const char *read_tags(struct reading *reading, text_slice value) {
  reading->config->tags = value;
  return value_is_tags(value) ? NULL
                              : "must be at most 10 tags as name=value, joined by & and "
                                "percent-encoded, such as source=upload&team=a%20b, with names "
                                "that differ, of at most 128 characters, and values of at most 256";
}

static const char *read_sse(struct reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("AES256"), TEXT_INITIALIZER("aws:kms"),
                                     TEXT_INITIALIZER("aws:kms:dsse")};
  size_t choice = 0;
  reading->config->sse = value;
  return value_read_choice(value, names, sizeof names / sizeof names[0], &choice)
             ? NULL
             : "must be AES256, aws:kms or aws:kms:dsse";
}

static const char *read_sse_kms_key(struct reading *reading, text_slice value) {
  reading->config->sse_kms_key = value;
  return value_is_printable(value, 2048) ? NULL : "must be a KMS key's id or ARN";
}

static const char *read_seal_secret(struct reading *reading, text_slice value) {
  upload_config *config = reading->config;
  text_slice rest = value;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    const text_slice secret = text_slice_trim(piece);
    if (config->seal_secret_count == SEAL_SECRETS_MAX || secret.size < SEAL_SECRET_MIN_BYTES ||
        !value_is_printable(secret, 1024)) {
      return "must be a secret of 32 to 1024 printable characters without spaces, or two with a "
             "comma between them: the first seals, both open";
    }
    config->seal_secrets[config->seal_secret_count++] = secret;
  }
  return NULL;
}

static const char *read_ca_bundle(struct reading *reading, text_slice value) {
  reading->config->ca_bundle = value;
  return text_slice_starts_with(value, TEXT_LITERAL("/")) && value_is_printable(value, 1024)
             ? NULL
             : "must be the absolute path of a file of certificates";
}

static const struct variable {
  const char *name;
  reader *read;
  bool required;
} variables[] = {
    {"UPLOAD_BUCKET", read_bucket, true},
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
    {"UPLOAD_TAGS", read_tags, false},
    {"UPLOAD_SSE", read_sse, false},
    {"UPLOAD_SSE_KMS_KEY", read_sse_kms_key, false},
    {"UPLOAD_SEAL_SECRET", read_seal_secret, false},
    {"UPLOAD_ADDRESSING", read_addressing, false},
    {"AWS_REGION", read_region, true},
    {"UPLOAD_REGION", read_region, false}, /* after the one that it replaces */
    {"AWS_ACCESS_KEY_ID", read_access_key_id, true},
    {"AWS_SECRET_ACCESS_KEY", read_secret_access_key, true},
    {"AWS_SESSION_TOKEN", read_session_token, false},
    {"UPLOAD_ACCESS_KEY_ID", read_store_access_key_id, false},
    {"UPLOAD_SECRET_ACCESS_KEY", read_store_secret_access_key, false},
    {"AWS_ENDPOINT_URL_S3", read_endpoint_url_s3, false},
    {"AWS_ENDPOINT_URL", read_endpoint_url, false},
    {"AWS_USE_DUALSTACK_ENDPOINT", read_dualstack, false},
    {"AWS_USE_FIPS_ENDPOINT", read_fips, false},
    {"AWS_CA_BUNDLE", read_ca_bundle, false},
};

/* A variable that is set and empty is one that is not set: templates and
 * emulators write those. */
static void read_variables(struct reading *reading, config_lookup *lookup) {
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    const struct variable *variable = &variables[i];
    const text_slice value = text_slice_trim(text_slice_of(lookup(variable->name)));
    const char *problem = NULL;
    if (value.size > 0) {
      problem = variable->read(reading, value);
    } else if (variable->required) {
      problem = "must be set";
    }
    if (problem != NULL) {
      complain(reading, variable->name, problem);
    }
  }
}

static const char *variable_to_blame(s3_status status, const struct reading *reading) {
  switch (status) {
  case S3_NO_VIRTUAL_HOST:
  case S3_NO_PATH_STYLE:
    return "UPLOAD_ADDRESSING";
  case S3_NO_DUALSTACK:
    return "AWS_USE_DUALSTACK_ENDPOINT";
  case S3_NO_FIPS:
    return "AWS_USE_FIPS_ENDPOINT";
  case S3_ONLY_ON_AWS:
    return reading->endpoint.fips ? "AWS_USE_FIPS_ENDPOINT" : "AWS_USE_DUALSTACK_ENDPOINT";
  default:
    return reading->url_is_of_all_services ? "AWS_ENDPOINT_URL" : "AWS_ENDPOINT_URL_S3";
  }
}

static void make_endpoint(struct reading *reading, text_arena *arena) {
  s3_endpoint_options *options = &reading->endpoint;
  if (options->url.size == 0) {
    options->url = reading->endpoint_url_of_all_services;
    reading->url_is_of_all_services = true;
  }
  /* What is missing or wrong here was complained about; the rest is checked all
   * the same, so that all problems are told at once. */
  if (s3_bucket_check(options->bucket) != S3_OK) {
    options->bucket = TEXT_LITERAL("any-bucket");
  }
  if (!s3_region_is_valid(options->region)) {
    options->region = TEXT_LITERAL("us-east-1");
  }
  const s3_status status = s3_endpoint_init(&reading->config->endpoint, options, arena);
  reading->config->region = reading->config->endpoint.region;
  if (status != S3_OK) {
    complain(reading, variable_to_blame(status, reading), s3_status_text(status));
  }
}

/* libcurl wants a NUL at its end. */
static void keep_ca_bundle(struct reading *reading, text_arena *arena) {
  upload_config *config = reading->config;
  config->ca_bundle = text_arena_copy(arena, config->ca_bundle);
  if (config->ca_bundle.data == NULL) {
    complain(reading, "AWS_CA_BUNDLE", "does not fit into memory");
  }
}

/* Another store does not know the role, whose credentials Lambda sets and nobody can replace. */
static void choose_credentials(struct reading *reading) {
  const s3_credentials *own = &reading->store_credentials;
  const bool has_id = own->access_key_id.size > 0;
  const bool has_secret = own->secret_access_key.size > 0;
  if (has_id && has_secret) {
    reading->config->credentials = *own;
  } else if (has_id) {
    complain(reading, "UPLOAD_SECRET_ACCESS_KEY", "must be set with UPLOAD_ACCESS_KEY_ID");
  } else if (has_secret) {
    complain(reading, "UPLOAD_ACCESS_KEY_ID", "must be set with UPLOAD_SECRET_ACCESS_KEY");
  }
}

static void check_together(struct reading *reading) {
  const upload_config *config = reading->config;
  if (config->sse_kms_key.size > 0 &&
      !text_slice_starts_with(config->sse, TEXT_LITERAL("aws:kms"))) {
    complain(reading, "UPLOAD_SSE_KMS_KEY", "needs UPLOAD_SSE=aws:kms or aws:kms:dsse");
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
  struct reading reading = {.config = config, .problems = problems};
  read_variables(&reading, lookup);
  make_endpoint(&reading, arena);
  keep_ca_bundle(&reading, arena);
  choose_credentials(&reading);
  check_together(&reading);
  return problems->size == 0 && !problems->overflowed;
}
