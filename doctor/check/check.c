#include "check.h"

#include "bucket_call.h"
#include "bucket_settings.h"
#include "check_cors.h"
#include "check_settings.h"
#include "check_writes.h"
#include "doctor/shared/error_causes.h"
#include "function/config/config_values.h"
#include "s3/endpoint_url.h"

static const char no_credentials[] =
    "there are no credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)";

static check_result complain(text_buffer *text, const char *what) {
  text_buffer_append_string(text, what);
  text_buffer_append_byte(text, '\n');
  return CHECK_BAD;
}

/* ---- The bucket and its region ---- */

struct place {
  const check_input *input;
  s3_endpoint endpoint;
  s3_signer signer;
  text_slice region;
};

static s3_status find_place(struct place *place, text_slice region, text_arena *arena) {
  const check_input *input = place->input;
  const s3_endpoint_options options = {.region = region,
                                       .bucket = input->bucket,
                                       .url = input->endpoint,
                                       .addressing = input->path_style ? S3_ADDRESSING_PATH
                                                                       : S3_ADDRESSING_AUTO};
  const s3_status status = s3_endpoint_init(&place->endpoint, &options, arena);
  place->region = region;
  if (status != S3_OK) {
    return status;
  }
  return s3_signer_init(&place->signer, &input->credentials, place->endpoint.region, arena)
             ? S3_OK
             : S3_NO_ROOM;
}

static bool has_credentials(const check_input *input) {
  return input->credentials.access_key_id.size > 0 && input->credentials.secret_access_key.size > 0;
}

/* Buckets in the oldest regions are told by older names. */
static text_slice region_of_location(text_slice location) {
  if (location.size == 0) {
    return TEXT_LITERAL("us-east-1");
  }
  return text_slice_equal(location, TEXT_LITERAL("EU")) ? TEXT_LITERAL("eu-west-1") : location;
}

/* The region that an answer tells; empty when it tells none. */
static text_slice told_region(const outgoing_answer *answer, const bucket_head *head,
                              text_arena *arena) {
  bucket_settings settings = {0};
  s3_error_reply error;
  if (answer->status == 200 && bucket_settings_read(&settings, answer->body, arena)) {
    return region_of_location(settings.location);
  }
  if (head->region.size > 0) {
    return text_arena_copy(arena, head->region);
  }
  return s3_error_reply_read(&error, answer->body, arena) ? error.region : TEXT_LITERAL("");
}

/* Why a signed call was refused, in the words of `explain` and of the store; empty for what is no
 * refusal of the signature. */
static text_slice refusal_of(const check_list *list, const outgoing_answer *answer,
                             const check_input *input) {
  const error_request request = {0};
  s3_error_reply error;
  finding_list findings = {0};
  if (!s3_error_reply_read(&error, answer->body, list->arena)) {
    return TEXT_LITERAL("");
  }
  error_causes_add(&findings, &error, &request, input->now_seconds, list->arena);
  const text_slice words = check_list_words(list, answer);
  if (error_needs_comparison(&error)) {
    return WORDS(
        list->arena,
        "most likely AWS_SECRET_ACCESS_KEY is not the secret key of AWS_ACCESS_KEY_ID: the "
        "store answered {}",
        words);
  }
  if (findings.count == 0 || findings.list[0].cause == CAUSE_PERMISSION) {
    return TEXT_LITERAL("");
  }
  return WORDS(list->arena, "the store answered {}. {}{}", words,
               findings.list[0].likely ? TEXT_LITERAL("Most likely: ") : TEXT_LITERAL(""),
               findings.list[0].says);
}

/* Whether the other checks can go on. */
static bool check_bucket(check_list *list, struct place *place, const outgoing_answer *answer,
                         const bucket_head *head) {
  const check_input *input = place->input;
  const text_slice region = told_region(answer, head, list->arena);
  if (answer->proxy_failed) {
    check_list_refused(list, "bucket", answer, "");
    return false;
  }
  if (answer->status == 0) {
    check_list_unknown(list, "bucket",
                       WORDS(list->arena, "{} does not answer", place->endpoint.origin));
    return false;
  }
  if (text_slice_equal(check_list_code(list, answer), TEXT_LITERAL("NoSuchBucket"))) {
    check_list_change(list, "bucket",
                      WORDS(list->arena, "there is no bucket {} at {}: the store answered {}",
                            input->bucket, place->endpoint.origin, check_list_words(list, answer)),
                      TEXT_LITERAL("look at the name, the endpoint and --path-style"));
    return false;
  }
  if (region.size == 0) {
    check_list_refused(list, "region", answer, "s3:GetBucketLocation");
    return true;
  }
  if (input->region.size > 0 && !text_slice_equal(region, place->region)) {
    check_list_change(
        list, "region", WORDS(list->arena, "the bucket is in {}, not in {}", region, place->region),
        WORDS(list->arena, "sign for {} and use its endpoint: AWS_REGION={}", region, region));
    return find_place(place, region, list->arena) == S3_OK;
  }
  check_list_ok(list, "region", WORDS(list->arena, "the bucket is in {}", region));
  return find_place(place, region, list->arena) == S3_OK;
}

/* Browsers trust this machine without https. */
static bool is_loopback(text_slice host) {
  return text_slice_starts_with(host, TEXT_LITERAL("127.")) ||
         text_slice_starts_with(host, TEXT_LITERAL("localhost")) ||
         text_slice_starts_with(host, TEXT_LITERAL("[::1]"));
}

static void check_scheme(check_list *list, const struct place *place) {
  const bool page_is_https = text_slice_starts_with(place->input->origin, TEXT_LITERAL("https://"));
  if (page_is_https && text_slice_starts_with(place->endpoint.origin, TEXT_LITERAL("http://")) &&
      !is_loopback(place->endpoint.host)) {
    check_list_change(list, "https",
                      TEXT_LITERAL("the page is https and the store is http: browsers block that"),
                      TEXT_LITERAL("give the store a certificate and an https:// endpoint"));
  }
}

static text_slice folder_of(const check_input *input, text_arena *arena) {
  return WORDS(arena, "{}countersign-doctor-{}", input->try_prefix, input->fresh);
}

static void check_settings(check_list *list, const bucket_caller *caller, const check_input *input,
                           text_slice refusal) {
  static const char writes[] = "unsigned headers";
  const bool tries = input->try_prefix.data != NULL;
  if (caller->signer == NULL || refusal.size > 0) {
    const text_slice why = refusal.size > 0 ? refusal : text_slice_of(no_credentials);
    check_list_unknown(list, "incomplete uploads", why);
    check_list_unknown(list, "encryption", why);
    check_list_unknown(list, "object lock", why);
    if (tries) {
      check_list_unknown(list, writes, why);
    }
    return;
  }
  check_lifecycle(list, caller);
  check_encryption(list, caller);
  const bucket_lock lock = check_object_lock(list, caller);
  if (tries) {
    check_writes(list, caller, folder_of(input, list->arena), lock);
  } else {
    check_list_note(list, writes,
                    TEXT_LITERAL("what a signed URL lets in beside what it signs was not tried"),
                    TEXT_LITERAL("--try-uploads PREFIX tries it, with objects that it deletes "
                                 "again"));
  }
}

static void check_all(check_list *list, struct place *place) {
  const check_input *input = place->input;
  bucket_caller caller = {.endpoint = &place->endpoint,
                          .signer = has_credentials(input) ? &place->signer : NULL,
                          .transport = input->transport,
                          .origin = input->origin,
                          .now_seconds = input->now_seconds,
                          .arena = list->arena};
  bucket_head head = {0};
  text_slice refusal = {NULL, 0};
  if (caller.signer != NULL) {
    const text_slice region = place->region;
    const outgoing_answer answer = bucket_call_get(&caller, TEXT_LITERAL("location"), &head);
    if (!check_bucket(list, place, &answer, &head)) {
      return;
    }
    if (text_slice_equal(region, place->region)) {
      refusal = refusal_of(list, &answer, input);
    }
  }
  if (caller.signer == NULL) {
    check_list_unknown(list, "region", text_slice_of(no_credentials));
  }
  check_scheme(list, place);
  check_cors(list, &caller, head.expose_headers);
  check_settings(list, &caller, input, refusal);
}

/* Whether a browser could send it as Origin: lower case, no path, no port of the scheme's own. */
static bool is_origin(text_slice origin, text_arena *arena) {
  s3_endpoint_url url;
  bool plain = value_is_origin_pattern(origin);
  for (size_t i = 0; i < origin.size; i++) {
    const char c = origin.data[i];
    plain = plain && c != '*' && !(c >= 'A' && c <= 'Z');
  }
  if (plain && text_slice_starts_with(origin, TEXT_LITERAL("http"))) {
    return s3_endpoint_url_parse(&url, origin, arena) &&
           url.scheme.size + url.host.size == origin.size;
  }
  return plain;
}

check_result check(const check_input *input, text_arena *arena, text_buffer *text) {
  check_list list = {.text = text, .arena = arena, .all_well = true};
  struct place place = {.input = input};
  mask_add(&list.mask, input->credentials.secret_access_key);
  mask_add(&list.mask, input->credentials.session_token);
  mask_add_partly(&list.mask, input->credentials.access_key_id);
  if (input->origin.size > 0 && !is_origin(input->origin, arena)) {
    return complain(text, "The origin is no scheme://host[:port] as browsers send it: lower case, "
                          "without a path or a slash at its end, such as "
                          "https://app.example.com");
  }
  if (input->try_prefix.data != NULL &&
      (!s3_key_is_usable(folder_of(input, arena)) ||
       text_slice_starts_with(input->try_prefix, TEXT_LITERAL("/")))) {
    return complain(text, "The prefix is no beginning of a key: up to some 900 bytes, no segment . "
                          "or .., no / at its start, such as uploads/");
  }
  const s3_status status =
      find_place(&place, input->region.size > 0 ? input->region : TEXT_LITERAL("us-east-1"), arena);
  if (status != S3_OK) {
    return complain(text, s3_status_text(status));
  }
  check_all(&list, &place);
  return list.all_well ? CHECK_ALL_WELL : CHECK_INCOMPLETE;
}
