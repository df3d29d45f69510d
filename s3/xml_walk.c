#include "xml_walk.h"

#include <expat.h>
#include <string.h>

#include "text/ascii.h"

enum { DEPTH_MAX = 8, PATH_MAX_BYTES = 256 };

struct walk {
  XML_Parser parser;
  const s3_xml_visitor *visitor;
  text_buffer path;
  size_t depth;
  bool wanted; /* the text of the element in hand */
  bool bad;
};

static void give_up(struct walk *walk) {
  walk->bad = true;
  (void)XML_StopParser(walk->parser, XML_FALSE);
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes) {
  struct walk *walk = context;
  (void)attributes;
  text_buffer_append_byte(&walk->path, '/');
  text_buffer_append_string(&walk->path, name);
  if (++walk->depth > DEPTH_MAX || walk->path.overflowed) {
    give_up(walk);
    return;
  }
  walk->wanted = walk->visitor->start(walk->visitor->context, text_buffer_slice(&walk->path));
  text_buffer_clear(walk->visitor->value);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size) {
  const struct walk *walk = context;
  if (walk->wanted) {
    text_buffer_append(walk->visitor->value, (text_slice){text, (size_t)size});
  }
}

static void XMLCALL on_end(void *context, const XML_Char *name) {
  struct walk *walk = context;
  if (walk->bad) {
    return; /* expat ends an empty element even when told to stop */
  }
  const text_slice text = text_buffer_slice(walk->visitor->value);
  if ((walk->wanted && walk->visitor->value->overflowed) ||
      !walk->visitor->end(walk->visitor->context, text_buffer_slice(&walk->path),
                          walk->wanted ? &text : NULL)) {
    give_up(walk);
    return;
  }
  walk->wanted = false;
  walk->depth--;
  walk->path.size -= strlen(name) + 1;
}

/* Entities come with a document type, and S3 sends none. */
static void XMLCALL on_document_type(void *context, const XML_Char *name, const XML_Char *system_id,
                                     const XML_Char *public_id, int has_internal_subset) {
  (void)name;
  (void)system_id;
  (void)public_id;
  (void)has_internal_subset;
  give_up(context);
}

/* expat's functions for memory have no context, so the arena of the reply in hand
 * waits here, during s3_xml_walk() alone. */
static _Thread_local text_arena *reading_arena;

/* Before each block: its size, for reallocate(). */
enum { HEADER_BYTES = 16 };

static void *allocate(size_t size_bytes) {
  char *memory = size_bytes < SIZE_MAX - HEADER_BYTES
                     ? text_arena_allocate(reading_arena, HEADER_BYTES + size_bytes)
                     : NULL;
  if (memory == NULL) {
    return NULL;
  }
  memcpy(memory, &size_bytes, sizeof size_bytes);
  return memory + HEADER_BYTES;
}

static void *reallocate(void *block, size_t size_bytes) {
  size_t held_bytes = 0;
  if (block != NULL) {
    memcpy(&held_bytes, (char *)block - HEADER_BYTES, sizeof held_bytes);
  }
  if (block != NULL && size_bytes <= held_bytes) {
    return block;
  }
  void *larger = allocate(size_bytes);
  if (larger != NULL && held_bytes > 0) {
    memcpy(larger, block, held_bytes);
  }
  return larger;
}

/* The arena takes all back at once. */
static void release(void *block) {
  (void)block;
}

/* S3 sends blanks while it joins parts, so that the connection stays open, and XML allows none
 * before its declaration. */
static text_slice without_blanks(text_slice document) {
  size_t start = 0;
  while (start < document.size && text_ascii_is_space(document.data[start])) {
    start++;
  }
  return text_slice_from(document, start);
}

/* S3 sends UTF-8, which has no NUL and neither of these bytes. expat knows UTF-16 by them, and must
 * not get that far: see tools/pins/libs.py. */
static bool may_be_utf16(text_slice document) {
  const char first = document.size > 0 ? document.data[0] : '\0';
  return first == '\xFE' || first == '\xFF' || text_slice_contains(document, '\0');
}

static bool parse(struct walk *walk, text_slice document) {
  static const XML_Memory_Handling_Suite memory = {allocate, reallocate, release};
  walk->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
  if (walk->parser == NULL) {
    return false;
  }
  XML_SetUserData(walk->parser, walk);
  XML_SetElementHandler(walk->parser, on_start, on_end);
  XML_SetCharacterDataHandler(walk->parser, on_text);
  XML_SetStartDoctypeDeclHandler(walk->parser, on_document_type);
  const enum XML_Status status =
      XML_Parse(walk->parser, document.data, (int)document.size, XML_TRUE);
  XML_ParserFree(walk->parser);
  return status == XML_STATUS_OK && !walk->bad;
}

bool s3_xml_walk(text_slice document, const s3_xml_visitor *visitor, text_arena *arena) {
  char path[PATH_MAX_BYTES];
  struct walk walk = {.visitor = visitor};
  text_buffer_init(&walk.path, path, sizeof path);
  if (document.size > S3_XML_MAX_BYTES) {
    return false;
  }
  document = without_blanks(document);
  if (may_be_utf16(document)) {
    return false;
  }
  reading_arena = arena;
  const bool readable = parse(&walk, document);
  reading_arena = NULL;
  return readable;
}
