#include "xml.h"

#include "text/decimal.h"

enum { VALUE_MAX_BYTES = 2048 };

typedef enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOLEAN } value_kind;

/* An element that is wanted, by the names from the root to it. */
static const struct field {
  text_slice path;
  value_kind kind;
  bool of_part; /* the offset is one in s3_part, not in s3_xml */
  size_t offset;
} fields[] = {
    {TEXT_INITIALIZER("/Error/Code"), VALUE_TEXT, false, offsetof(s3_xml, error_code)},
    {TEXT_INITIALIZER("/InitiateMultipartUploadResult/UploadId"), VALUE_TEXT, false,
     offsetof(s3_xml, upload_id)},
    {TEXT_INITIALIZER("/CompleteMultipartUploadResult/ETag"), VALUE_TEXT, false,
     offsetof(s3_xml, etag)},
    {TEXT_INITIALIZER("/ListPartsResult/IsTruncated"), VALUE_BOOLEAN, false,
     offsetof(s3_xml, truncated)},
    {TEXT_INITIALIZER("/ListPartsResult/NextPartNumberMarker"), VALUE_NUMBER, false,
     offsetof(s3_xml, next_marker)},
    {TEXT_INITIALIZER("/ListPartsResult/Part/PartNumber"), VALUE_NUMBER, true,
     offsetof(s3_part, number)},
    {TEXT_INITIALIZER("/ListPartsResult/Part/Size"), VALUE_NUMBER, true,
     offsetof(s3_part, size_bytes)},
    {TEXT_INITIALIZER("/ListPartsResult/Part/ETag"), VALUE_TEXT, true, offsetof(s3_part, etag)},
    {TEXT_INITIALIZER("/ListPartsResult/Part/ChecksumSHA256"), VALUE_TEXT, true,
     offsetof(s3_part, sha256)},
};

static const struct {
  text_slice path;
  s3_xml_root root;
} roots[] = {
    {TEXT_INITIALIZER("/Error"), S3_XML_ERROR},
    {TEXT_INITIALIZER("/InitiateMultipartUploadResult"), S3_XML_CREATED},
    {TEXT_INITIALIZER("/ListPartsResult"), S3_XML_PARTS},
    {TEXT_INITIALIZER("/CompleteMultipartUploadResult"), S3_XML_COMPLETED},
};

static const text_slice part_path = TEXT_INITIALIZER("/ListPartsResult/Part");

struct reading {
  s3_xml *xml;
  s3_part_list *parts;
  text_arena *arena;
  s3_part part; /* the one whose element is open */
};

static const struct field *field_at(text_slice path) {
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if (text_slice_equal(fields[i].path, path)) {
      return &fields[i];
    }
  }
  return NULL;
}

static s3_xml_root root_at(text_slice path) {
  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    if (text_slice_equal(roots[i].path, path)) {
      return roots[i].root;
    }
  }
  return S3_XML_OTHER;
}

static bool on_start(void *context, text_slice path) {
  struct reading *reading = context;
  if (reading->xml->root == S3_XML_UNREADABLE) {
    reading->xml->root = root_at(path);
  }
  if (text_slice_equal(path, part_path)) {
    reading->part = (s3_part){0};
  }
  return field_at(path) != NULL;
}

static bool store_text(text_slice *target, text_slice value, text_arena *arena) {
  *target = text_arena_copy(arena, value);
  return target->data != NULL;
}

static bool store(struct reading *reading, const struct field *field, text_slice value) {
  char *owner = field->of_part ? (char *)&reading->part : (char *)reading->xml;
  void *target = owner + field->offset;
  switch (field->kind) {
  case VALUE_NUMBER:
    return text_decimal_parse(value, INT64_MAX, target);
  case VALUE_BOOLEAN:
    *(bool *)target = text_slice_equal(value, TEXT_LITERAL("true"));
    return true;
  default:
    return store_text(target, value, reading->arena);
  }
}

static bool keep_part(struct reading *reading) {
  s3_part_list *parts = reading->parts;
  if (parts == NULL || parts->count == parts->capacity) {
    return false;
  }
  parts->parts[parts->count++] = reading->part;
  return true;
}

static bool on_end(void *context, text_slice path, const text_slice *text) {
  struct reading *reading = context;
  return (text == NULL || store(reading, field_at(path), *text)) &&
         (!text_slice_equal(path, part_path) || keep_part(reading));
}

s3_xml_root s3_xml_read(s3_xml *xml, text_slice text, s3_part_list *parts, text_arena *arena) {
  char storage[VALUE_MAX_BYTES];
  text_buffer value;
  struct reading reading = {.xml = xml, .parts = parts, .arena = arena};
  const s3_xml_visitor visitor = {on_start, on_end, &reading, &value};
  *xml = (s3_xml){0};
  text_buffer_init(&value, storage, sizeof storage);
  if (!s3_xml_walk(text, &visitor, arena)) {
    *xml = (s3_xml){.root = S3_XML_UNREADABLE};
  }
  return xml->root;
}
