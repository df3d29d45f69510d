#include "canonical.h"

#include <string.h>

#include "text/ascii.h"
#include "text/header_value.h"

/* A token that stands for itself in a query, where the names are listed. */
static bool is_name(text_slice name) {
  for (size_t i = 0; i < name.size; i++) {
    const char c = name.data[i];
    if (!text_ascii_is_alnum(c) && c != '-' && c != '.' && c != '_') {
      return false;
    }
  }
  return name.size > 0 && name.size <= S3_HEADER_NAME_MAX_BYTES;
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

/* After they were sorted. */
static void lower_names(s3_canonical_headers *headers) {
  char *at = headers->names;
  for (size_t i = 0; i < headers->count; i++) {
    text_slice *name = &headers->sorted[i].name;
    for (size_t j = 0; j < name->size; j++) {
      at[j] = text_ascii_lower(name->data[j]);
    }
    name->data = at;
    at[name->size] = ';';
    at += name->size + 1;
  }
  headers->names_bytes = (size_t)(at - headers->names) - 1;
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
  lower_names(headers);
  return S3_OK;
}

void s3_canonical_headers_append_names(const s3_canonical_headers *headers, text_buffer *buffer) {
  for (size_t i = 0; i < headers->count; i++) {
    text_buffer_append(buffer, i > 0 ? TEXT_LITERAL("%3B") : TEXT_LITERAL(""));
    text_buffer_append(buffer, headers->sorted[i].name);
  }
}

/* Where the pieces go: they are gathered as a text, and hashed when there is no more room for
 * them, if they are to be hashed. */
struct sink {
  text_buffer *text;
  s3_hash *hash;
};

static void flush(const struct sink *sink) {
  s3_hash_update(sink->hash, text_buffer_slice(sink->text));
  text_buffer_clear(sink->text);
}

static void put(const struct sink *sink, text_slice piece) {
  if (sink->hash != NULL && piece.size > sink->text->capacity - sink->text->size) {
    flush(sink);
    if (piece.size > sink->text->capacity) {
      s3_hash_update(sink->hash, piece);
      return;
    }
  }
  text_buffer_append(sink->text, piece);
}

static inline void put_byte(const struct sink *sink, char byte) {
  if (sink->text->size < sink->text->capacity) {
    sink->text->data[sink->text->size++] = byte;
  } else {
    put(sink, (text_slice){&byte, 1});
  }
}

static void put_headers(const struct sink *sink, const s3_canonical_headers *headers) {
  for (size_t i = 0; i < headers->count; i++) {
    put(sink, headers->sorted[i].name);
    put_byte(sink, ':');
    put(sink, headers->sorted[i].value);
    put_byte(sink, '\n');
  }
  put_byte(sink, '\n');
  put(sink, (text_slice){headers->names, headers->names_bytes});
}

/* By encoded name, then by encoded value. */
static int compare_parameters(const text_pair *a, const text_pair *b) {
  const int order = text_slice_compare(a->name, b->name);
  return order != 0 ? order : text_slice_compare(a->value, b->value);
}

/* Whether the parameters are in their order as the URL has them: the signature's, then the
 * others. */
static bool is_in_order(const s3_canonical_request *request) {
  if (request->query_count == 0) {
    return true;
  }
  bool ordered =
      request->own_count > 0 &&
      text_slice_compare(request->query[0].name, TEXT_LITERAL("X-Amz-SignedHeaders")) > 0;
  for (size_t i = 1; ordered && i < request->query_count; i++) {
    ordered = compare_parameters(&request->query[i - 1], &request->query[i]) <= 0;
  }
  return ordered;
}

typedef struct sorted_query {
  text_pair parameters[S3_CANONICAL_QUERY_MAX];
  size_t count;
} sorted_query;

static void insert_parameter(sorted_query *sorted, text_pair parameter) {
  size_t at = sorted->count++;
  while (at > 0 && compare_parameters(&parameter, &sorted->parameters[at - 1]) < 0) {
    sorted->parameters[at] = sorted->parameters[at - 1];
    at--;
  }
  sorted->parameters[at] = parameter;
}

static void sort_query(sorted_query *sorted, const s3_canonical_request *request) {
  sorted->count = 0;
  for (size_t i = 0; i < request->own_count; i++) {
    text_slice rest = request->own[i];
    text_pair parameter;
    while (text_slice_split(&rest, '&', &parameter.value)) {
      (void)text_slice_split(&parameter.value, '=', &parameter.name);
      insert_parameter(sorted, parameter);
    }
  }
  for (size_t i = 0; i < request->query_count; i++) {
    insert_parameter(sorted, request->query[i]);
  }
}

static void put_sorted(const struct sink *sink, const s3_canonical_request *request) {
  sorted_query query;
  sort_query(&query, request);
  for (size_t i = 0; i < query.count; i++) {
    put(sink, i > 0 ? TEXT_LITERAL("&") : TEXT_LITERAL(""));
    put(sink, query.parameters[i].name);
    put_byte(sink, '=');
    put(sink, query.parameters[i].value);
  }
}

static void put_place(const struct sink *sink, const s3_canonical_request *request) {
  put(sink, request->method);
  put_byte(sink, '\n');
  put(sink, request->path);
  put_byte(sink, '\n');
}

/* What the requests of a batch share: the operation's own parameters, such as partNumber, come
 * after those of the signature. */
static void put_start(const struct sink *sink, const s3_canonical_request *request) {
  put_place(sink, request);
  for (size_t i = 0; i < request->own_count; i++) {
    put(sink, i > 0 ? TEXT_LITERAL("&") : TEXT_LITERAL(""));
    put(sink, request->own[i]);
  }
}

static void put_rest(const struct sink *sink, const s3_canonical_request *request) {
  put_byte(sink, '\n');
  put_headers(sink, request->headers);
  put_byte(sink, '\n');
  put(sink, request->payload.size > 0 ? request->payload : TEXT_LITERAL("UNSIGNED-PAYLOAD"));
}

/* Hashes all parameters of a request that may be one of a batch. What a batch shares ends with the
 * name of the first of the others; its own name is all of that but the token. */
static void hash_query(const struct sink *sink, const s3_canonical_request *request,
                       s3_hash_memo *memo) {
  enum { PIECES = 6 };
  const size_t shared = request->query[0].name.size + 1; /* and the equals sign */
  const text_slice first = {request->query_text.data, shared};
  const text_slice name[PIECES] = {request->method,   request->path,
                                   request->own[0],   request->own[request->own_count - 1],
                                   TEXT_LITERAL("&"), first};
  if (!s3_hash_recall(memo, name, PIECES, sink->hash)) {
    s3_hash_start(sink->hash);
    put_start(sink, request);
    put_byte(sink, '&');
    put(sink, first);
    flush(sink);
    s3_hash_remember(memo, name, PIECES, sink->hash);
  }
  put(sink, text_slice_from(request->query_text, shared));
}

void s3_canonical_request_hash(const s3_canonical_request *request, s3_hash_memo *memo,
                               uint8_t digest[S3_HASH_BYTES]) {
  enum { GATHERED_BYTES = 8 * S3_SHA256_BLOCK_BYTES };
  char storage[GATHERED_BYTES];
  text_buffer text;
  s3_hash hash;
  const struct sink sink = {.text = &text, .hash = &hash};
  text_buffer_init(&text, storage, sizeof storage);
  if (!is_in_order(request)) {
    s3_hash_start(&hash);
    put_place(&sink, request);
    put_sorted(&sink, request);
  } else if (request->query_count > 0) {
    hash_query(&sink, request, memo);
  } else { /* it is of no batch */
    s3_hash_start(&hash);
    put_start(&sink, request);
  }
  put_rest(&sink, request);
  flush(&sink);
  s3_hash_finish(&hash, digest);
}

void s3_canonical_request_append(const s3_canonical_request *request, text_buffer *text) {
  const struct sink sink = {.text = text};
  put_place(&sink, request);
  put_sorted(&sink, request);
  put_rest(&sink, request);
}
