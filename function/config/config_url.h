/* URLs of other services in the configuration: https, and http only for this machine. */
#ifndef FUNCTION_CONFIG_URL_H
#define FUNCTION_CONFIG_URL_H

#include <stdbool.h>

#include "text/arena.h"

typedef struct config_url {
  text_slice origin; /* scheme://host[:port], as browsers write it */
  text_slice path;   /* and query; as it was written */
} config_url;

/* False unless `text` is https://host[:port][/path][?query], or http:// for localhost, 127.0.0.1 or
 * [::1], without a user and a fragment, of printable characters. */
bool config_url_parse(config_url *url, text_slice text, text_arena *arena);

#endif
