/* The profiles (UPLOAD_PROFILES): several kinds of upload in one deployment. */
#ifndef FUNCTION_CONFIG_PROFILES_H
#define FUNCTION_CONFIG_PROFILES_H

#include "config_reading.h"

/* Whether a profile may have this name: 1 to 32 of a-z, 0-9, - and _, and no word of the service's
 * own paths. */
bool config_profile_is_name(text_slice name);

/* Reads the profiles, each of which starts from the configuration's own rules, which must be known
 * by then. Each problem is complained of by profile and member. What is derived, and the texts of
 * the JSON, go into `arena`. */
void config_profiles_read(config_reading *reading, text_arena *arena);

#endif
