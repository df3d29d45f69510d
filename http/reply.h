/* One HTTP reply, and the JSON by which each service wants to get it. */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "error.h"
#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HTTP_REPLY_HEADERS_MAX = 12 };

typedef struct http_reply {
  int status;
  text_pair headers[HTTP_REPLY_HEADERS_MAX];
  size_t header_count;
  bool lacks_header;  /* one had no room */
  text_slice body;    /* null data when memory ran out while it was made */
  bool body_is_bytes; /* and not UTF-8: see http_reply_takes_bytes() */
  bool body_is_json;  /* and the headers say so */
} http_reply;

/* The slices must live until the reply is written. A reply without room for one more is not
 * written at all, for the header may be one that matters. */
void http_reply_add_header(http_reply *reply, text_slice name, text_slice value);

/* Whether a reply can have any bytes as its body: a REST API hands on the base64 of them, unless it
 * has been told of binary media types. */
bool http_reply_takes_bytes(http_source source);

/* Makes `body` the reply's, as JSON that no cache may keep and no browser take for anything else.
 */
void http_reply_set_json(http_reply *reply, int status, text_slice body);

/* Makes the reply say what is wrong: an object of http_error_append_members(). */
void http_reply_set_error(http_reply *reply, const http_error *error, text_slice request_id,
                          text_arena *arena);

/* Appends the reply in the form of the service that brought the request. Of a
 * body or a header that did not fit, only the overflow flag of `out` tells. */
void http_reply_write(const http_reply *reply, http_source source, text_buffer *out);

#ifdef __cplusplus
}
#endif

#endif
