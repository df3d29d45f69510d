/* The kinds of value that variables of the configuration have. */
#ifndef FUNCTION_CONFIG_VALUES_H
#define FUNCTION_CONFIG_VALUES_H

#include <stdint.h>

#include "text/slice.h"

/* Printable ASCII without a space, `max_bytes` at most. */
bool value_is_printable(text_slice value, size_t max_bytes);

/* true or false in any case, as the SDKs read them. */
bool value_read_boolean(text_slice value, bool *result);

/* One of the two words, exactly; `result`: whether it is `yes`. */
bool value_read_either(text_slice value, const char *no, const char *yes, bool *result);

/* on or off, exactly. */
bool value_read_switch(text_slice value, bool *result);

bool value_read_number(text_slice value, int64_t min, int64_t max, int64_t *result);

/* One of `names`, exactly; `choice` is its place among them. */
bool value_read_choice(text_slice value, const text_slice *names, size_t count, size_t *choice);

/* Whether each piece between commas, trimmed, passes `is_item`. */
bool value_is_list(text_slice value, bool (*is_item)(text_slice));

/* type/subtype, type/ * or * / *, without parameters. */
bool value_is_type_pattern(text_slice value);

/* "*", or scheme://host[:port] with at most one "*" in it. */
bool value_is_origin_pattern(text_slice value);

/* The same without a "*". */
bool value_is_origin(text_slice value);

/* Whether an origin pattern says whose hosts it means: what stands for "*" is a port, or whole
 * labels before a name that is given. https:// with a "*" alone is any host of the web. */
bool value_names_its_hosts(text_slice pattern);

/* What Cache-Control takes, as it is signed: directives with "," or ", " between. */
bool value_is_cache_control(text_slice value);

/* What x-amz-tagging takes: at most ten name=value, percent-encoded, with names that differ. */
bool value_is_tags(text_slice value);

#endif
