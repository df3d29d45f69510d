#include "s3/tagging.h"

#include "tests/unit/support.h"

#define XML(tags) "<Tagging><TagSet>" tags "</TagSet></Tagging>"
#define TAG(name, value) "<Tag><Key>" name "</Key><Value>" value "</Value></Tag>"

static const struct {
  const char *tags, *xml;
} rows[] = {
    {"a=b", XML(TAG("a", "b"))},
    {"a=b&c=d", XML(TAG("a", "b") TAG("c", "d"))},
    {"a=", XML(TAG("a", ""))},
    {"a%20b=c+d%2Be", XML(TAG("a b", "c d+e"))},
    {"a=b=c", XML(TAG("a", "b=c"))},
    {"a=%3C/Value%3E%26%22", XML(TAG("a", "&lt;/Value&gt;&amp;\""))},
    {"%C3%A9=%F0%9F%98%80", XML(TAG("\xC3\xA9", "\xF0\x9F\x98\x80"))},
};

TEST(tags_become_xml) {
  for (size_t i = 0; i < COUNT(rows); i++) {
    text_buffer xml = buffer_of(strlen(rows[i].xml));
    s3_tagging_append_xml(&xml, guarded_string(rows[i].tags));
    CHECK_TEXT(rows[i].tags, text_buffer_slice(&xml), rows[i].xml);
    CHECK(rows[i].tags, !xml.overflowed);
  }
}

RUN_TESTS(cmocka_unit_test(tags_become_xml))
