/* The lines that `check` prints: ok, change, note or unknown. */
#ifndef DOCTOR_CHECK_LIST_H
#define DOCTOR_CHECK_LIST_H

#include "doctor/shared/mask.h"
#include "doctor/shared/words.h"
#include "function/outgoing/outgoing_transport.h"

typedef struct check_list {
  text_buffer *text;
  text_arena *arena;
  secret_mask mask;
  bool all_well;
} check_list;

void check_list_ok(check_list *list, const char *item, text_slice says);
void check_list_change(check_list *list, const char *item, text_slice says, text_slice change);
/* What is neither well nor wrong by itself, and what to know about it. */
void check_list_note(const check_list *list, const char *item, text_slice says, text_slice know);
/* How to give the bucket a rule, in JSON, by the call of `aws s3api` that takes `option`
 * '{"<list>":[RULE]}'. It replaces all rules: it is a whole command only when the bucket is known
 * to have none. */
typedef struct check_rule {
  const char *call;   /* put-bucket-cors */
  const char *option; /* --cors-configuration */
  const char *list;   /* CORSRules */
  text_slice rule;
} check_rule;
void check_list_rule(const check_list *list, text_slice bucket, const check_rule *rule,
                     bool has_none);
/* `why` ends "could not be checked, because ..." */
void check_list_unknown(check_list *list, const char *item, text_slice why);

/* The same because of an answer that tells nothing: none, no permission (`action`), not
 * implemented, or an error of another kind. */
void check_list_refused(check_list *list, const char *item, const outgoing_answer *answer,
                        const char *action);

/* What the store answered: its status, code and message. */
text_slice check_list_words(const check_list *list, const outgoing_answer *answer);

/* S3's code of an answer; empty when it has none. */
text_slice check_list_code(const check_list *list, const outgoing_answer *answer);

#endif
