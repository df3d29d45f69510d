/* The settings that a profile may have of its own: what an upload may be. */
#ifndef FUNCTION_CONFIG_RULES_H
#define FUNCTION_CONFIG_RULES_H

#include "upload_config.h"

/* A setting: as an environment variable it is UPLOAD_MAX_BYTES, in a profile max_bytes. */
typedef struct config_rule {
  const char *name;
  /* Takes a value that is not empty, and returns null or what it must be. */
  const char *(*read)(upload_rules *rules, text_slice value);
} config_rule;

enum { CONFIG_RULES = 11 };

extern const config_rule config_rules[CONFIG_RULES];

/* The rules where no setting is set. */
upload_rules config_rules_default(void);

/* The setting that a profile calls `member`; null when there is none. */
const config_rule *config_rule_of(text_slice member);

#endif
