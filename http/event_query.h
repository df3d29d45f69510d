/* Fills a request's query from the forms that events have it in. */
#ifndef HTTP_EVENT_QUERY_H
#define HTTP_EVENT_QUERY_H

#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From a raw query string. False when `arena` has no room for it, as below. */
bool http_event_query_from_text(http_request *request, text_slice raw, text_arena *arena);

/* From an object of texts or of arrays of texts; anything else is an empty one. With
 * `encoded`, names and values are percent-encoded. */
bool http_event_query_from_map(http_request *request, const cJSON *map, bool encoded,
                               text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
