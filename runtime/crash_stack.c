#include "crash_stack.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum {
  NEAR_BYTES = 64 * 1024, /* an access this near to the stack pointer is the stack's own */
  SCANNED_WORDS = 512,
  PAGE_BYTES = 4096, /* the smallest that there is */
  SIGNAL_SET_BYTES = 8,
  CALL_MAX_BYTES = 7
};

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

static bool is_own_code(uintptr_t address) {
  return &__ehdr_start != NULL && address > (uintptr_t)&__ehdr_start + CALL_MAX_BYTES &&
         address < (uintptr_t)etext;
}

/* Whether the word there can be read: the kernel looks at a set of signals before it
 * refuses to do with it what it doesn't know. Whatever else it says, as where the call is
 * not allowed, means no. */
static bool is_readable(uintptr_t address) {
  const int no_such_thing = -1;
  const int before = errno;
  const bool readable =
      syscall(SYS_rt_sigprocmask, no_such_thing, address, NULL, SIGNAL_SET_BYTES) == -1 &&
      errno == EINVAL;
  errno = before;
  return readable;
}

static bool are_readable(uintptr_t from, size_t size_bytes) {
  return is_readable(from) && is_readable(from + size_bytes - SIGNAL_SET_BYTES);
}

static const unsigned char *bytes_before(uintptr_t address) {
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): a register's value is a number */
  return (const unsigned char *)address;
}

/* Whether a call stands before `address`, which is in memory that can be read, so that it
 * may be a return address. */
__attribute__((no_sanitize("address", "thread"))) static bool follows_call(uintptr_t address) {
  const unsigned char *at = bytes_before(address);
#if defined(__x86_64__)
  /* e8 and 32 bits, or ff /2 with an operand of 0, 1, 2, 4 or 5 bytes more */
  static const int indirect_bytes[] = {2, 3, 4, 6, 7};
  bool indirect = false;
  for (size_t i = 0; i < sizeof indirect_bytes / sizeof indirect_bytes[0]; i++) {
    const unsigned char *call = at - indirect_bytes[i];
    indirect = indirect || (call[0] == 0xFF && (call[1] & 0x38) == 0x10);
  }
  return at[-5] == 0xE8 || indirect;
#else
  /* bl, or blr */
  return (at[-1] & 0xFC) == 0x94 || (at[-1] == 0xD6 && at[-2] == 0x3F);
#endif
}

/* Also that of a library's code. */
static bool is_return_address(uintptr_t address) {
  return address > PAGE_BYTES && are_readable(address - SIGNAL_SET_BYTES, SIGNAL_SET_BYTES) &&
         follows_call(address);
}

/* There may be holes between the parts of the executable. */
static bool is_own_return_address(uintptr_t address) {
  return is_own_code(address) && is_return_address(address);
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
  const uintptr_t candidate = is_readable(registers->stack) ? word_at(registers->stack) : 0;
#else
  /* Where the function has a frame, the address is there as well. */
  const uintptr_t saved = registers->frame + sizeof(uintptr_t);
  const bool has_frame = is_readable(saved) && word_at(saved) == registers->link;
  const uintptr_t candidate = has_frame ? 0 : registers->link;
#endif
  if (is_own_return_address(candidate)) {
    add_caller(walk, candidate);
  }
}

/* The stack may be any: a thread's, or one that the handler made. So whatever has been a
 * frame is one that leads upwards, to behind a call. */
static void follow_frames(struct walk *walk, uintptr_t at, uintptr_t lowest) {
  while (walk->count < RUNTIME_CRASH_FRAMES_MAX && at >= lowest && at % sizeof(uintptr_t) == 0 &&
         are_readable(at, sizeof(struct frame))) {
    const struct frame frame = {word_at(at), word_at(at + sizeof(uintptr_t))};
    if (!is_return_address(frame.return_address)) {
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
  const uintptr_t end = from + SCANNED_WORDS * sizeof(uintptr_t);
  bool readable = is_readable(from);
  while (readable && from < end) {
    const uintptr_t word = word_at(from);
    if (is_own_return_address(word)) {
      add_caller(walk, word);
    }
    from += sizeof(uintptr_t);
    readable = from % PAGE_BYTES != 0 || is_readable(from);
  }
}

size_t runtime_crash_stack_walk(const void *context, bool overflowed,
                                uintptr_t frames[RUNTIME_CRASH_FRAMES_MAX]) {
  const struct registers registers = registers_of(context);
  struct walk walk = {frames, 0, load_bias()};
  walk.frames[walk.count++] = registers.instruction - walk.bias;
  if (!overflowed) {
    add_caller_without_frame(&walk, &registers);
  }
  const size_t before = walk.count;
  follow_frames(&walk, registers.frame, registers.stack);
  if (walk.count <= before && registers.stack % sizeof(uintptr_t) == 0) {
    scan(&walk, registers.stack);
  }
  return walk.count;
}

/* At the end of a stack there is nothing where its next word would be. */
bool runtime_crash_stack_overflowed(const void *context, uintptr_t address) {
  const uintptr_t stack = registers_of(context).stack;
  return address + NEAR_BYTES >= stack && address < stack + NEAR_BYTES &&
         (address < stack || !is_readable(stack));
}
