#include "crash_stack.h"

#include <elf.h>
#include <link.h>
#include <ucontext.h>

/* An access this near to the stack pointer is the stack's own. */
enum { NEAR_BYTES = 64 * 1024, SCANNED_WORDS = 512 };

struct registers {
  uintptr_t instruction;
  uintptr_t frame;
  uintptr_t stack;
  uintptr_t link; /* of arm64: where the running function returns to */
};

static struct registers registers_of(const void *context) {
  const ucontext_t *machine = context;
#if defined(__x86_64__)
  return (struct registers){(uintptr_t)machine->uc_mcontext.gregs[REG_RIP],
                            (uintptr_t)machine->uc_mcontext.gregs[REG_RBP],
                            (uintptr_t)machine->uc_mcontext.gregs[REG_RSP], 0};
#elif defined(__aarch64__)
  return (struct registers){
      (uintptr_t)machine->uc_mcontext.pc, (uintptr_t)machine->uc_mcontext.regs[29],
      (uintptr_t)machine->uc_mcontext.sp, (uintptr_t)machine->uc_mcontext.regs[30]};
#else
#error "crash reports need the registers of this architecture"
#endif
}

/* The linker's names for where the executable begins and its code ends. */
/* NOLINTNEXTLINE(*-reserved-identifier,cert-dcl*) */
extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));
extern const char etext[] __attribute__((weak, visibility("hidden")));

/* Where a position-independent executable was put; 0 for any other. */
static uintptr_t load_bias(void) {
  return &__ehdr_start != NULL && __ehdr_start.e_type == ET_DYN ? (uintptr_t)&__ehdr_start : 0;
}

static bool is_code(uintptr_t address) {
  return &__ehdr_start != NULL && address > (uintptr_t)&__ehdr_start + 8 &&
         address < (uintptr_t)etext;
}

static const unsigned char *bytes_before(uintptr_t address) {
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): a register's value is a number */
  return (const unsigned char *)address;
}

/* Whether a call stands before `address`, so that it may be a return address. */
static bool follows_call(uintptr_t address) {
  if (!is_code(address)) {
    return false;
  }
  const unsigned char *at = bytes_before(address);
#if defined(__x86_64__)
  /* e8 and 32 bits, or ff /2 with an operand of 0, 1, 4 or 5 bytes more */
  const bool indirect =
      (at[-2] == 0xFF && (at[-1] & 0x38) == 0x10) || (at[-3] == 0xFF && (at[-2] & 0x38) == 0x10) ||
      (at[-6] == 0xFF && (at[-5] & 0x38) == 0x10) || (at[-7] == 0xFF && (at[-6] & 0x38) == 0x10);
  return at[-5] == 0xE8 || indirect;
#else
  /* bl, or blr */
  return (at[-1] & 0xFC) == 0x94 || (at[-1] == 0xD6 && at[-2] == 0x3F);
#endif
}

/* What a frame pointer points at, on both architectures. */
struct frame {
  uintptr_t next;
  uintptr_t return_address;
};

struct walk {
  uintptr_t *frames;
  size_t count;
  uintptr_t bias;
  uintptr_t stack_top;
};

/* The call is before the address that it returns to. */
static void add_caller(struct walk *walk, uintptr_t return_address) {
  if (walk->count < RUNTIME_CRASH_FRAMES_MAX) {
    walk->frames[walk->count++] = return_address - 1 - walk->bias;
  }
}

/* A walk reads what a sanitizer keeps apart. */
__attribute__((no_sanitize("address", "thread"))) static uintptr_t word_at(uintptr_t address) {
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): a register's value is a number */
  return *(const uintptr_t *)address;
}

/* A function that keeps no frame pointer, such as many of the C library's, leaves
 * its caller's return address on top of the stack or in the link register. */
static void add_caller_without_frame(struct walk *walk, const struct registers *registers) {
#if defined(__x86_64__)
  const bool readable = registers->stack % sizeof(uintptr_t) == 0 &&
                        registers->stack < walk->stack_top - sizeof(uintptr_t);
  const uintptr_t candidate = readable ? word_at(registers->stack) : 0;
#else
  const uintptr_t candidate = registers->link;
#endif
  if (follows_call(candidate)) {
    add_caller(walk, candidate);
  }
}

static void follow_frames(struct walk *walk, uintptr_t at, uintptr_t lowest) {
  while (walk->count < RUNTIME_CRASH_FRAMES_MAX && at >= lowest &&
         at < walk->stack_top - sizeof(struct frame) && at % sizeof(uintptr_t) == 0) {
    const struct frame frame = {word_at(at), word_at(at + sizeof(uintptr_t))};
    if (frame.return_address == 0) {
      break;
    }
    add_caller(walk, frame.return_address);
    lowest = at + sizeof frame;
    at = frame.next;
  }
}

/* Where the frame pointer was used for something else: whatever on the stack may
 * be a return address. */
static void scan(struct walk *walk, uintptr_t from) {
  for (size_t i = 0; i < SCANNED_WORDS && from < walk->stack_top - sizeof(uintptr_t); i++) {
    const uintptr_t word = word_at(from);
    if (follows_call(word)) {
      add_caller(walk, word);
    }
    from += sizeof(uintptr_t);
  }
}

size_t runtime_crash_stack_walk(const void *context, bool overflowed, uintptr_t stack_top,
                                uintptr_t frames[RUNTIME_CRASH_FRAMES_MAX]) {
  const struct registers registers = registers_of(context);
  struct walk walk = {frames, 0, load_bias(), stack_top};
  walk.frames[walk.count++] = registers.instruction - walk.bias;
  if (!overflowed) {
    add_caller_without_frame(&walk, &registers);
  }
  const size_t before = walk.count;
  follow_frames(&walk, registers.frame, registers.stack);
  if (walk.count <= before && !overflowed && registers.stack % sizeof(uintptr_t) == 0) {
    scan(&walk, registers.stack);
  }
  return walk.count;
}

bool runtime_crash_stack_overflowed(const void *context, uintptr_t address, uintptr_t stack_top) {
  const uintptr_t stack = registers_of(context).stack;
  return address + NEAR_BYTES >= stack && address < stack + NEAR_BYTES && address < stack_top;
}
