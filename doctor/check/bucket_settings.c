#include "bucket_settings.h"

#include <stddef.h>
#include <string.h>

enum { VALUE_MAX_BYTES = 2048 };

static const struct field {
  text_slice path;
  size_t offset;
} fields[] = {
    {TEXT_INITIALIZER("/CORSConfiguration/CORSRule/AllowedOrigin"),
     offsetof(bucket_settings, origins)},
    {TEXT_INITIALIZER("/CORSConfiguration/CORSRule/AllowedMethod"),
     offsetof(bucket_settings, methods)},
    {TEXT_INITIALIZER("/CORSConfiguration/CORSRule/AllowedHeader"),
     offsetof(bucket_settings, headers)},
    {TEXT_INITIALIZER("/ServerSideEncryptionConfiguration/Rule/ApplyServerSideEncryptionByDefault"
                      "/SSEAlgorithm"),
     offsetof(bucket_settings, encryption)},
    {TEXT_INITIALIZER("/ServerSideEncryptionConfiguration/Rule/ApplyServerSideEncryptionByDefault"
                      "/KMSMasterKeyID"),
     offsetof(bucket_settings, kms_key)},
    {TEXT_INITIALIZER("/LocationConstraint"), offsetof(bucket_settings, location)},
    {TEXT_INITIALIZER("/ObjectLockConfiguration/ObjectLockEnabled"),
     offsetof(bucket_settings, lock)},
    {TEXT_INITIALIZER("/ObjectLockConfiguration/Rule/DefaultRetention/Mode"),
     offsetof(bucket_settings, lock_mode)},
};

#define RULE "/LifecycleConfiguration/Rule"

/* The lifecycle rule whose element is open. */
struct rule {
  text_slice days;
  bool enabled;
  bool has_filter; /* of a prefix that is not empty, a tag or a size */
};

struct reading {
  bucket_settings *settings;
  struct rule rule;
  text_arena *arena;
  bool known;
};

static const struct field *field_at(text_slice path) {
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if (text_slice_equal(path, fields[i].path)) {
      return &fields[i];
    }
  }
  return NULL;
}

static bool is_at(text_slice path, const char *wanted) {
  return text_slice_equal(path, text_slice_of(wanted));
}

static bool on_start(void *context, text_slice path) {
  struct reading *reading = context;
  static const char *const roots[] = {"/CORSConfiguration", "/LifecycleConfiguration",
                                      "/ServerSideEncryptionConfiguration", "/LocationConstraint",
                                      "/ObjectLockConfiguration"};
  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    reading->known |= is_at(path, roots[i]);
  }
  if (is_at(path, RULE)) {
    reading->rule = (struct rule){0};
  }
  return field_at(path) != NULL || text_slice_starts_with(path, TEXT_LITERAL(RULE "/"));
}

/* Behind what is there, with a comma. */
static bool add(text_slice *list, text_slice value, text_arena *arena) {
  text_buffer joined = text_arena_open(arena);
  text_buffer_append(&joined, *list);
  text_buffer_append_string(&joined, list->size > 0 ? "," : "");
  text_buffer_append(&joined, value);
  *list = text_arena_close(arena, &joined);
  return list->data != NULL;
}

static bool take_rule_part(struct reading *reading, text_slice path, text_slice value) {
  struct rule *rule = &reading->rule;
  if (is_at(path, RULE "/Status")) {
    rule->enabled = is_at(value, "Enabled");
  } else if (is_at(path, RULE "/AbortIncompleteMultipartUpload/DaysAfterInitiation")) {
    rule->days = text_arena_copy(reading->arena, value);
    return rule->days.data != NULL;
  } else if (is_at(path, RULE "/Prefix") ||
             text_slice_starts_with(path, TEXT_LITERAL(RULE "/Filter/"))) {
    rule->has_filter |= value.size > 0;
  }
  return true;
}

/* A rule for the whole bucket counts before one for a part. */
static void keep_rule(bucket_settings *settings, const struct rule *rule) {
  const bool better = settings->abort_days.size == 0 || settings->aborts_only_some;
  if (rule->enabled && rule->days.size > 0 && better) {
    settings->abort_days = rule->days;
    settings->aborts_only_some = rule->has_filter;
  }
}

static bool on_end(void *context, text_slice path, const text_slice *text) {
  struct reading *reading = context;
  if (is_at(path, RULE)) {
    keep_rule(reading->settings, &reading->rule);
  }
  if (text == NULL) {
    return true;
  }
  const struct field *field = field_at(path);
  if (field == NULL) {
    return take_rule_part(reading, path, *text);
  }
  text_slice list;
  char *target = (char *)reading->settings + field->offset;
  memcpy(&list, target, sizeof list);
  const bool added = add(&list, *text, reading->arena);
  memcpy(target, &list, sizeof list);
  return added;
}

bool bucket_settings_read(bucket_settings *settings, text_slice text, text_arena *arena) {
  char storage[VALUE_MAX_BYTES];
  text_buffer value;
  struct reading reading = {.settings = settings, .arena = arena};
  const s3_xml_visitor visitor = {on_start, on_end, &reading, &value};
  text_buffer_init(&value, storage, sizeof storage);
  return s3_xml_walk(text, &visitor, arena) && reading.known;
}
