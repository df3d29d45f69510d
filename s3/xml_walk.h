/* A walk over an XML document, by expat in an arena.
 *
 * There are limits: S3_XML_MAX_BYTES in all, a few levels of depth, no document type
 * and so no entity but XML's own five. The text of an element that is not asked for
 * is never kept.
 */
#ifndef S3_XML_WALK_H
#define S3_XML_WALK_H

#include "text/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  /* A page of 1,000 parts with their checksums has some 400 kB. */
  S3_XML_MAX_BYTES = 1024 * 1024
};

typedef struct s3_xml_visitor {
  /* An element begins; `path` has the names from the root to it: /Error/Code. Whether
   * its text is wanted. */
  bool (*start)(void *context, text_slice path);
  /* It ends. `text` is null unless it was wanted and has no element in it; both are
   * valid during the call alone. False ends the walk. */
  bool (*end)(void *context, text_slice path, const text_slice *text);
  void *context;
  text_buffer *value; /* the caller's storage for one element's text */
} s3_xml_visitor;

/* False when `document` is no XML (blanks before it are skipped), is in UTF-16 or past a limit, a
 * text did not fit into the visitor's storage, or `end` returned false. */
bool s3_xml_walk(text_slice document, const s3_xml_visitor *visitor, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
