#include "check_list.h"

#include "doctor/shared/store_words.h"

static void append_line(const check_list *list, const char *before, text_slice says) {
  text_buffer_append_string(list->text, before);
  mask_append(&list->mask, says, list->text);
  text_buffer_append_byte(list->text, '\n');
}

static void append_item(const check_list *list, const char *verdict, const char *item,
                        text_slice says) {
  text_buffer_append_string(list->text, verdict);
  text_buffer_append_string(list->text, item);
  append_line(list, ": ", says);
}

void check_list_ok(check_list *list, const char *item, text_slice says) {
  append_item(list, "ok       ", item, says);
}

void check_list_change(check_list *list, const char *item, text_slice says, text_slice change) {
  append_item(list, "change   ", item, says);
  append_line(list, "         ", change);
  list->all_well = false;
}

void check_list_note(const check_list *list, const char *item, text_slice says, text_slice know) {
  append_item(list, "note     ", item, says);
  append_line(list, "         ", know);
}

void check_list_rule(const check_list *list, text_slice bucket, const check_rule *rule,
                     bool has_none) {
  const text_slice call = text_slice_of(rule->call);
  if (has_none) {
    append_line(list, "         ",
                WORDS(list->arena, "aws s3api {} --bucket {} {} '{\"{}\":[{}]}'", call, bucket,
                      text_slice_of(rule->option), text_slice_of(rule->list), rule->rule));
    return;
  }
  append_line(list, "         ",
              WORDS(list->arena,
                    "(put it before the rules that the bucket has: {} replaces ALL of them)",
                    call));
  append_line(list, "         ", rule->rule);
}

void check_list_unknown(check_list *list, const char *item, text_slice why) {
  append_item(list, "unknown  ", item, WORDS(list->arena, "could not be checked, because {}", why));
  list->all_well = false;
}

text_slice check_list_code(const check_list *list, const outgoing_answer *answer) {
  s3_error_reply error;
  return s3_error_reply_read(&error, answer->body, list->arena) ? error.code : TEXT_LITERAL("");
}

text_slice check_list_words(const check_list *list, const outgoing_answer *answer) {
  s3_error_reply error;
  const text_slice status = words_number(list->arena, answer->status);
  return s3_error_reply_read(&error, answer->body, list->arena)
             ? WORDS(list->arena, "{} {}", status, store_words(&error, &list->mask, list->arena))
             : status;
}

/* The code alone does not tell what the store means by it: its words come along. */
static text_slice reason_of(const check_list *list, const outgoing_answer *answer,
                            const char *action) {
  const text_slice code = check_list_code(list, answer);
  const text_slice words = check_list_words(list, answer);
  if (answer->proxy_failed) {
    return TEXT_LITERAL("the proxy before the store can't be reached, or lets nothing through");
  }
  if (answer->status == 0) {
    return TEXT_LITERAL("the store did not answer");
  }
  if (text_slice_equal(code, TEXT_LITERAL("AccessDenied")) && *action != '\0') {
    return WORDS(list->arena, "most likely the credentials may not {}: the store answered {}",
                 text_slice_of(action), words);
  }
  if (text_slice_equal(code, TEXT_LITERAL("NotImplemented"))) {
    return WORDS(list->arena, "most likely the store does not have this call: it answered {}",
                 words);
  }
  return WORDS(list->arena, "the store answered {}", words);
}

void check_list_refused(check_list *list, const char *item, const outgoing_answer *answer,
                        const char *action) {
  check_list_unknown(list, item, reason_of(list, answer, action));
}
