/* xml: parses standard input as XML and writes each start of an element and all text, then expat's
 * error, if there is one. */
#include <expat.h>
#include <stdio.h>

static void start(void *unused, const XML_Char *name, const XML_Char **attributes) {
  (void)unused;
  (void)attributes;
  printf("<%s>", name);
}

static void text(void *unused, const XML_Char *data, int size) {
  (void)unused;
  printf("%.*s", size, data);
}

int main(void) {
  static char document[64 * 1024];
  size_t size = fread(document, 1, sizeof document, stdin);
  XML_Parser parser = XML_ParserCreate(NULL);
  if (parser == NULL) {
    return 2;
  }
  XML_SetElementHandler(parser, start, NULL);
  XML_SetCharacterDataHandler(parser, text);
  int whole = XML_Parse(parser, document, (int)size, 1) == XML_STATUS_OK;
  if (!whole) {
    printf("%s", XML_ErrorString(XML_GetErrorCode(parser)));
  }
  XML_ParserFree(parser);
  return whole ? 0 : 1;
}
