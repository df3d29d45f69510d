/* A file's bytes as a constant of a program in C.
 *
 * The assembler takes the file from the path as the compiler was started with it, which is the
 * repository's root, and puts it between two symbols of this object. make must be told that the
 * object depends on the file.
 */
#ifndef TEXT_EMBED_H
#define TEXT_EMBED_H

#include "slice.h"

/* At file scope. */
#define TEXT_EMBED(symbol, path)                                                   \
  __asm__(".pushsection .rodata." #symbol ",\"a\",%progbits\n" #symbol "_start:\n" \
          ".incbin \"" path "\"\n" #symbol "_end:\n.popsection\n");                \
  extern const char symbol##_start[], symbol##_end[]

/* The whole of it. */
#define TEXT_EMBEDDED(symbol) \
  ((text_slice){symbol##_start, (size_t)(symbol##_end - symbol##_start)})

#endif
