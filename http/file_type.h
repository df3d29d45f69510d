/* The content type that a file's name tells, for a client that does not know it. */
#ifndef HTTP_FILE_TYPE_H
#define HTTP_FILE_TYPE_H

#include "text/slice.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The type of the name's extension, without regard to the case of ASCII letters:
 * `IMG_1.HEIC` is image/heic. application/octet-stream for an extension that is
 * not known, and for a name that has none, be it one that begins with its only
 * dot. A constant. Known are media, and of the rest what the web commonly has.
 * Source: mime-db, https://github.com/jshttp/mime-db; tools/pins/content_types.py says which. */
text_slice http_file_type(text_slice file_name);

#ifdef __cplusplus
}
#endif

#endif
