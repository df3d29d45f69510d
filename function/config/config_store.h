/* The variables that say where uploads go and who signs. */
#ifndef FUNCTION_CONFIG_STORE_H
#define FUNCTION_CONFIG_STORE_H

#include "config_reading.h"

enum { CONFIG_STORE_VARIABLES = 15 };
extern const config_variable config_store_variables[CONFIG_STORE_VARIABLES];

/* Makes the endpoint, and chooses the credentials and the proxy, when all variables are read. */
void config_store_finish(config_reading *reading, config_lookup *lookup, text_arena *arena);

#endif
