#include "evidence.h"

static void hide_url(explain_evidence *evidence, const signed_url *url) {
  mask_add(&evidence->mask, url->signature);
  mask_add(&evidence->mask, url->token);
  mask_add(&evidence->mask, url->raw_token);
  mask_add_partly(&evidence->mask, url->access_key_id);
}

static void hide_pairs(explain_evidence *evidence, const text_pair *pairs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (mask_hides_name(pairs[i].name) ||
        text_slice_equal_ignoring_case(pairs[i].name, TEXT_LITERAL("policy"))) {
      mask_add(&evidence->mask, pairs[i].value);
    }
  }
}

static void hide_given(explain_evidence *evidence) {
  const s3_credentials *credentials = &evidence->input->credentials;
  mask_add(&evidence->mask, credentials->secret_access_key);
  mask_add(&evidence->mask, credentials->session_token);
  mask_add_partly(&evidence->mask, credentials->access_key_id);
  hide_pairs(evidence, evidence->input->headers, evidence->input->header_count);
}

/* What it may not show of S3's error: the token is in the canonical request, encoded. */
static void hide_error(explain_evidence *evidence) {
  request_parts parts;
  mask_add(&evidence->mask, evidence->error.signature_provided);
  mask_add_partly(&evidence->mask, evidence->error.access_key_id);
  if (request_parts_read(&parts, evidence->error.canonical_request)) {
    hide_pairs(evidence, parts.query, parts.query_count);
    hide_pairs(evidence, parts.headers, parts.header_count);
  }
}

static const char *read_reply(explain_evidence *evidence) {
  evidence->has_reply = evidence->input->reply.size > 0;
  if (!evidence->has_reply) {
    return NULL;
  }
  if (!signed_reply_read(&evidence->reply, evidence->input->reply, evidence->arena) ||
      !signed_url_read(&evidence->reply_url, evidence->reply.url, evidence->arena)) {
    return "The reply is no JSON with a url, as /signed_url, /signed_form and the like answer.\n";
  }
  hide_url(evidence, &evidence->reply_url);
  hide_pairs(evidence, evidence->reply.pairs, evidence->reply.pair_count);
  return NULL;
}

static const char *read_url(explain_evidence *evidence) {
  const text_slice text =
      evidence->input->url.size > 0 ? evidence->input->url : evidence->reply.url;
  evidence->has_url = text.size > 0;
  if (evidence->has_url && !signed_url_read(&evidence->url, text, evidence->arena)) {
    return "The URL can't be read: it must be http(s)://host/path?query, with 22 parameters at "
           "most.\n";
  }
  hide_url(evidence, &evidence->url);
  return NULL;
}

static const char *read_error(explain_evidence *evidence) {
  evidence->has_error = evidence->input->error.size > 0;
  if (evidence->has_error &&
      !s3_error_reply_read(&evidence->error, evidence->input->error, evidence->arena)) {
    return "The error is no XML of S3's (<Error><Code>...): give the body of its answer.\n";
  }
  hide_error(evidence);
  return NULL;
}

const char *evidence_read(explain_evidence *evidence, const explain_input *input,
                          text_arena *arena) {
  *evidence = (explain_evidence){.input = input, .arena = arena};
  const char *problem = read_reply(evidence);
  problem = problem != NULL ? problem : read_url(evidence);
  problem = problem != NULL ? problem : read_error(evidence);
  hide_given(evidence);
  return problem;
}
