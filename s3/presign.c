#include "presign.h"

#include "text/ascii.h"
#include "text/percent.h"

/* The URL in the making. Each parameter is encoded into the URL once, and the
 * canonical request is made of the very bytes that stand there. */
typedef struct presigned {
  text_buffer *url;
  text_pair query[S3_QUERY_MAX]; /* the operation's */
  s3_canonical_request request;
} presigned;

/* Whether the dot at `at` begins a segment that is "." or "..". */
static bool is_dot_segment(text_slice key, size_t at) {
  const bool begins = at == 0 || key.data[at - 1] == '/';
  const size_t next = at + 1 < key.size && key.data[at + 1] == '.' ? at + 2 : at + 1;
  return begins && (next == key.size || key.data[next] == '/');
}

bool s3_key_is_usable(text_slice key) {
  text_slice rest = key;
  text_slice before_dot;
  while (text_slice_split(&rest, '.', &before_dot) && rest.data != NULL) {
    if (is_dot_segment(key, key.size - rest.size - 1)) {
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

/* What was appended to the URL from byte `start` on. */
static text_slice appended(const text_buffer *url, size_t start) {
  return (text_slice){url->data + start, url->size - start};
}

static void add_parameter(text_buffer *url, const text_pair *parameter, text_pair *added) {
  const size_t name_start = url->size;
  text_percent_append_encoded(url, parameter->name);
  added->name = appended(url, name_start);
  text_buffer_append_byte(url, '=');
  const size_t value_start = url->size;
  text_percent_append_encoded(url, parameter->value);
  added->value = appended(url, value_start);
}

static void add_others(presigned *made, const s3_presign_options *options) {
  const size_t start = made->url->size;
  for (size_t i = 0; i < options->query_count; i++) {
    if (i > 0) {
      text_buffer_append_byte(made->url, '&');
    }
    add_parameter(made->url, &options->query[i], &made->query[i]);
  }
  made->request.query = made->query;
  made->request.query_count = options->query_count;
  made->request.query_text = appended(made->url, start);
  if (options->query_count > 0) {
    text_buffer_append_byte(made->url, '&');
  }
}

/* The order of their names, in which the token comes before the signed headers, is not that of
 * the URL. */
static void add_own(presigned *made, const s3_signer *signer, const s3_moment *moment,
                    const s3_presign_options *options, const s3_canonical_headers *headers) {
  text_buffer *url = made->url;
  s3_canonical_request *request = &made->request;
  size_t start = url->size;
  text_buffer_append(url, (text_slice){moment->query, moment->query_bytes});
  text_buffer_append_decimal(url, options->expires_seconds);
  request->own[0] = appended(url, start);
  request->own[1] = signer->token_parameter;
  request->own_count = signer->token_parameter.size > 0 ? 3 : 2;
  text_buffer_append_byte(url, '&');
  start = url->size;
  text_buffer_append(url, TEXT_LITERAL("X-Amz-SignedHeaders="));
  s3_canonical_headers_append_names(headers, url);
  request->own[request->own_count - 1] = appended(url, start);
  if (signer->token_parameter.size > 0) {
    text_buffer_append_byte(url, '&');
    text_buffer_append(url, signer->token_parameter);
  }
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

static void append_signature(text_buffer *url, s3_signer *signer, const s3_moment *moment,
                             const s3_canonical_request *request) {
  uint8_t digest[S3_HASH_BYTES];
  s3_canonical_request_hash(request, &signer->canonical_start, digest);
  text_buffer_append(url, TEXT_LITERAL("&X-Amz-Signature="));
  s3_signer_append_request_signature(signer, moment, digest, url);
}

/* In botocore's order, so that the two can be compared byte for byte. */
static void append_url(text_buffer *url, s3_signer *signer, const s3_moment *moment,
                       const s3_presign_options *options, const s3_canonical_headers *headers) {
  presigned made; /* not cleared, for it is large */
  made.url = url;
  made.request.method = options->method;
  made.request.path = append_path(url, options);
  made.request.headers = headers;
  made.request.payload = TEXT_LITERAL("");
  text_buffer_append_byte(url, '?');
  add_others(&made, options);
  add_own(&made, signer, moment, options, headers);
  if (!url->overflowed) {
    append_signature(url, signer, moment, &made.request);
  }
}

s3_status s3_presign(s3_signer *signer, const s3_presign_options *options, text_buffer *url) {
  s3_canonical_headers headers;
  s3_status status = check_options(options);
  if (status == S3_OK) {
    status = s3_canonical_headers_init(&headers, options->headers, options->header_count,
                                       options->endpoint->host);
  }
  if (status != S3_OK) {
    return status;
  }
  const s3_moment *moment = s3_signer_moment(signer, options->time_seconds);
  if (moment == NULL) {
    return S3_BAD_TIME;
  }
  const size_t start = url->size;
  if (moment->query_bytes > 0) {
    append_url(url, signer, moment, options, &headers);
  } else {
    url->overflowed = true; /* the credential is too long */
  }
  if (url->overflowed) {
    url->size = start;
    return S3_NO_ROOM;
  }
  return S3_OK;
}
