#include "finding.h"

const char *cause_name(cause_kind cause) {
  static const char *const names[] = {[CAUSE_URL] = "URL",
                                      [CAUSE_METHOD] = "method",
                                      [CAUSE_HEADER_MISSING] = "missing header",
                                      [CAUSE_HEADER_OTHER] = "other header value",
                                      [CAUSE_HEADER_NOT_SIGNED] = "header that was not signed",
                                      [CAUSE_KEY_ENCODING] = "key encoding",
                                      [CAUSE_PATH] = "path",
                                      [CAUSE_HOST] = "host",
                                      [CAUSE_QUERY] = "query",
                                      [CAUSE_REGION] = "region",
                                      [CAUSE_CLOCK] = "clock",
                                      [CAUSE_EXPIRED] = "expired",
                                      [CAUSE_TOKEN] = "session token",
                                      [CAUSE_ACCESS_KEY] = "access key",
                                      [CAUSE_SECRET] = "secret key",
                                      [CAUSE_PAYLOAD_HASH] = "payload hash",
                                      [CAUSE_CHECKSUM] = "checksum",
                                      [CAUSE_SIZE] = "size",
                                      [CAUSE_CONDITION] = "precondition",
                                      [CAUSE_PERMISSION] = "permission",
                                      [CAUSE_FORM] = "form",
                                      [CAUSE_ACL] = "ACL",
                                      [CAUSE_ENCRYPTION] = "encryption",
                                      [CAUSE_BUCKET] = "bucket",
                                      [CAUSE_STORE] = "store"};
  return names[cause];
}

static void add(finding_list *findings, finding one) {
  for (size_t i = 0; i < findings->count; i++) {
    if (findings->list[i].cause == one.cause &&
        text_slice_equal(findings->list[i].says, one.says)) {
      return;
    }
  }
  if (findings->count < FINDINGS_MAX) {
    findings->list[findings->count++] = one;
  }
}

void findings_add(finding_list *findings, cause_kind cause, text_slice says, text_slice change) {
  add(findings, (finding){cause, false, says, change});
}

void findings_add_likely(finding_list *findings, cause_kind cause, text_slice says,
                         text_slice change) {
  add(findings, (finding){cause, true, says, change});
}
