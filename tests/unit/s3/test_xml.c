/* Replies as S3 and other stores send them, and what is none. */
#include "s3/xml.h"

#include "tests/unit/support.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define NAMESPACE " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

static s3_part storage[4];
static s3_part_list parts;

static s3_xml_root read_slice(s3_xml *xml, text_slice text) {
  parts = (s3_part_list){storage, 0, COUNT(storage)};
  return s3_xml_read(xml, guarded(text), &parts, large_arena());
}

static s3_xml_root read_text(s3_xml *xml, const char *text) {
  return read_slice(xml, text_slice_of(text));
}

TEST(reads_the_reply_to_create) {
  s3_xml xml;
  CHECK_NUMBER("root",
               read_text(&xml, HEAD "<InitiateMultipartUploadResult" NAMESPACE ">"
                                    "<Bucket>b</Bucket><Key>k</Key><UploadId>VXBs.b2Fk_-</UploadId>"
                                    "</InitiateMultipartUploadResult>"),
               S3_XML_CREATED);
  CHECK_TEXT("upload id", xml.upload_id, "VXBs.b2Fk_-");
}

TEST(reads_an_error_and_leaves_its_secrets_out) {
  s3_xml xml;
  CHECK_NUMBER("root",
               read_text(&xml, HEAD "<Error><Code>ExpiredToken</Code><Message>expired</Message>"
                                    "<Token-0>secret</Token-0><Code2>x</Code2></Error>"),
               S3_XML_ERROR);
  CHECK_TEXT("code", xml.error_code, "ExpiredToken");
}

TEST(reads_the_reply_to_complete) {
  s3_xml xml;
  /* S3 sends spaces while it works, after the declaration. */
  CHECK_NUMBER("root",
               read_text(&xml, HEAD "  \n \n<CompleteMultipartUploadResult" NAMESPACE ">"
                                    "<Location>http://x/b/k</Location><Bucket>b</Bucket>"
                                    "<Key>k</Key><ETag>&quot;3858-2&quot;</ETag>"
                                    "</CompleteMultipartUploadResult>"),
               S3_XML_COMPLETED);
  CHECK_TEXT("etag", xml.etag, "\"3858-2\"");
}

TEST(reads_a_page_of_parts) {
  s3_xml xml;
  CHECK_NUMBER(
      "root",
      read_text(&xml, HEAD
                "<ListPartsResult" NAMESPACE "><Key>k</Key><PartNumberMarker>0</PartNumberMarker>"
                "<NextPartNumberMarker>3</NextPartNumberMarker><IsTruncated>true</IsTruncated>"
                "<Part><PartNumber>1</PartNumber><ETag>&#34;a1&#34;</ETag><Size>5242880</Size>"
                "<ChecksumSHA256>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ChecksumSHA256>"
                "</Part><Owner><ID>x</ID><Part><PartNumber>9</PartNumber></Part></Owner>"
                "<Part><PartNumber>3</PartNumber><ETag>\"b\"</ETag><Size>0</Size></Part>"
                "</ListPartsResult>"),
      S3_XML_PARTS);
  CHECK("truncated", xml.truncated);
  CHECK_NUMBER("marker", xml.next_marker, 3);
  CHECK_NUMBER("count", parts.count, 2);
  CHECK_NUMBER("number", storage[0].number, 1);
  CHECK_NUMBER("size", storage[0].size_bytes, 5242880);
  CHECK_TEXT("etag", storage[0].etag, "\"a1\"");
  CHECK_TEXT("sha256", storage[0].sha256, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK_NUMBER("number", storage[1].number, 3);
  CHECK_TEXT("etag", storage[1].etag, "\"b\"");
  CHECK_TEXT("sha256", storage[1].sha256, "");
}

TEST(reads_a_list_without_parts) {
  s3_xml xml;
  CHECK_NUMBER("root",
               read_text(&xml, "<ListPartsResult><IsTruncated>false</IsTruncated>"
                               "</ListPartsResult>"),
               S3_XML_PARTS);
  CHECK("truncated", !xml.truncated);
  CHECK_NUMBER("count", parts.count, 0);
}

/* As S3 does to keep the connection open while it joins parts. */
TEST(skips_blanks_before_the_declaration) {
  s3_xml xml;
  CHECK_NUMBER("root",
               read_text(&xml, " \r\n\t \n" HEAD "<CompleteMultipartUploadResult><ETag>e</ETag>"
                               "</CompleteMultipartUploadResult>"),
               S3_XML_COMPLETED);
  CHECK_TEXT("etag", xml.etag, "e");
}

#define PART "<Part><PartNumber>1</PartNumber></Part>"
#define A16 "aaaaaaaaaaaaaaaa"
#define A256 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16
#define A2049 A256 A256 A256 A256 A256 A256 A256 A256 "a"

static const struct {
  const char *name, *text;
} unreadable[] = {
    {"nothing", ""},
    {"a space", " "},
    {"no XML", "Service Unavailable"},
    {"HTML", "<html><body>503<br></body></html>"},
    {"cut short", HEAD "<Error><Code>SlowDown</Code>"},
    {"two roots", "<Error/><Error/>"},
    {"a document type", "<!DOCTYPE Error><Error><Code>x</Code></Error>"},
    {"an entity", "<!DOCTYPE Error [<!ENTITY a \"b\">]><Error><Code>&a;</Code></Error>"},
    {"an external entity",
     "<!DOCTYPE Error [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Error><Code>&a;</Code></Error>"},
    {"an entity that nobody declared", "<Error><Code>&a;</Code></Error>"},
    {"nested too deeply", "<a><b><c><d><e><f><g><h><i></i></h></g></f></e></d></c></b></a>"},
    {"nested too deeply and empty", "<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>"},
    {"a long name", "<" A256 "/>"},
    {"a long value", "<Error><Code>" A2049 "</Code></Error>"},
    {"a number that is none", "<ListPartsResult><Part><Size>-1</Size></Part></ListPartsResult>"},
    {"more parts than there is room for",
     "<ListPartsResult>" PART PART PART PART PART "</ListPartsResult>"},
    {"a byte that is no UTF-8", "<Error><Code>\xFF</Code></Error>"},
};

TEST(refuses_what_is_no_reply) {
  for (size_t i = 0; i < COUNT(unreadable); i++) {
    s3_xml xml;
    CHECK_NUMBER(unreadable[i].name, read_text(&xml, unreadable[i].text), S3_XML_UNREADABLE);
    CHECK_NUMBER(unreadable[i].name, xml.error_code.size, 0);
  }
}

/* What has crashed expat, as XML_MIN_SIZE makes it. */
TEST(refuses_a_surrogate_of_utf_16) {
  s3_xml xml;
  CHECK_NUMBER("root", read_slice(&xml, TEXT_LITERAL("\xFF\0\xF1\xDA\xFB\x0F'")),
               S3_XML_UNREADABLE);
}

TEST(refuses_a_reply_that_is_too_large) {
  static char large[S3_XML_MAX_BYTES + 1];
  s3_xml xml;
  memset(large, ' ', sizeof large);
  parts = (s3_part_list){0};
  CHECK_NUMBER("root", s3_xml_read(&xml, (text_slice){large, sizeof large}, &parts, large_arena()),
               S3_XML_UNREADABLE);
}

TEST(refuses_parts_where_none_are_expected) {
  s3_xml xml;
  CHECK_NUMBER("root",
               s3_xml_read(&xml, TEXT_LITERAL("<ListPartsResult>" PART "</ListPartsResult>"), NULL,
                           large_arena()),
               S3_XML_UNREADABLE);
}

TEST(knows_another_reply) {
  s3_xml xml;
  CHECK_NUMBER("root", read_text(&xml, "<Other><Code>x</Code></Other>"), S3_XML_OTHER);
  CHECK_NUMBER("code", xml.error_code.size, 0);
}

TEST(needs_no_more_memory_than_the_arena_has) {
  const text_slice text = TEXT_LITERAL("<InitiateMultipartUploadResult><UploadId>abc</UploadId>"
                                       "</InitiateMultipartUploadResult>");
  enum { STEP = 512, MOST_BYTES = 128 * 1024 };
  size_t read = 0;
  for (size_t size = 0; size < MOST_BYTES; size += STEP) {
    s3_xml xml;
    if (s3_xml_read(&xml, text, NULL, arena_of(size)) == S3_XML_CREATED) {
      CHECK_TEXT("upload id", xml.upload_id, "abc");
      read++;
    }
  }
  CHECK("read", read > 0);
}

/* expat tells UTF-16 by these, and must not be asked. */
TEST(refuses_utf_16_by_whatever_it_is_told) {
  static const text_slice documents[] = {SLICE("\xFF\xFE<\0a\0/\0>\0"),
                                         SLICE("\xFE\xFF\0<\0a\0/\0>"),
                                         SLICE("<\0a\0/\0>\0"),
                                         SLICE("\0<\0a\0/\0>"),
                                         SLICE("\xFF\xFE"),
                                         SLICE("\xFE"),
                                         SLICE(" \xFF\xFE<\0\x3D\xD8"),
                                         SLICE("<a>\0</a>"),
                                         SLICE("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>")};
  for (size_t i = 0; i < COUNT(documents); i++) {
    s3_xml xml;
    CHECK_NUMBER("root", s3_xml_read(&xml, guarded(documents[i]), NULL, large_arena()),
                 S3_XML_UNREADABLE);
  }
}

RUN_TESTS(cmocka_unit_test(refuses_utf_16_by_whatever_it_is_told),
          cmocka_unit_test(reads_the_reply_to_create),
          cmocka_unit_test(reads_an_error_and_leaves_its_secrets_out),
          cmocka_unit_test(reads_the_reply_to_complete), cmocka_unit_test(reads_a_page_of_parts),
          cmocka_unit_test(reads_a_list_without_parts),
          cmocka_unit_test(skips_blanks_before_the_declaration),
          cmocka_unit_test(refuses_what_is_no_reply),
          cmocka_unit_test(refuses_a_surrogate_of_utf_16),
          cmocka_unit_test(refuses_a_reply_that_is_too_large),
          cmocka_unit_test(refuses_parts_where_none_are_expected),
          cmocka_unit_test(knows_another_reply),
          cmocka_unit_test(needs_no_more_memory_than_the_arena_has))
