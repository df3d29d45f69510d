/* Holding one request to less than the rules allow. Nothing here ever allows more. */
#ifndef FUNCTION_NARROWING_H
#define FUNCTION_NARROWING_H

#include "function/config/upload_config.h"
#include "http/json_tree.h"

/* A limit that somebody may set for one request. */
typedef struct narrowing {
  const char *member; /* as the app calls it */
  const char *claim;  /* as an authorizer does */
  /* Takes the limit as JSON has it, and returns false when it has no meaning: then nobody knows
   * what was meant, and the request must not pass. What is kept of it lives as long as the value
   * and `arena`. */
  bool (*narrow)(upload_rules *rules, const cJSON *limit, text_arena *arena);
} narrowing;

enum { NARROWINGS = 3 };

/* The largest size in bytes and the lifetime in seconds, 1 or more: a whole number, or its digits
 * as a text. Content types as UPLOAD_TYPES has them: a text with commas between, or a list of
 * texts. */
extern const narrowing narrowings[NARROWINGS];

/* A text with commas between, or a list of texts, as one text with commas; null data when it is
 * neither, or has no room. An item of a list is not looked at. */
text_slice narrowing_list(const cJSON *value, text_arena *arena);

#endif
