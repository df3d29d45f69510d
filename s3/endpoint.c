#include "endpoint.h"

#include "access_point.h"
#include "endpoint_url.h"
#include "names.h"

/* AWS's partitions by how the names of their regions begin; the last row is for
 * every other region. */
static const struct partition {
  text_slice region_prefix;
  text_slice name; /* as ARNs have it */
  text_slice suffix;
  bool has_dualstack;
  bool has_fips;
  bool has_edges; /* that accelerate */
} partitions[] = {
    {TEXT_INITIALIZER("cn-"), TEXT_INITIALIZER("aws-cn"), TEXT_INITIALIZER("amazonaws.com.cn"),
     true, false, false},
    {TEXT_INITIALIZER("us-gov-"), TEXT_INITIALIZER("aws-us-gov"), TEXT_INITIALIZER("amazonaws.com"),
     true, true, false},
    {TEXT_INITIALIZER("us-iso-"), TEXT_INITIALIZER("aws-iso"), TEXT_INITIALIZER("c2s.ic.gov"),
     false, true, false},
    {TEXT_INITIALIZER("us-isob-"), TEXT_INITIALIZER("aws-iso-b"), TEXT_INITIALIZER("sc2s.sgov.gov"),
     false, true, false},
    {TEXT_INITIALIZER("us-isof-"), TEXT_INITIALIZER("aws-iso-f"),
     TEXT_INITIALIZER("csp.hci.ic.gov"), false, true, false},
    {TEXT_INITIALIZER("eu-isoe-"), TEXT_INITIALIZER("aws-iso-e"),
     TEXT_INITIALIZER("cloud.adc-e.uk"), false, true, false},
    {TEXT_INITIALIZER("eusc-"), TEXT_INITIALIZER("aws-eusc"), TEXT_INITIALIZER("amazonaws.eu"),
     true, true, false},
    {TEXT_INITIALIZER(""), TEXT_INITIALIZER("aws"), TEXT_INITIALIZER("amazonaws.com"), true, true,
     true},
};

static const struct partition *partition_of(text_slice region) {
  size_t row = 0;
  while (!text_slice_starts_with(region, partitions[row].region_prefix)) {
    row++;
  }
  return &partitions[row];
}

s3_status s3_bucket_check(text_slice bucket) {
  if (!s3_access_point_is_arn(bucket)) {
    const s3_status status = s3_access_point_check_name(bucket);
    return status != S3_OK || s3_bucket_is_valid(bucket) ? status : S3_BAD_BUCKET;
  }
  s3_access_point point;
  const s3_status status = s3_access_point_parse(&point, bucket);
  if (status != S3_OK) {
    return status;
  }
  return text_slice_equal(point.partition, partition_of(point.region)->name) ? S3_OK : S3_BAD_ARN;
}

/* What stands before a host, and where that is. */
struct place {
  text_slice region;
  text_slice service; /* s3 or s3-accesspoint */
  text_slice bucket;  /* or access point; goes into the host or, with path style, the path */
  text_slice account; /* of an access point; else empty */
};

static void find_place(struct place *place, const s3_endpoint_options *options) {
  s3_access_point point;
  *place = (struct place){options->region, TEXT_LITERAL("s3"), options->bucket, TEXT_LITERAL("")};
  if (s3_access_point_is_arn(options->bucket) &&
      s3_access_point_parse(&point, options->bucket) == S3_OK) {
    *place =
        (struct place){point.region, TEXT_LITERAL("s3-accesspoint"), point.name, point.account};
  }
}

/* An edge belongs to no region, and finds the bucket by the host's name. */
static bool can_accelerate(const s3_endpoint_options *options) {
  return !options->fips && options->addressing != S3_ADDRESSING_PATH &&
         !text_slice_contains(options->bucket, '.') && s3_bucket_fits_host(options->bucket) &&
         !s3_access_point_is_named(options->bucket);
}

/* The host of AWS's endpoint: s3[-fips][.dualstack].region.suffix, or
 * s3-accelerate[.dualstack].suffix */
static s3_status append_aws_host(text_buffer *host, const struct place *place,
                                 const s3_endpoint_options *options) {
  const struct partition *partition = partition_of(place->region);
  if (options->dualstack && !partition->has_dualstack) {
    return S3_NO_DUALSTACK;
  }
  if (options->fips && !partition->has_fips) {
    return S3_NO_FIPS;
  }
  if (options->accelerate && !(partition->has_edges && can_accelerate(options))) {
    return S3_NO_ACCELERATION;
  }
  text_buffer_append(host, place->service);
  text_buffer_append_string(host, options->fips ? "-fips" : "");
  text_buffer_append_string(host, options->accelerate ? "-accelerate" : "");
  text_buffer_append_string(host, options->dualstack ? ".dualstack." : ".");
  if (!options->accelerate) {
    text_buffer_append(host, place->region);
    text_buffer_append_byte(host, '.');
  }
  text_buffer_append(host, partition->suffix);
  return S3_OK;
}

static bool is_path_style(const struct place *place, const s3_endpoint_options *options) {
  if (place->account.size > 0) {
    return false;
  }
  switch (options->addressing) {
  case S3_ADDRESSING_PATH:
    return true;
  case S3_ADDRESSING_VIRTUAL:
    return false;
  default:
    /* A wildcard certificate does not cover a name with a dot, and other stores
     * seldom have a name for each bucket. An older bucket's may be no host's at all. */
    return options->url.size > 0 || text_slice_contains(options->bucket, '.') ||
           !s3_bucket_fits_host(options->bucket);
  }
}

/* What all depends on: the endpoint without the bucket. */
struct base {
  text_slice scheme;
  text_slice host;
  text_slice path;
  bool takes_bucket; /* the bucket's name may stand before the host */
};

static s3_status find_base(struct base *base, const struct place *place,
                           const s3_endpoint_options *options, text_arena *arena) {
  if (options->url.size > 0) {
    s3_endpoint_url url;
    if (options->dualstack || options->fips || options->accelerate) {
      return S3_ONLY_ON_AWS;
    }
    if (!s3_endpoint_url_parse(&url, options->url, arena)) {
      return S3_BAD_ENDPOINT;
    }
    base->scheme = url.scheme;
    base->host = url.host;
    base->path = url.path;
    base->takes_bucket = !url.is_address;
    return S3_OK;
  }
  text_buffer host = text_arena_open(arena);
  const s3_status status = append_aws_host(&host, place, options);
  base->scheme = TEXT_LITERAL("https://");
  base->host = text_arena_close(arena, &host);
  base->path = TEXT_LITERAL("");
  base->takes_bucket = !text_slice_contains(place->bucket, '.');
  return host.overflowed ? S3_NO_ROOM : status;
}

static s3_status join(s3_endpoint *endpoint, const struct base *base, const struct place *place,
                      bool path_style, text_arena *arena) {
  text_buffer origin = text_arena_open(arena);
  text_buffer_append(&origin, base->scheme);
  if (!path_style) {
    text_buffer_append(&origin, place->bucket);
    text_buffer_append_string(&origin, place->account.size > 0 ? "-" : "");
    text_buffer_append(&origin, place->account);
    text_buffer_append_byte(&origin, '.');
  }
  text_buffer_append(&origin, base->host);
  endpoint->origin = text_arena_close(arena, &origin);
  endpoint->host = text_slice_from(endpoint->origin, base->scheme.size);
  text_buffer path = text_arena_open(arena);
  text_buffer_append(&path, base->path);
  if (path_style) {
    text_buffer_append_byte(&path, '/');
    text_buffer_append(&path, place->bucket);
  }
  endpoint->path = text_arena_close(arena, &path);
  return origin.overflowed || path.overflowed ? S3_NO_ROOM : S3_OK;
}

s3_status s3_endpoint_init(s3_endpoint *endpoint, const s3_endpoint_options *options,
                           text_arena *arena) {
  struct place place;
  struct base base;
  if (!s3_region_is_valid(options->region)) {
    return S3_BAD_REGION;
  }
  s3_status status = s3_bucket_check(options->bucket);
  if (status != S3_OK) {
    return status;
  }
  find_place(&place, options);
  if (place.account.size > 0 && options->addressing == S3_ADDRESSING_PATH) {
    return S3_NO_PATH_STYLE;
  }
  status = find_base(&base, &place, options, arena);
  if (status != S3_OK) {
    return status;
  }
  const bool path_style = is_path_style(&place, options);
  const bool fits = place.account.size > 0 || s3_bucket_fits_host(place.bucket);
  if (!path_style && !(base.takes_bucket && fits)) {
    return S3_NO_VIRTUAL_HOST;
  }
  endpoint->bucket = options->bucket;
  endpoint->region = place.region;
  return join(endpoint, &base, &place, path_style, arena);
}
