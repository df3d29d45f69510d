#include "presign.h"

#include "text/ascii.h"
#include "text/percent.h"

/* The URL in the making. Each parameter is encoded into the URL once, and the
 * canonical request is made of the very bytes that stand there. */
typedef struct presigned {
  text_buffer *url;
  text_pair query[S3_CANONICAL_QUERY_MAX];
  size_t query_count;
} presigned;

bool s3_key_is_usable(text_slice key) {
  text_slice rest = key;
  text_slice segment;
  while (text_slice_split(&rest, '/', &segment)) {
    if (text_slice_equal(segment, TEXT_LITERAL(".")) ||
        text_slice_equal(segment, TEXT_LITERAL(".."))) {
      return false;
    }
  }
  return key.size > 0 && key.size <= S3_KEY_MAX_BYTES;
}

static bool is_method(text_slice method) {
  for (size_t i = 0; i < method.size; i++) {
    if (!text_ascii_is_upper(method.data[i])) {
      return false;
    }
  }
  return method.size > 0;
}

static s3_status check_options(const s3_presign_options *options) {
  if (options->expires_seconds < 1 || options->expires_seconds > S3_EXPIRES_MAX_SECONDS) {
    return S3_BAD_EXPIRES;
  }
  if (!is_method(options->method)) {
    return S3_BAD_METHOD;
  }
  if (options->of_bucket ? options->key.size > 0 : !s3_key_is_usable(options->key)) {
    return S3_BAD_KEY;
  }
  return options->query_count > S3_QUERY_MAX ? S3_TOO_MANY : S3_OK;
}

/* A parameter is written in three steps: what is appended to the URL after each of the
 * first two is its name, and then its value, both encoded. */
static void begin_name(presigned *made) {
  text_buffer_append_byte(made->url, made->query_count > 0 ? '&' : '?');
  made->query[made->query_count].name.size = made->url->size; /* where it starts, for now */
}

static void begin_value(presigned *made) {
  text_pair *parameter = &made->query[made->query_count];
  parameter->name = text_slice_from(text_buffer_slice(made->url), parameter->name.size);
  text_buffer_append_byte(made->url, '=');
  parameter->value.size = made->url->size; /* as above */
}

static void end_parameter(presigned *made) {
  text_pair *parameter = &made->query[made->query_count++];
  parameter->value = text_slice_from(text_buffer_slice(made->url), parameter->value.size);
}

/* One of the signature's own, whose names need no encoding. */
static void begin_parameter(presigned *made, text_slice name) {
  begin_name(made);
  text_buffer_append(made->url, name);
  begin_value(made);
}

static void add_parameter(presigned *made, text_pair parameter) {
  begin_name(made);
  text_percent_append_encoded(made->url, parameter.name);
  begin_value(made);
  text_percent_append_encoded(made->url, parameter.value);
  end_parameter(made);
}

static void add_plain(presigned *made, text_slice name, text_slice value) {
  begin_parameter(made, name);
  text_buffer_append(made->url, value);
  end_parameter(made);
}

static void add_credential(presigned *made, const s3_signer *signer,
                           const s3_timestamp *timestamp) {
  char storage[256];
  text_buffer credential;
  text_buffer_init(&credential, storage, sizeof storage);
  s3_signer_append_credential(signer, timestamp, &credential);
  begin_parameter(made, TEXT_LITERAL("X-Amz-Credential"));
  text_percent_append_encoded(made->url, text_buffer_slice(&credential));
  end_parameter(made);
  made->url->overflowed |= credential.overflowed;
}

static void add_expires(presigned *made, int64_t seconds) {
  begin_parameter(made, TEXT_LITERAL("X-Amz-Expires"));
  text_buffer_append_decimal(made->url, seconds);
  end_parameter(made);
}

static void add_signed_headers(presigned *made, const s3_canonical_headers *headers) {
  begin_parameter(made, TEXT_LITERAL("X-Amz-SignedHeaders"));
  s3_canonical_headers_append_names(headers, "%3B", made->url);
  end_parameter(made);
}

/* The token was encoded once, when the signer was made. */
static void add_token(presigned *made, const s3_signer *signer) {
  if (signer->encoded_token.size > 0) {
    add_plain(made, TEXT_LITERAL("X-Amz-Security-Token"), signer->encoded_token);
  }
}

/* In botocore's order, so that the two can be compared byte for byte. */
static void add_query(presigned *made, const s3_signer *signer, const s3_presign_options *options,
                      const s3_timestamp *timestamp, const s3_canonical_headers *headers) {
  for (size_t i = 0; i < options->query_count; i++) {
    add_parameter(made, options->query[i]);
  }
  add_plain(made, TEXT_LITERAL("X-Amz-Algorithm"), TEXT_LITERAL("AWS4-HMAC-SHA256"));
  add_credential(made, signer, timestamp);
  add_plain(made, TEXT_LITERAL("X-Amz-Date"), s3_timestamp_slice(timestamp));
  add_expires(made, options->expires_seconds);
  add_signed_headers(made, headers);
  add_token(made, signer);
}

static void append_signature(text_buffer *url, s3_signer *signer, const s3_timestamp *timestamp,
                             const s3_canonical_request *request) {
  uint8_t digest[S3_HASH_BYTES];
  s3_canonical_request_hash(request, &signer->canonical_start, digest);
  text_buffer_append_string(url, "&X-Amz-Signature=");
  s3_canonical_append_signature(signer, timestamp, digest, url);
}

/* Appends origin and path, and returns the path. */
static text_slice append_path(text_buffer *url, const s3_presign_options *options) {
  text_buffer_append(url, options->endpoint->origin);
  const size_t start = url->size;
  text_buffer_append(url, options->endpoint->path);
  text_buffer_append_byte(url, '/');
  text_percent_append_encoded_path(url, options->key);
  return text_slice_from(text_buffer_slice(url), start);
}

s3_status s3_presign(s3_signer *signer, const s3_presign_options *options, text_buffer *url) {
  s3_timestamp timestamp;
  s3_canonical_headers headers;
  s3_status status = check_options(options);
  if (status == S3_OK) {
    status = s3_canonical_headers_init(&headers, options->headers, options->header_count,
                                       options->endpoint->host);
  }
  if (status != S3_OK) {
    return status;
  }
  if (!s3_timestamp_init(&timestamp, options->time_seconds)) {
    return S3_BAD_TIME;
  }
  const size_t start = url->size;
  presigned made = {.url = url};
  const text_slice path = append_path(url, options);
  add_query(&made, signer, options, &timestamp, &headers);
  const s3_canonical_request request = {.method = options->method,
                                        .path = path,
                                        .query = made.query,
                                        .query_count = made.query_count,
                                        .headers = &headers};
  append_signature(url, signer, &timestamp, &request);
  if (url->overflowed) {
    url->size = start;
    return S3_NO_ROOM;
  }
  return S3_OK;
}
