#include "inflate.h"

#include <string.h>

enum {
  CODE_BITS_MAX = 15,
  LITERALS = 288,
  DISTANCES = 32,
  LENGTHS_CODES = 19,
  END_OF_BLOCK = 256,
  LONGEST_LENGTH = 28 /* the code of 258, which the rule of the others would give to 259 */
};

/* Canonical Huffman codes: how many have each length, and the symbols in the codes' order. */
typedef struct code {
  uint16_t counts[CODE_BITS_MAX + 1];
  uint16_t symbols[LITERALS];
} code;

typedef struct inflating {
  text_slice stream; /* what is left of it */
  unsigned bits;     /* of the byte that was begun */
  unsigned bit_count;
  text_buffer *out;
} inflating;

/* The next bits, the first one lowest. Behind the end there are zeros, and the buffer overflows. */
static unsigned take(inflating *in, unsigned count) {
  unsigned taken = 0;
  for (unsigned i = 0; i < count; i++) {
    if (in->bit_count == 0) {
      in->out->overflowed |= in->stream.size == 0;
      in->bits = in->stream.size > 0 ? (unsigned char)*in->stream.data : 0;
      in->bit_count = 8;
      in->stream = text_slice_from(in->stream, 1);
    }
    taken |= (in->bits & 1) << i;
    in->bits >>= 1;
    in->bit_count--;
  }
  return taken;
}

static void make_code(code *made, const uint8_t *lengths, unsigned count) {
  uint16_t starts[CODE_BITS_MAX + 2] = {0};
  memset(made->counts, 0, sizeof made->counts);
  for (unsigned i = 0; i < count; i++) {
    made->counts[lengths[i]]++;
  }
  made->counts[0] = 0;
  for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
    starts[bits + 1] = (uint16_t)(starts[bits] + made->counts[bits]);
  }
  for (unsigned i = 0; i < count; i++) {
    if (lengths[i] != 0) {
      made->symbols[starts[lengths[i]]++] = (uint16_t)i;
    }
  }
}

static unsigned take_symbol(inflating *in, const code *known) {
  unsigned value = 0; /* of so many bits, less the first that is longer than those so far */
  unsigned before = 0;
  for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
    const unsigned count = known->counts[bits];
    value = value << 1 | take(in, 1);
    if (value < count) {
      return known->symbols[before + value];
    }
    value -= count;
    before += count;
  }
  in->out->overflowed = true;
  return 0;
}

/* The number that a symbol starts: the more extra bits the larger it is, and `kinds` (a power of
 * two, `shift`) have as many. 3.2.5 has the tables of this. */
static unsigned take_number(inflating *in, unsigned symbol, unsigned shift) {
  const unsigned kinds = 1U << shift;
  if (symbol < 2 * kinds) {
    return symbol;
  }
  const unsigned extra = (symbol >> shift) - 1;
  return ((kinds + (symbol & (kinds - 1))) << extra) + take(in, extra);
}

static void copy(text_buffer *out, unsigned distance, unsigned length) {
  out->overflowed |= distance > out->size;
  while (length > 0 && !out->overflowed) {
    text_buffer_append_byte(out, out->data[out->size - distance]); /* it may be of this copy */
    length--;
  }
}

static void take_data(inflating *in, const code *literals, const code *distances) {
  while (!in->out->overflowed) {
    const unsigned symbol = take_symbol(in, literals);
    if (symbol == END_OF_BLOCK) {
      return;
    }
    if (symbol < END_OF_BLOCK) {
      text_buffer_append_byte(in->out, (char)symbol);
      continue;
    }
    const unsigned kind = symbol - END_OF_BLOCK - 1;
    const unsigned length = kind == LONGEST_LENGTH ? 258 : take_number(in, kind, 2) + 3;
    copy(in->out, take_number(in, take_symbol(in, distances), 1) + 1, length);
  }
}

static void take_stored(inflating *in) {
  in->bit_count = 0;
  const unsigned size = take(in, 16);
  (void)take(in, 16); /* the size once more, inverted */
  in->out->overflowed |= in->stream.size < size;
  if (!in->out->overflowed) {
    text_buffer_append(in->out, (text_slice){in->stream.data, size});
    in->stream = text_slice_from(in->stream, size);
  }
}

static void take_lengths(inflating *in, const code *known, uint8_t *lengths, unsigned count) {
  unsigned at = 0;
  while (at < count) {
    const unsigned symbol = take_symbol(in, known);
    unsigned times = 1;
    uint8_t length = (uint8_t)symbol;
    if (symbol >= 16) {
      length = symbol == 16 && at > 0 ? lengths[at - 1] : 0;
      times = symbol == 16 ? 3 + take(in, 2) : symbol == 17 ? 3 + take(in, 3) : 11 + take(in, 7);
    }
    while (times > 0 && at < count) {
      lengths[at++] = length;
      times--;
    }
  }
}

static void take_own_codes(inflating *in, code *literals, code *distances) {
  static const uint8_t order[LENGTHS_CODES] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                               11, 4,  12, 3, 13, 2, 14, 1, 15};
  uint8_t lengths[LITERALS + DISTANCES] = {0};
  const unsigned literal_count = 257 + take(in, 5);
  const unsigned distance_count = 1 + take(in, 5);
  const unsigned length_count = 4 + take(in, 4);
  for (unsigned i = 0; i < length_count; i++) {
    lengths[order[i]] = (uint8_t)take(in, 3);
  }
  make_code(literals, lengths, LENGTHS_CODES);
  take_lengths(in, literals, lengths, literal_count + distance_count);
  make_code(distances, lengths + literal_count, distance_count);
  make_code(literals, lengths, literal_count);
}

static void make_fixed_codes(code *literals, code *distances) {
  uint8_t lengths[LITERALS];
  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24);
  memset(lengths + 280, 8, 8);
  make_code(literals, lengths, LITERALS);
  memset(lengths, 5, DISTANCES);
  make_code(distances, lengths, DISTANCES);
}

void text_inflate_append(text_buffer *buffer, text_slice stream) {
  enum { STORED, FIXED_CODES, OWN_CODES };
  inflating in = {.stream = stream, .out = buffer};
  code literals;
  code distances;
  bool last = false;
  while (!last && !buffer->overflowed) {
    last = take(&in, 1) != 0;
    const unsigned kind = take(&in, 2);
    if (kind == STORED) {
      take_stored(&in);
      continue;
    }
    if (kind == FIXED_CODES) {
      make_fixed_codes(&literals, &distances);
    } else {
      take_own_codes(&in, &literals, &distances);
    }
    buffer->overflowed |= kind > OWN_CODES;
    take_data(&in, &literals, &distances);
  }
}
