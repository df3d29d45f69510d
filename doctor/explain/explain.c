#include "explain.h"

#include "credentials.h"
#include "doctor/shared/error_causes.h"
#include "doctor/shared/store_words.h"
#include "explain_causes.h"
#include "side_by_side.h"

static explain_result complain(const explain_work *work, const char *what) {
  text_buffer_append_string(work->text, what);
  return EXPLAIN_BAD;
}

/* ---- The two requests ---- */

static request_facts facts_of_reply(const explain_work *work) {
  return (request_facts){work->evidence.reply.method, work->evidence.reply.pairs,
                         work->evidence.reply.pair_count, true};
}

/* What somebody said was sent, or what S3 says. */
static void find_seen(explain_work *work) {
  const explain_input *input = work->input;
  const bool told = input->method.size > 0 || input->header_count > 0;
  work->sent = (request_facts){input->method, input->headers, input->header_count, told};
  if (work->evidence.error.canonical_request.size > 0) {
    work->seen_text = work->evidence.error.canonical_request;
  } else if (work->evidence.has_url) {
    work->seen_text = request_text_make(&work->evidence.url, &work->sent, work->arena);
  }
}

/* With S3's own canonical request in hand its method and headers are what was sent. */
static request_facts facts_seen(const explain_work *work) {
  return work->evidence.error.canonical_request.size == 0
             ? work->sent
             : (request_facts){work->seen_parts.method, work->seen_parts.headers,
                               work->seen_parts.header_count, true};
}

static text_slice text_of_reply(const explain_work *work) {
  const request_facts facts = facts_of_reply(work);
  return request_text_make(&work->evidence.reply_url, &facts, work->arena);
}

/* The secret proves; the reply tells; the URL alone leaves method and values open. */
static void find_signed(explain_work *work) {
  const request_facts nothing = {0};
  if (explain_can_check_signature(work)) {
    const request_facts seen = facts_seen(work);
    work->signed_text =
        credentials_search(&work->input->credentials, &work->evidence.url, &seen, work->arena);
  }
  if (work->signed_text.data == NULL && work->evidence.has_reply && !work->evidence.reply.is_form) {
    work->signed_text = text_of_reply(work);
  }
  if (work->signed_text.data == NULL && work->evidence.has_url) {
    work->signed_text = request_text_make(&work->evidence.url, &nothing, work->arena);
  }
}

static void find_both(explain_work *work) {
  find_seen(work);
  work->has_seen = request_parts_read(&work->seen_parts, work->seen_text);
  find_signed(work);
  work->has_both = request_parts_read(&work->signed_parts, work->signed_text) && work->has_seen &&
                   (work->evidence.url.signed_names.size > 0 || !explain_is_form(work));
}

/* ---- The text ---- */

static void append_line(explain_work *work, const char *before, text_slice text) {
  text_buffer_append_string(work->text, before);
  mask_append(&work->evidence.mask, text, work->text);
  text_buffer_append_byte(work->text, '\n');
}

static void append_findings(explain_work *work) {
  for (size_t i = 0; i < work->findings.count; i++) {
    const finding *found = &work->findings.list[i];
    text_buffer_append_string(work->text, found->likely ? "Most likely: " : "Cause: ");
    text_buffer_append_string(work->text, cause_name(found->cause));
    text_buffer_append_byte(work->text, '\n');
    append_line(work, "  ", found->says);
    append_line(work, "  To change: ", found->change);
  }
}

static void append_suspect(explain_work *work, text_slice what, text_slice was, text_slice seen) {
  if (text_slice_equal(was, request_not_known) && !text_slice_equal(seen, request_not_known)) {
    append_line(
        work, "  ",
        mask_hides_name(what)
            ? WORDS(work->arena, "Look whether the {} is the one that was signed.", what)
            : WORDS(work->arena, "Look whether the {} that was sent, {}, was signed.", what, seen));
  }
}

/* What may differ, when all that can be compared does not. */
static void append_left(explain_work *work) {
  const request_parts *was = &work->signed_parts;
  const request_parts *seen = &work->seen_parts;
  append_suspect(work, TEXT_LITERAL("method"), was->method, seen->method);
  for (size_t i = 0; i < was->header_count; i++) {
    const text_slice name = was->headers[i].name;
    append_suspect(work, name, was->headers[i].value,
                   request_pair(seen->headers, seen->header_count, name));
  }
  append_line(work, "  ",
              TEXT_LITERAL("Look whether the secret key that signed belongs to the access key."));
}

/* Whatever was made of it: the cause that is named can be another one than the store has. */
static void append_store_words(explain_work *work) {
  if (work->evidence.has_error) {
    append_line(
        work, "  S3 says: ", store_words(&work->evidence.error, &work->evidence.mask, work->arena));
  }
}

/* What was sent and signed tells no more about a refusal for another reason. */
static bool has_to_do_with_signing(const explain_evidence *evidence) {
  return !evidence->has_error || error_needs_comparison(&evidence->error) ||
         error_tells_headers(&evidence->error);
}

static void append_unknown(explain_work *work) {
  append_line(work, "", TEXT_LITERAL("The cause can't be told from this."));
  append_store_words(work);
  if (work->has_both && error_needs_comparison(&work->evidence.error)) {
    append_left(work);
  }
  if (!has_to_do_with_signing(&work->evidence)) {
    return;
  }
  append_line(
      work, "  ",
      TEXT_LITERAL("To tell more, give what was sent (--method, --header), the reply that had the "
                   "URL (--reply), or the credentials that signed (AWS_ACCESS_KEY_ID, "
                   "AWS_SECRET_ACCESS_KEY in the environment)."));
}

explain_result explain(const explain_input *input, text_arena *arena, text_buffer *text) {
  explain_work *work = text_arena_allocate(arena, sizeof *work);
  if (work == NULL) {
    text_buffer_append_string(text, "There is no memory for it.\n");
    return EXPLAIN_BAD;
  }
  *work = (explain_work){.input = input, .arena = arena, .text = text};
  const char *problem = evidence_read(&work->evidence, input, arena);
  if (problem != NULL) {
    return complain(work, problem);
  }
  find_both(work);
  explain_find_causes(work);
  if (work->findings.count > 0) {
    append_findings(work);
    append_store_words(work);
  } else {
    append_unknown(work);
  }
  if (work->has_both) {
    text_buffer_append_byte(text, '\n');
    side_by_side_append(&work->signed_parts, &work->seen_parts,
                        work->evidence.error.canonical_request.size > 0, &work->evidence.mask,
                        text);
  }
  return work->findings.count > 0 ? EXPLAIN_NAMED : EXPLAIN_UNKNOWN;
}
