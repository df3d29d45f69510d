#include "canonical.h"

#include "text/ascii.h"
#include "text/header_value.h"

enum { NAME_MAX_BYTES = 64 };

/* A token that stands for itself in a query, where the names are listed. */
static bool is_name(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_') {
      return false;
    }
  }
  return name.size > 0 && name.size <= NAME_MAX_BYTES;
}

static int compare_names(text_slice a, text_slice b) {
  for (size_t i = 0; i < a.size && i < b.size; i++) {
    const int order = text_ascii_lower(a.data[i]) - text_ascii_lower(b.data[i]);
    if (order != 0) {
      return order;
    }
  }
  return (a.size > b.size) - (a.size < b.size);
}

/* Into its place among the sorted; false when the name is there already. */
static bool insert_header(s3_canonical_headers *headers, text_pair header) {
  size_t at = headers->count;
  while (at > 0 && compare_names(header.name, headers->sorted[at - 1].name) < 0) {
    headers->sorted[at] = headers->sorted[at - 1];
    at--;
  }
  headers->sorted[at] = header;
  headers->count++;
  return at == 0 || compare_names(header.name, headers->sorted[at - 1].name) != 0;
}

s3_status s3_canonical_headers_init(s3_canonical_headers *headers, const text_pair *given,
                                    size_t count, text_slice host) {
  if (count > S3_HEADERS_MAX) {
    return S3_TOO_MANY;
  }
  headers->count = 0;
  (void)insert_header(headers, (text_pair){TEXT_LITERAL("host"), host});
  for (size_t i = 0; i < count; i++) {
    if (!is_name(given[i].name) || !text_header_value_is_usable(given[i].value) ||
        !insert_header(headers, given[i])) {
      return S3_BAD_HEADER;
    }
  }
  return S3_OK;
}

static void append_lower(text_buffer *buffer, text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    text_buffer_append_byte(buffer, text_ascii_lower(name.data[i]));
  }
}

void s3_canonical_headers_append_names(const s3_canonical_headers *headers, const char *separator,
                                       text_buffer *buffer) {
  for (size_t i = 0; i < headers->count; i++) {
    text_buffer_append_string(buffer, i > 0 ? separator : "");
    append_lower(buffer, headers->sorted[i].name);
  }
}

/* Where the pieces go: one of the two. */
struct sink {
  s3_hash *hash;
  text_buffer *text;
  bool leaves_token_out;
};

static void put(const struct sink *sink, text_slice piece) {
  if (sink->hash != NULL) {
    s3_hash_update(sink->hash, piece);
  } else {
    text_buffer_append(sink->text, piece);
  }
}

static void put_headers(const struct sink *sink, const s3_canonical_headers *headers) {
  char storage[(S3_HEADERS_MAX + 1) * (NAME_MAX_BYTES + 1)];
  text_buffer text;
  for (size_t i = 0; i < headers->count; i++) {
    text_buffer_init(&text, storage, sizeof storage);
    append_lower(&text, headers->sorted[i].name);
    text_buffer_append_byte(&text, ':');
    put(sink, text_buffer_slice(&text));
    put(sink, headers->sorted[i].value);
    put(sink, TEXT_LITERAL("\n"));
  }
  text_buffer_init(&text, storage, sizeof storage);
  text_buffer_append_byte(&text, '\n');
  s3_canonical_headers_append_names(headers, ";", &text);
  put(sink, text_buffer_slice(&text));
}

/* By encoded name, then by encoded value. */
static int compare_parameters(const text_pair *a, const text_pair *b) {
  const int order = text_slice_compare(a->name, b->name);
  return order != 0 ? order : text_slice_compare(a->value, b->value);
}

/* The parameters in their order. */
typedef struct sorted_query {
  const text_pair *parameters[S3_CANONICAL_QUERY_MAX];
  size_t count;
} sorted_query;

static void sort_query(sorted_query *sorted, const s3_canonical_request *request) {
  sorted->count = request->query_count;
  for (size_t i = 0; i < request->query_count; i++) {
    size_t at = i;
    while (at > 0 && compare_parameters(&request->query[i], sorted->parameters[at - 1]) < 0) {
      sorted->parameters[at] = sorted->parameters[at - 1];
      at--;
    }
    sorted->parameters[at] = &request->query[i];
  }
}

static bool is_token(text_slice name) {
  return text_slice_equal(name, TEXT_LITERAL("X-Amz-Security-Token"));
}

static void put_parameters(const struct sink *sink, const sorted_query *query, size_t from,
                           size_t to) {
  for (size_t i = from; i < to; i++) {
    put(sink, i > 0 ? TEXT_LITERAL("&") : TEXT_LITERAL(""));
    const text_pair *parameter = query->parameters[i];
    const bool is_left_out = sink->leaves_token_out && is_token(parameter->name);
    put(sink, parameter->name);
    put(sink, TEXT_LITERAL("="));
    put(sink, is_left_out ? TEXT_LITERAL("") : parameter->value);
  }
}

/* Up to the parameter `to`. */
static void put_start(const struct sink *sink, const s3_canonical_request *request,
                      const sorted_query *query, size_t to) {
  put(sink, request->method);
  put(sink, TEXT_LITERAL("\n"));
  put(sink, request->path);
  put(sink, TEXT_LITERAL("\n"));
  put_parameters(sink, query, 0, to);
}

static void put_rest(const struct sink *sink, const s3_canonical_request *request,
                     const sorted_query *query, size_t from) {
  put_parameters(sink, query, from, query->count);
  put(sink, TEXT_LITERAL("\n"));
  put_headers(sink, request->headers);
  put(sink, TEXT_LITERAL("\n"));
  put(sink, request->payload.size > 0 ? request->payload : TEXT_LITERAL("UNSIGNED-PAYLOAD"));
}

/* How many parameters the requests of a batch share: those of the signature come first,
 * and the operation's own, such as partNumber, after them. */
static size_t count_shared(const sorted_query *query) {
  size_t count = 0;
  while (count < query->count &&
         text_slice_starts_with(query->parameters[count]->name, TEXT_LITERAL("X-Amz-"))) {
    count++;
  }
  return count;
}

/* Starts the hash with what a batch shares. The name is the text itself, but for the
 * token's value. */
static void start_hash(s3_hash *hash, const s3_canonical_request *request,
                       const sorted_query *query, size_t shared, s3_hash_memo *memo) {
  char storage[S3_HASH_MEMO_BYTES];
  text_buffer name;
  text_buffer_init(&name, storage, sizeof storage);
  if (shared < query->count) { /* else it is of no batch */
    put_start(&(struct sink){.text = &name, .leaves_token_out = true}, request, query, shared);
  }
  const text_slice whole = name.overflowed ? TEXT_LITERAL("") : text_buffer_slice(&name);
  if (!s3_hash_recall(memo, whole, hash)) {
    s3_hash_start(hash);
    put_start(&(struct sink){.hash = hash}, request, query, shared);
    s3_hash_remember(memo, whole, hash);
  }
}

void s3_canonical_request_hash(const s3_canonical_request *request, s3_hash_memo *memo,
                               uint8_t digest[S3_HASH_BYTES]) {
  sorted_query query;
  s3_hash hash;
  sort_query(&query, request);
  const size_t shared = count_shared(&query);
  start_hash(&hash, request, &query, shared, memo);
  put_rest(&(struct sink){.hash = &hash}, request, &query, shared);
  s3_hash_finish(&hash, digest);
}

void s3_canonical_request_append(const s3_canonical_request *request, text_buffer *text) {
  sorted_query query;
  sort_query(&query, request);
  put_start(&(struct sink){.text = text}, request, &query, query.count);
  put_rest(&(struct sink){.text = text}, request, &query, query.count);
}

void s3_canonical_append_signature(s3_signer *signer, const s3_timestamp *timestamp,
                                   const uint8_t digest[S3_HASH_BYTES], text_buffer *out) {
  enum { ALGORITHM_BYTES = 16, TIME_BYTES = 16, SCOPE_MAX_BYTES = 128, LINE_ENDS = 3 };
  char storage[ALGORITHM_BYTES + TIME_BYTES + SCOPE_MAX_BYTES + LINE_ENDS + 2 * S3_HASH_BYTES];
  text_buffer string_to_sign;
  text_buffer_init(&string_to_sign, storage, sizeof storage);
  text_buffer_append_string(&string_to_sign, "AWS4-HMAC-SHA256\n");
  text_buffer_append(&string_to_sign, s3_timestamp_slice(timestamp));
  text_buffer_append_byte(&string_to_sign, '\n');
  s3_signer_append_scope(signer, timestamp, &string_to_sign);
  text_buffer_append_byte(&string_to_sign, '\n');
  s3_hash_append_hex(&string_to_sign, digest);
  s3_signer_append_signature(signer, timestamp, text_buffer_slice(&string_to_sign), out);
  out->overflowed |= string_to_sign.overflowed;
}
