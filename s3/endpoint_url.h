/* The URL of a store that is not AWS's, taken apart. */
#ifndef S3_ENDPOINT_URL_H
#define S3_ENDPOINT_URL_H

#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct s3_endpoint_url {
  text_slice scheme; /* http:// or https:// */
  text_slice host;   /* as browsers write it, with its port unless that is the scheme's own */
  bool is_address;   /* the host is an IP address, not a name */
  text_slice path;   /* empty, or starts with a slash and does not end with one */
} s3_endpoint_url;

/* False unless `text` is http(s)://host[:port][/path] with a path that needs no
 * encoding: no user, query, fragment, or "." and ".." segment. A host that
 * browsers would write otherwise (127.1, say) is refused or written as they do,
 * for the signature covers it. */
bool s3_endpoint_url_parse(s3_endpoint_url *url, text_slice text, text_arena *arena);

/* Appends `host`, as s3_endpoint_url has it, with `own_port`, such as ":443", where it names none.
 */
void s3_endpoint_url_append_authority(text_buffer *text, text_slice host, const char *own_port);

#ifdef __cplusplus
}
#endif

#endif
