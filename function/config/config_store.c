#include "config_store.h"

#include "config_proxy.h"
#include "config_values.h"
#include "s3/names.h"

static const char *read_bucket(config_reading *reading, text_slice value) {
  reading->endpoint.bucket = reading->config->bucket = value;
  const s3_status status = s3_bucket_check(value);
  return status == S3_OK ? NULL : s3_status_text(status);
}

static const char *read_region(config_reading *reading, text_slice value) {
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

static const char *read_access_key_id(config_reading *reading, text_slice value) {
  return keep_id(&reading->config->credentials, value);
}

static const char *read_secret_access_key(config_reading *reading, text_slice value) {
  return keep_secret(&reading->config->credentials, value);
}

static const char *read_store_access_key_id(config_reading *reading, text_slice value) {
  return keep_id(&reading->store_credentials, value);
}

static const char *read_store_secret_access_key(config_reading *reading, text_slice value) {
  return keep_secret(&reading->store_credentials, value);
}

static const char *read_session_token(config_reading *reading, text_slice value) {
  reading->config->credentials.session_token = value;
  return value_is_printable(value, 8192) ? NULL : "must be 1 to 8192 printable characters";
}

static const char *read_endpoint_url_s3(config_reading *reading, text_slice value) {
  reading->endpoint.url = value;
  return NULL;
}

static const char *read_endpoint_url(config_reading *reading, text_slice value) {
  reading->endpoint_url_of_all_services = value;
  return NULL;
}

static const char *read_dualstack(config_reading *reading, text_slice value) {
  return value_read_boolean(value, &reading->endpoint.dualstack) ? NULL : "must be true or false";
}

static const char *read_fips(config_reading *reading, text_slice value) {
  return value_read_boolean(value, &reading->endpoint.fips) ? NULL : "must be true or false";
}

static const char *read_accelerate(config_reading *reading, text_slice value) {
  return value_read_switch(value, &reading->endpoint.accelerate) ? NULL : "must be on or off";
}

static const char *read_addressing(config_reading *reading, text_slice value) {
  static const text_slice names[] = {TEXT_INITIALIZER("auto"), TEXT_INITIALIZER("virtual"),
                                     TEXT_INITIALIZER("path")};
  size_t choice = 0;
  if (!value_read_choice(value, names, sizeof names / sizeof names[0], &choice)) {
    return "must be auto, virtual or path";
  }
  reading->endpoint.addressing = (s3_addressing)choice;
  return NULL;
}

static const char *read_ca_bundle(config_reading *reading, text_slice value) {
  reading->config->ca_bundle = value;
  return text_slice_starts_with(value, TEXT_LITERAL("/")) && value_is_printable(value, 1024)
             ? NULL
             : "must be the absolute path of a file of certificates";
}

const config_variable config_store_variables[CONFIG_STORE_VARIABLES] = {
    {"UPLOAD_BUCKET", read_bucket, true},
    {"UPLOAD_ADDRESSING", read_addressing, false},
    {"UPLOAD_ACCELERATE", read_accelerate, false},
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

/* The first that is set of those that do not go with a URL. */
static const char *only_on_aws(const s3_endpoint_options *endpoint) {
  if (endpoint->fips) {
    return "AWS_USE_FIPS_ENDPOINT";
  }
  return endpoint->dualstack ? "AWS_USE_DUALSTACK_ENDPOINT" : "UPLOAD_ACCELERATE";
}

static const char *variable_to_blame(s3_status status, const config_reading *reading) {
  switch (status) {
  case S3_NO_VIRTUAL_HOST:
  case S3_NO_PATH_STYLE:
    return "UPLOAD_ADDRESSING";
  case S3_NO_DUALSTACK:
    return "AWS_USE_DUALSTACK_ENDPOINT";
  case S3_NO_FIPS:
    return "AWS_USE_FIPS_ENDPOINT";
  case S3_NO_ACCELERATION:
    return "UPLOAD_ACCELERATE";
  case S3_ONLY_ON_AWS:
    return only_on_aws(&reading->endpoint);
  default:
    return reading->url_is_of_all_services ? "AWS_ENDPOINT_URL" : "AWS_ENDPOINT_URL_S3";
  }
}

static void make_endpoint(config_reading *reading, text_arena *arena) {
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
    config_complain(reading, variable_to_blame(status, reading), s3_status_text(status));
  }
}

/* libcurl wants a NUL at its end. */
static void keep_ca_bundle(config_reading *reading, text_arena *arena) {
  upload_config *config = reading->config;
  config->ca_bundle = text_arena_copy(arena, config->ca_bundle);
  if (config->ca_bundle.data == NULL) {
    config_complain(reading, "AWS_CA_BUNDLE", "does not fit into memory");
  }
}

/* Another store does not know the role, whose credentials Lambda sets and nobody can replace. */
static void choose_credentials(config_reading *reading) {
  const s3_credentials *own = &reading->store_credentials;
  const bool has_id = own->access_key_id.size > 0;
  const bool has_secret = own->secret_access_key.size > 0;
  if (has_id && has_secret) {
    reading->config->credentials = *own;
  } else if (has_id) {
    config_complain(reading, "UPLOAD_SECRET_ACCESS_KEY", "must be set with UPLOAD_ACCESS_KEY_ID");
  } else if (has_secret) {
    config_complain(reading, "UPLOAD_ACCESS_KEY_ID", "must be set with UPLOAD_SECRET_ACCESS_KEY");
  }
}

static void choose_proxy(config_reading *reading, config_lookup *lookup, text_arena *arena) {
  upload_config *config = reading->config;
  const char *variable = NULL;
  const char *problem =
      config_proxy_choose(&config->proxy, lookup, config->endpoint.origin, &variable, arena);
  /* Only multipart uploads and receipts call S3: without them nothing needs it. */
  if (problem != NULL && (config->seal_secrets.count > 0 || config->receipt_secrets.count > 0)) {
    config_complain(reading, variable, problem);
  }
}

void config_store_finish(config_reading *reading, config_lookup *lookup, text_arena *arena) {
  make_endpoint(reading, arena);
  keep_ca_bundle(reading, arena);
  choose_credentials(reading);
  choose_proxy(reading, lookup, arena);
}
