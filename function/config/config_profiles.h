/* The profiles (UPLOAD_PROFILES): several kinds of upload in one deployment. */
#ifndef FUNCTION_CONFIG_PROFILES_H
#define FUNCTION_CONFIG_PROFILES_H

#include "config_reading.h"

/* Reads the profiles, each of which starts from the configuration's own rules, which must be known
 * by then. Each problem is complained of by profile and member. What is derived, and the texts of
 * the JSON, go into `arena`. */
void config_profiles_read(config_reading *reading, text_arena *arena);

#endif
