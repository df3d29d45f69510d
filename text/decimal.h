/* Decimal numbers as configuration, queries and headers have them. */
#ifndef TEXT_DECIMAL_H
#define TEXT_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads digits only (no sign, no space, at least one). False when `text` is
 * anything else or the number is over `max`. */
bool text_decimal_parse(text_slice text, int64_t max, int64_t *number);

#ifdef __cplusplus
}
#endif

#endif
