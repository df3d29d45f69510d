/* Reads the configuration from the environment, and checks it whole, at the start. */
#ifndef FUNCTION_CONFIG_H
#define FUNCTION_CONFIG_H

#include "upload_config.h"

/* Reads all variables. The texts that `lookup` gives must outlive `config`; what
 * is derived goes into `arena`. False when anything is wrong: then each problem
 * was appended to `problems`, a line each, and none has a variable's value that
 * could be a secret. */
bool config_read(upload_config *config, config_lookup *lookup, text_arena *arena,
                 text_buffer *problems);

#endif
