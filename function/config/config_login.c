#include "config_login.h"

#include "config_url.h"
#include "config_values.h"

enum { CLIENT_ID_MAX_BYTES = 256 };

static const char *read_issuer(config_reading *reading, text_slice value) {
  reading->config->login.issuer = value;
  return NULL; /* checked when all is known */
}

static const char *read_client_id(config_reading *reading, text_slice value) {
  reading->config->login.client_id = value;
  return value_is_printable(value, CLIENT_ID_MAX_BYTES)
             ? NULL
             : "must be the page's client id: 1 to 256 printable characters without spaces";
}

static const char *read_origin(config_reading *reading, text_slice value) {
  reading->login_origin = value;
  return NULL;
}

const config_variable config_login_variables[CONFIG_LOGIN_VARIABLES] = {
    {"UPLOAD_LOGIN_ISSUER", read_issuer, false},
    {"UPLOAD_LOGIN_CLIENT_ID", read_client_id, false},
    {"UPLOAD_LOGIN_ORIGIN", read_origin, false},
};

/* Adds the origin to those that the page may reach. */
static void reach(config_reading *reading, text_slice origin, text_arena *arena) {
  text_buffer origins = text_arena_open(arena);
  text_buffer_append(&origins, reading->config->login.origins);
  text_buffer_append_byte(&origins, ' ');
  text_buffer_append(&origins, origin);
  reading->config->login.origins = text_arena_close(arena, &origins);
}

void config_login_finish(config_reading *reading, text_arena *arena) {
  const config_login *login = &reading->config->login;
  const text_slice origin = reading->login_origin;
  config_url url;
  if (login->issuer.size == 0 && login->client_id.size == 0 && origin.size == 0) {
    return;
  }
  if (login->client_id.size == 0) {
    config_complain(reading, "UPLOAD_LOGIN_CLIENT_ID", "must be set with UPLOAD_LOGIN_ISSUER");
  }
  if (config_url_parse(&url, login->issuer, arena) && !text_slice_contains(url.path, '?')) {
    reach(reading, url.origin, arena);
  } else {
    config_complain(
        reading, "UPLOAD_LOGIN_ISSUER",
        "must be the provider's issuer, as its tokens have it: https://host[:port][/path]; "
        "http:// only for this machine (localhost, 127.0.0.1, [::1])");
  }
  if (origin.size == 0) {
    return;
  }
  if (config_url_parse(&url, origin, arena) && url.path.size == 0) {
    reach(reading, url.origin, arena);
  } else {
    config_complain(reading, "UPLOAD_LOGIN_ORIGIN",
                    "must be where the provider gives tokens, if that is another origin than its "
                    "issuer's: https://host[:port], no path and no slash at the end");
  }
}
