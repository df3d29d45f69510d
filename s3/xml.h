/* S3's XML replies, read into an arena under the limits of xml_walk.h.
 *
 * An element that is not listed here is skipped, secrets such as an error's Token-0
 * with it.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
#ifndef S3_XML_H
#define S3_XML_H

#include "text/arena.h"
#include "xml_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { S3_PARTS_MAX = 10000 };

/* Which reply it is: its root element. */
typedef enum s3_xml_root {
  S3_XML_UNREADABLE, /* no XML, or past a limit */
  S3_XML_OTHER,
  S3_XML_ERROR,
  S3_XML_CREATED,  /* InitiateMultipartUploadResult */
  S3_XML_PARTS,    /* ListPartsResult */
  S3_XML_COMPLETED /* CompleteMultipartUploadResult */
} s3_xml_root;

typedef struct s3_part {
  int64_t number;
  int64_t size_bytes;
  text_slice etag;   /* with its quotes */
  text_slice sha256; /* base64; empty when the upload has no checksums */
} s3_part;

/* The caller's storage for parts; each page is appended. */
typedef struct s3_part_list {
  s3_part *parts;
  size_t count;
  size_t capacity;
} s3_part_list;

/* Empty slices for what the reply does not have. */
typedef struct s3_xml {
  s3_xml_root root;
  text_slice error_code; /* of S3_XML_ERROR */
  text_slice upload_id;  /* of S3_XML_CREATED */
  text_slice etag;       /* of S3_XML_COMPLETED */
  bool truncated;        /* of S3_XML_PARTS: there are more parts, behind next_marker */
  int64_t next_marker;
} s3_xml;

/* Reads a whole reply and returns its root. More parts than `parts` has room for
 * are S3_XML_UNREADABLE; `parts` may be null where none are expected. The slices
 * live in `arena`. */
s3_xml_root s3_xml_read(s3_xml *xml, text_slice text, s3_part_list *parts, text_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
