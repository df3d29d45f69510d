/* The headers that every object gets, however it is uploaded. */
#ifndef FUNCTION_OBJECT_HEADERS_H
#define FUNCTION_OBJECT_HEADERS_H

#include "function/config/upload_config.h"

enum { OBJECT_HEADERS_MAX = 5 };

/* Fills `headers` with disposition, caching, tags and encryption, as far as they are set. Returns
 * how many; the values are the configuration's and the rules' own. */
size_t object_headers_list(const upload_config *config, const upload_rules *rules,
                           text_pair headers[OBJECT_HEADERS_MAX]);

#endif
