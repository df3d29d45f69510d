#include "etag.h"

text_slice s3_etag_bare(text_slice etag) {
  if (text_slice_starts_with(etag, TEXT_LITERAL("W/"))) {
    etag = text_slice_from(etag, 2);
  }
  return etag.size >= 2 && etag.data[0] == '"' && etag.data[etag.size - 1] == '"'
             ? (text_slice){etag.data + 1, etag.size - 2}
             : etag;
}
