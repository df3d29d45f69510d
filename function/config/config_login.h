/* The variables that say how the page signs its user in, by OpenID Connect. */
#ifndef FUNCTION_CONFIG_LOGIN_H
#define FUNCTION_CONFIG_LOGIN_H

#include "config_reading.h"

enum { CONFIG_LOGIN_VARIABLES = 3 };
extern const config_variable config_login_variables[CONFIG_LOGIN_VARIABLES];

/* Checks them together, when all variables are read. */
void config_login_finish(config_reading *reading, text_arena *arena);

#endif
