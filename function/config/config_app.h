/* The variables that say how the app has its say: where it is asked, how
 * it knows who asks, and what receipts it gets. */
#ifndef FUNCTION_CONFIG_APP_H
#define FUNCTION_CONFIG_APP_H

#include "config_reading.h"

enum { CONFIG_APP_VARIABLES = 5 };
extern const config_variable config_app_variables[CONFIG_APP_VARIABLES];

/* Checks them together and chooses the proxy, when all variables are read. */
void config_app_finish(config_reading *reading, config_lookup *lookup, text_arena *arena);

#endif
