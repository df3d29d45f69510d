#include "access_point.h"

#include "names.h"
#include "text/ascii.h"

enum { ACCOUNT_DIGITS = 12, NAME_MAX_BYTES = 50 };

static const text_slice arn_start = TEXT_INITIALIZER("arn:");

bool s3_access_point_is_arn(text_slice bucket) {
  return text_slice_starts_with(bucket, arn_start);
}

bool s3_access_point_is_named(text_slice bucket) {
  return s3_access_point_is_arn(bucket) || text_slice_ends_with(bucket, TEXT_LITERAL("-s3alias"));
}

static const struct kind {
  text_slice text;
  s3_status status;
} endings[] = {
    {TEXT_INITIALIZER(".mrap"), S3_NO_MULTI_REGION},
    {TEXT_INITIALIZER("--x-s3"), S3_NO_EXPRESS},
    {TEXT_INITIALIZER("--xa-s3"), S3_NO_EXPRESS},
    {TEXT_INITIALIZER("--op-s3"), S3_NO_OUTPOSTS},
    {TEXT_INITIALIZER("--ol-s3"), S3_NO_OBJECT_LAMBDA},
};

static const struct kind services[] = {
    {TEXT_INITIALIZER("s3"), S3_OK},
    {TEXT_INITIALIZER("s3express"), S3_NO_EXPRESS},
    {TEXT_INITIALIZER("s3-outposts"), S3_NO_OUTPOSTS},
    {TEXT_INITIALIZER("s3-object-lambda"), S3_NO_OBJECT_LAMBDA},
};

s3_status s3_access_point_check_name(text_slice bucket) {
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    if (text_slice_ends_with(bucket, endings[i].text)) {
      return endings[i].status;
    }
  }
  return S3_OK;
}

static s3_status check_service(text_slice service) {
  for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
    if (text_slice_equal(service, services[i].text)) {
      return services[i].status;
    }
  }
  return S3_BAD_ARN;
}

static bool is_account(text_slice account) {
  for (size_t i = 0; i < account.size; i++) {
    if (!text_ascii_is_digit(account.data[i])) {
      return false;
    }
  }
  return account.size == ACCOUNT_DIGITS;
}

/* Takes the resource's type off, which a slash or a colon ends. */
static bool take_type(text_slice *resource) {
  const text_slice type = TEXT_LITERAL("accesspoint");
  if (!text_slice_starts_with(*resource, type) || resource->size == type.size ||
      (resource->data[type.size] != '/' && resource->data[type.size] != ':')) {
    return false;
  }
  *resource = text_slice_from(*resource, type.size + 1);
  return true;
}

s3_status s3_access_point_parse(s3_access_point *point, text_slice arn) {
  text_slice rest = text_slice_from(arn, arn_start.size);
  text_slice service = {NULL, 0};
  *point = (s3_access_point){.name = {NULL, 0}};
  if (!text_slice_split(&rest, ':', &point->partition) || !text_slice_split(&rest, ':', &service) ||
      !text_slice_split(&rest, ':', &point->region) ||
      !text_slice_split(&rest, ':', &point->account)) {
    return S3_BAD_ARN;
  }
  const s3_status status = check_service(service);
  if (status != S3_OK) {
    return status;
  }
  if (!take_type(&rest)) {
    return S3_BAD_ARN;
  }
  if (point->region.size == 0) {
    return S3_NO_MULTI_REGION;
  }
  point->name = rest;
  return s3_region_is_valid(point->region) && is_account(point->account) &&
                 s3_bucket_fits_host(point->name) && !text_slice_contains(point->name, '.') &&
                 point->name.size <= NAME_MAX_BYTES
             ? S3_OK
             : S3_BAD_ARN;
}
