#include "s3/hash.h"

#include "tests/unit/support.h"

/* FIPS 180-4's examples, and the sizes around a block's edge (their digests are
 * of Python's hashlib: the letter "a" that many times). */
static const struct {
  const char *name, *text;
  size_t repeats;
  const char *hex;
} digests[] = {
    {"nothing", "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a thousand times a", "a", 1000,
     "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"},
    {"55 bytes", "a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
    {"56 bytes", "a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
    {"63 bytes", "a", 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
    {"64 bytes", "a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
    {"65 bytes", "a", 65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
};

static text_slice hex_of(const uint8_t digest[S3_HASH_BYTES]) {
  static char storage[2 * S3_HASH_BYTES];
  text_buffer buffer;
  text_buffer_init(&buffer, storage, sizeof storage);
  s3_hash_append_hex(&buffer, digest);
  return text_buffer_slice(&buffer);
}

static text_slice repeat(const char *text, size_t times) {
  text_buffer buffer = buffer_of(strlen(text) * times);
  for (size_t i = 0; i < times; i++) {
    text_buffer_append_string(&buffer, text);
  }
  return text_buffer_slice(&buffer);
}

static void check_digests(void (*start)(s3_hash *hash)) {
  for (size_t i = 0; i < COUNT(digests); i++) {
    const text_slice text = repeat(digests[i].text, digests[i].repeats);
    for (size_t split = 0; split <= text.size; split++) {
      uint8_t digest[S3_HASH_BYTES];
      s3_hash hash;
      start(&hash);
      s3_hash_update(&hash, (text_slice){text.data, split});
      s3_hash_update(&hash, text_slice_from(text, split));
      s3_hash_finish(&hash, digest);
      CHECK_TEXT(digests[i].name, hex_of(digest), digests[i].hex);
    }
  }
}

TEST(gives_the_known_digests_wherever_the_text_is_split) {
  check_digests(s3_hash_start);
}

TEST(gives_the_known_digests_by_mbedtls_as_well) {
  check_digests(s3_hash_start_by_library);
}

/* In pieces of all sizes, as a canonical request comes. */
TEST(gives_the_digests_of_mbedtls_whatever_the_pieces) {
  char text[700];
  s3_hash mine;
  s3_hash theirs;
  uint8_t digests_of_both[2][S3_HASH_BYTES];
  uint32_t random = 1;
  for (size_t i = 0; i < sizeof text; i++) {
    random = random * 1103515245 + 12345;
    text[i] = (char)(random >> 24);
  }
  for (size_t first = 0; first < 200; first++) {
    s3_hash_start(&mine);
    s3_hash_start_by_library(&theirs);
    for (size_t at = 0, size = first; at < sizeof text; at += size, size = size * 7 % 131 + 1) {
      const size_t piece = size < sizeof text - at ? size : sizeof text - at;
      s3_hash_update(&mine, (text_slice){text + at, piece});
      s3_hash_update(&theirs, (text_slice){text + at, piece});
    }
    s3_hash_finish(&mine, digests_of_both[0]);
    s3_hash_finish(&theirs, digests_of_both[1]);
    assert_memory_equal(digests_of_both[0], digests_of_both[1], S3_HASH_BYTES);
  }
}

TEST(gives_the_digest_of_a_million_bytes) {
  uint8_t digest[S3_HASH_BYTES];
  s3_hash hash;
  const text_slice thousand = repeat("a", 1000);
  s3_hash_start(&hash);
  for (int i = 0; i < 1000; i++) {
    s3_hash_update(&hash, thousand);
  }
  s3_hash_finish(&hash, digest);
  CHECK_TEXT("a million times a", hex_of(digest),
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, but case 5, which is about a cut digest. */
static const struct {
  const char *name, *key;
  size_t key_repeats;
  const char *message;
  size_t message_repeats;
  const char *hex;
} macs[] = {
    {"case 1", "\x0b", 20, "Hi There", 1,
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"case 2", "Jefe", 1, "what do ya want for nothing?", 1,
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"case 3", "\xaa", 20, "\xdd", 50,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"case 4",
     "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
     "\x17\x18\x19",
     1, "\xcd", 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {"case 6", "\xaa", 131, "Test Using Larger Than Block-Size Key - Hash Key First", 1,
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"case 7", "\xaa", 131,
     "This is a test using a larger than block-size key and a larger than block-size data. The "
     "key needs to be hashed before being used by the HMAC algorithm.",
     1, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    {"a key of a whole block", "k", 64, "m", 1,
     "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa"},
    {"no key", "", 0, "", 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

TEST(gives_the_known_authentication_codes) {
  for (size_t i = 0; i < COUNT(macs); i++) {
    uint8_t digest[S3_HASH_BYTES];
    s3_hmac_key key;
    s3_hmac_key_init(&key, repeat(macs[i].key, macs[i].key_repeats));
    for (int again = 0; again < 2; again++) {
      s3_hmac(&key, repeat(macs[i].message, macs[i].message_repeats), digest);
      CHECK_TEXT(macs[i].name, hex_of(digest), macs[i].hex);
    }
  }
}

static bool recalls(const s3_hash_memo *memo, const char *one, const char *other, s3_hash *hash) {
  const text_slice name[] = {text_slice_of(one), text_slice_of(other)};
  return s3_hash_recall(memo, name, COUNT(name), hash);
}

static void remember(s3_hash_memo *memo, text_slice name, const s3_hash *hash) {
  s3_hash_remember(memo, &name, 1, hash);
}

TEST(recalls_the_hash_of_one_name) {
  static s3_hash_memo memo;
  uint8_t digest[S3_HASH_BYTES];
  s3_hash hash;
  CHECK("none is kept", !recalls(&memo, "a", "", &hash));
  CHECK("nor the empty one", !recalls(&memo, "", "", &hash));
  s3_hash_start(&hash);
  s3_hash_update(&hash, TEXT_LITERAL("ab"));
  remember(&memo, TEXT_LITERAL("a long name"), &hash);
  s3_hash_update(&hash, TEXT_LITERAL("what comes after does not count"));
  CHECK("a shorter one", !recalls(&memo, "a long", " nam", &hash));
  CHECK("a longer one", !recalls(&memo, "a long", " names", &hash));
  CHECK("another", !recalls(&memo, "a lung", " name", &hash));
  CHECK("another end", !recalls(&memo, "a long", " namf", &hash));
  for (int i = 0; i < 2; i++) {
    CHECK("the same",
          recalls(&memo, i > 0 ? "a long name" : "a ", i > 0 ? "" : "long name", &hash));
    s3_hash_update(&hash, TEXT_LITERAL("c"));
    s3_hash_finish(&hash, digest);
    CHECK_TEXT("digest", hex_of(digest), digests[1].hex);
  }
}

TEST(keeps_no_name_that_is_empty_or_too_long) {
  static s3_hash_memo memo;
  static const char long_name[S3_HASH_MEMO_BYTES + 1] = {'a'};
  s3_hash hash;
  s3_hash_start(&hash);
  for (size_t size = 0; size <= sizeof long_name; size++) {
    const text_slice name = {long_name, size};
    remember(&memo, name, &hash);
    CHECK("kept",
          s3_hash_recall(&memo, &name, 1, &hash) == (size > 0 && size <= S3_HASH_MEMO_BYTES));
  }
}

RUN_TESTS(cmocka_unit_test(gives_the_known_digests_wherever_the_text_is_split),
          cmocka_unit_test(gives_the_known_digests_by_mbedtls_as_well),
          cmocka_unit_test(gives_the_digests_of_mbedtls_whatever_the_pieces),
          cmocka_unit_test(gives_the_digest_of_a_million_bytes),
          cmocka_unit_test(gives_the_known_authentication_codes),
          cmocka_unit_test(recalls_the_hash_of_one_name),
          cmocka_unit_test(keeps_no_name_that_is_empty_or_too_long))
