#include "config_app.h"

#include "config_proxy.h"
#include "config_url.h"
#include "config_values.h"
#include "key_template.h"
#include "text/base64.h"

enum {
  TIMEOUT_MIN_MS = 100,
  TIMEOUT_MAX_MS = 25 * 1000, /* API Gateway waits for 29 s */
  /* Source: Standard Webhooks 1.0, "Webhook secrets". */
  SECRET_MIN_BYTES = 24,
  SECRET_MAX_BYTES = 64
};

static const char url_problem[] =
    "must be https://host[:port][/path][?query] without a user and a fragment; http:// only for "
    "this machine (localhost, 127.0.0.1, [::1])";

static const char *read_ask_url(config_reading *reading, text_slice value) {
  reading->config->ask_url = value;
  return NULL; /* checked when all is known */
}

static const char *read_ask_timeout(config_reading *reading, text_slice value) {
  return value_read_number(value, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, &reading->config->ask_timeout_ms)
             ? NULL
             : "must be 100 to 25000 (milliseconds)";
}

static const char *read_webhook_secret(config_reading *reading, text_slice value) {
  reading->webhook_secrets = value;
  return NULL;
}

static const char *read_receipt_secret(config_reading *reading, text_slice value) {
  return config_read_secrets(value, &reading->config->receipt_secrets)
             ? NULL
             : "must be a secret of 32 to 1024 printable characters without spaces, or two with a "
               "comma between them: the first signs, both are good";
}

static const char *read_receipt_subject(config_reading *reading, text_slice value) {
  reading->config->receipt_subject = value;
  return key_template_is_claim_name(value)
             ? NULL
             : "must be a claim's name: 1 to 64 letters, digits, and - . _ :";
}

const config_variable config_app_variables[CONFIG_APP_VARIABLES] = {
    {"UPLOAD_ASK_URL", read_ask_url, false},
    {"UPLOAD_ASK_TIMEOUT_MS", read_ask_timeout, false},
    {"UPLOAD_WEBHOOK_SECRET", read_webhook_secret, false},
    {"UPLOAD_RECEIPT_SECRET", read_receipt_secret, false},
    {"UPLOAD_RECEIPT_SUBJECT", read_receipt_subject, false},
};

/* ---- The secrets -------------------------------------------------------------- */

/* Keeps the bytes of whsec_BASE64. */
static bool keep_secret(config_secrets *secrets, text_slice text, text_arena *arena) {
  const text_slice start = TEXT_LITERAL("whsec_");
  if (!text_slice_starts_with(text, start) || secrets->count == CONFIG_SECRETS_MAX) {
    return false;
  }
  text_buffer bytes = text_arena_open(arena);
  const bool is_base64 = text_base64_append_decoded(&bytes, text_slice_from(text, start.size));
  const text_slice secret = text_arena_close(arena, &bytes);
  secrets->list[secrets->count++] = secret;
  return is_base64 && secret.size >= SECRET_MIN_BYTES && secret.size <= SECRET_MAX_BYTES;
}

static void keep_secrets(config_reading *reading, text_arena *arena) {
  text_slice rest = reading->webhook_secrets;
  text_slice piece;
  while (text_slice_split(&rest, ',', &piece)) {
    if (!keep_secret(&reading->config->webhook_secrets, text_slice_trim(piece), arena)) {
      config_complain(reading, "UPLOAD_WEBHOOK_SECRET",
                      "must be whsec_ and the base64 of 24 to 64 bytes, or two such with a comma "
                      "between them, which both sign");
      return;
    }
  }
}

/* ---- Where the app is ------------------------------------------------------------ */

/* Makes the URL as it is used. False when it is none of those that are allowed. */
static bool make_url(upload_config *config, text_arena *arena) {
  config_url parsed;
  if (!config_url_parse(&parsed, config->ask_url, arena)) {
    return false;
  }
  text_buffer url = text_arena_open(arena);
  text_buffer_append(&url, parsed.origin);
  text_buffer_append_string(&url,
                            text_slice_starts_with(parsed.path, TEXT_LITERAL("/")) ? "" : "/");
  text_buffer_append(&url, parsed.path);
  config->ask_url = text_arena_close(arena, &url);
  return config->ask_url.data != NULL;
}

static void choose_proxy(config_reading *reading, config_lookup *lookup, text_arena *arena) {
  upload_config *config = reading->config;
  const char *name = NULL;
  if (text_slice_starts_with(config->ask_url, TEXT_LITERAL("http://"))) {
    return; /* nothing is between here and this machine */
  }
  const char *problem =
      config_proxy_choose(&config->ask_proxy, lookup, config->ask_url, &name, arena);
  if (problem != NULL) {
    config_complain(reading, name, problem);
  }
}

void config_app_finish(config_reading *reading, config_lookup *lookup, text_arena *arena) {
  upload_config *config = reading->config;
  keep_secrets(reading, arena);
  if (config->receipt_subject.size > 0 && config->receipt_secrets.count == 0) {
    config_complain(reading, "UPLOAD_RECEIPT_SUBJECT", "needs UPLOAD_RECEIPT_SECRET");
  }
  if (config->ask_url.size == 0) {
    return;
  }
  if (reading->webhook_secrets.size == 0) {
    config_complain(reading, "UPLOAD_WEBHOOK_SECRET",
                    "must be set with UPLOAD_ASK_URL, so that the app can tell who asks");
  }
  if (make_url(config, arena)) {
    choose_proxy(reading, lookup, arena);
  } else {
    config_complain(reading, "UPLOAD_ASK_URL", url_problem);
  }
}
