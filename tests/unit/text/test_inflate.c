#include "text/inflate.h"

#include <stdio.h>

#include "tests/unit/support.h"

/* As zlib makes them of what expected() gives: a block of codes of its own, one of the fixed codes,
 * and several with an empty stored one between. The page's files, whole, are tests/service's. */
static const struct {
  const char *name;
  text_slice stream;
} streams[] = {
    {"own codes",
     SLICE("\x9D\xCC\xBB\x0D\x80\x30\x0C\x45\xD1\x55\xDE\x00\x88\x32\x1F\x31\x8D\xA3\x18\x81"
           "\x88\x6C\x94\x18\x65\x7D\xA8\x29\x52\xA4\xBE\x57\x27\x22\xA9\x59\xE1\x06\xDD\x91"
           "\x98\x2B\x54\x60\x07\xA3\x53\x29\x0B\xE2\x3F\x6F\x30\xBA\xF8\x9B\x18\x59\xBB\x80"
           "\x24\xE3\xA6\xD6\x70\x1A\xA8\xEA\x23\x79\x45\x18\x9B\x61\xC6\xF4\x63\xD3\xCF\x98"
           "\x6E\x6C\xBA\x19\xF3\x05")},
    {"fixed codes",
     SLICE("\xB3\x54\x48\xCA\x2F\x29\xC9\x49\x2D\x56\xC8\x4F\x53\x48\x4A\x4D\x2D\x52\xC8\xCF"
           "\x53\x28\xC9\x48\x55\x28\x4F\xCC\xC9\xD1\x51\xB0\x44\x97\xB6\x56\x28\x49\xCC\x4E"
           "\x05\x2A\x4A\x55\x48\xC9\x2F\xCF\x53\x48\xCC\x4B\x51\x28\x48\x2C\x2E\x56\xC8\x2C"
           "\x51\x48\x2C\xCA\x2F\xCD\x4B\xD1\x53\xB0\xC0\x6F\xA6\x05\x39\x66\x9A\xE3\x37\xD3"
           "\x9C\x1C\x33\xCD\xF0\x9B\x69\x46\x8E\x99\x00")},
    {"several",
     SLICE("\x9C\xCC\x31\x0E\x80\x20\x0C\x46\xE1\xAB\xFC\x07\x30\xAE\x40\x3C\x4D\x09\x35\x1A"
           "\x9B\x96\x40\x0D\xD7\xD7\xD9\x81\xC1\xF9\xBD\x7C\x09\xD9\xDC\x85\x3B\x6C\x47\x66"
           "\x6E\x30\x85\x1F\x8C\x41\x22\x0B\xD2\x37\x6F\x70\xBA\xF8\x9D\x18\xC5\x86\x82\xB4"
           "\xA0\x52\xEF\x38\x1D\xD4\xEC\xD6\xB2\x22\xCE\xCD\xF8\xC7\x0C\x73\x33\x3C\x00\x00"
           "\x00\xFF\xFF\x23\xC7\x4C\x33\xFC\x66\x9A\x91\x63\x26\x00")},
};

static text_slice expected(void) {
  static char text[512];
  size_t size = 0;
  for (int i = 9; i > 5; i--) {
    size += (size_t)snprintf(text + size, sizeof text - size,
                             "%d bottles of beer on the wall, %d bottles of beer; take one down "
                             "and pass it around. ",
                             i, i);
  }
  return (text_slice){text, size};
}

TEST(gives_the_bytes_again) {
  for (size_t i = 0; i < COUNT(streams); i++) {
    text_buffer buffer = buffer_of(expected().size);
    text_inflate_append(&buffer, guarded(streams[i].stream));
    CHECK(streams[i].name, !buffer.overflowed);
    CHECK(streams[i].name, text_slice_equal(text_buffer_slice(&buffer), expected()));
  }
}

TEST(gives_what_is_stored) {
  text_buffer buffer = buffer_of(3);
  text_inflate_append(&buffer, guarded((text_slice)SLICE("\1\3\0\xFC\xFFx\0y")));
  CHECK("whole", !buffer.overflowed);
  CHECK("same", text_slice_equal(text_buffer_slice(&buffer), (text_slice)SLICE("x\0y")));
}

TEST(says_so_when_it_does_not_fit) {
  for (size_t i = 0; i < COUNT(streams); i++) {
    for (size_t size = 0; size < expected().size; size++) {
      text_buffer buffer = buffer_of(size);
      text_inflate_append(&buffer, streams[i].stream);
      CHECK(streams[i].name, buffer.overflowed);
    }
  }
}

TEST(says_so_when_the_stream_is_cut_off) {
  for (size_t i = 0; i < COUNT(streams); i++) {
    for (size_t size = 0; size < streams[i].stream.size; size++) {
      text_buffer buffer = buffer_of(512);
      text_inflate_append(&buffer, guarded((text_slice){streams[i].stream.data, size}));
      CHECK(streams[i].name, buffer.overflowed);
    }
  }
}

static const struct {
  const char *name;
  text_slice stream;
} wrong[] = {
    {"a block of no kind", SLICE("\x07\0\0\0")},
    {"less stored than is said", SLICE("\1\4\0\xFB\xFFx\0y")},
    {"a copy from before the start", SLICE("\x0B\xC1\xA2\x03\x00")},
};

TEST(says_so_when_the_stream_is_wrong) {
  for (size_t i = 0; i < COUNT(wrong); i++) {
    text_buffer buffer = buffer_of(512);
    text_inflate_append(&buffer, guarded(wrong[i].stream));
    CHECK(wrong[i].name, buffer.overflowed);
  }
}

RUN_TESTS(cmocka_unit_test(gives_the_bytes_again), cmocka_unit_test(gives_what_is_stored),
          cmocka_unit_test(says_so_when_it_does_not_fit),
          cmocka_unit_test(says_so_when_the_stream_is_cut_off),
          cmocka_unit_test(says_so_when_the_stream_is_wrong))
