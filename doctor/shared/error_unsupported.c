/* What a store does not do: of forms, headers and calls each store lacks others, and says it with
 * the same code. */
#include "error_table.h"
#include "error_telling.h"

static const char send_the_size[] =
    "Send the size: give the client a file or bytes, not a stream of unknown length.";

static void tell_no_forms(const error_telling *telling) {
  findings_add_likely(
      telling->findings, CAUSE_STORE, TEXT_LITERAL("The store takes no forms (POST Object)."),
      TEXT_LITERAL("Upload with a signed PUT: /signed_url, and UPLOAD_FORM=put for /s3/params."));
}

static void tell_header(const error_telling *telling, text_slice header) {
  if (text_slice_equal_ignoring_case(header, TEXT_LITERAL("Transfer-Encoding"))) {
    findings_add(telling->findings, CAUSE_HEADER_OTHER,
                 TEXT_LITERAL("The body was streamed (Transfer-Encoding: chunked), which the store "
                              "does not take."),
                 text_slice_of(send_the_size));
    return;
  }
  findings_add(
      telling->findings, CAUSE_STORE,
      WORDS(telling->arena, "The header {} asks for what the store does not do.", header),
      TEXT_LITERAL("Leave it out of what is signed and sent, or use a store that has it."));
}

/* What asks for more than to store bytes. */
static bool asks_for_more(text_slice name) {
  const text_slice prefix = TEXT_LITERAL("x-amz-");
  const text_slice start = {name.data, name.size < prefix.size ? name.size : prefix.size};
  return (text_slice_equal_ignoring_case(start, prefix) &&
          !text_slice_equal_ignoring_case(name, TEXT_LITERAL("x-amz-content-sha256"))) ||
         text_slice_equal_ignoring_case(name, TEXT_LITERAL("if-none-match")) ||
         text_slice_equal_ignoring_case(name, TEXT_LITERAL("if-match")) ||
         text_slice_equal_ignoring_case(name, TEXT_LITERAL("transfer-encoding"));
}

static void append_name(text_buffer *names, text_slice name) {
  if (asks_for_more(name)) {
    text_buffer_append_string(names, names->size > 0 ? ", " : "");
    text_buffer_append(names, name);
  }
}

/* The headers of the request, signed or only sent, that a store may lack. */
static text_slice suspects(const error_telling *telling) {
  const error_request *request = telling->request;
  text_buffer names = text_arena_open(telling->arena);
  text_slice rest = request->url != NULL ? request->url->signed_names : TEXT_LITERAL("");
  text_slice name;
  while (rest.size > 0 && text_slice_split(&rest, ';', &name)) {
    append_name(&names, name);
  }
  for (size_t i = 0; i < request->header_count; i++) {
    if (request->url == NULL || !signed_url_signs(request->url, request->headers[i].name)) {
      append_name(&names, request->headers[i].name);
    }
  }
  return text_arena_close(telling->arena, &names);
}

void error_tell_not_implemented(const error_telling *telling) {
  if (telling->error->header.size > 0) {
    tell_header(telling, telling->error->header);
    return;
  }
  if (telling->request->is_form) {
    tell_no_forms(telling);
    return;
  }
  const text_slice names = suspects(telling);
  if (names.size > 0) {
    findings_add_likely(
        telling->findings, CAUSE_STORE,
        WORDS(telling->arena, "The store does not do what a header asks for: {}.", names),
        TEXT_LITERAL("Leave out what is not needed of these, in what is signed and in what is "
                     "sent, or use a store that has it."));
  } else if (error_says(telling->error, "header")) {
    findings_add_likely(
        telling->findings, CAUSE_HEADER_OTHER,
        TEXT_LITERAL("A header asks for what the store does not do; of those that clients send by "
                     "themselves it is mostly Transfer-Encoding: chunked."),
        text_slice_of(send_the_size));
  }
}

void error_tell_method(const error_telling *telling) {
  if (telling->request->is_form) {
    tell_no_forms(telling);
  } else {
    (void)error_table_add(telling->findings, telling->error->code);
  }
}
