/* A configuration while it is read: what config.c, which has the settings, and config_store.c,
 * which has where uploads go and who signs, know of each other. */
#ifndef FUNCTION_CONFIG_READING_H
#define FUNCTION_CONFIG_READING_H

#include "upload_config.h"

/* Where the endpoint's own settings wait until all are known, and what was wrong
 * so far. */
typedef struct config_reading {
  upload_config *config;
  s3_endpoint_options endpoint;
  s3_credentials store_credentials; /* UPLOAD_ACCESS_KEY_ID and its secret; no token */
  text_slice endpoint_url_of_all_services;
  bool url_is_of_all_services;
  text_slice profiles; /* their JSON */
  text_slice webhook_secrets;
  text_slice login_origin;
  text_buffer *problems;
} config_reading;

/* Adds a problem. */
void config_complain(config_reading *reading, const char *name, const char *problem);

/* One secret of 32 to 1024 printable characters without a space, or two with a comma between. */
bool config_read_secrets(text_slice value, config_secrets *secrets);

/* Takes a value that is set and not empty, and returns null or what it must be. */
typedef const char *config_reader(config_reading *reading, text_slice value);

typedef struct config_variable {
  const char *name;
  config_reader *read;
  bool required;
} config_variable;

#endif
