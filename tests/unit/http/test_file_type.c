#include "http/file_type.h"

#include "tests/unit/support.h"

#define UNKNOWN "application/octet-stream"
#define OFFICE "application/vnd.openxmlformats-officedocument."

/* What anybody expects of the files that people have. */
static const struct {
  const char *name, *type;
} files[] = {
    {"a.jpg", "image/jpeg"},
    {"a.jpeg", "image/jpeg"},
    {"a.png", "image/png"},
    {"a.gif", "image/gif"},
    {"a.webp", "image/webp"},
    {"a.avif", "image/avif"},
    {"a.heic", "image/heic"},
    {"a.heif", "image/heif"},
    {"a.dng", "image/x-adobe-dng"},
    {"a.tif", "image/tiff"},
    {"a.bmp", "image/bmp"},
    {"a.svg", "image/svg+xml"},
    {"a.ico", "image/vnd.microsoft.icon"},
    {"a.mov", "video/quicktime"},
    {"a.mp4", "video/mp4"},
    {"a.webm", "video/webm"},
    {"a.mkv", "video/x-matroska"},
    {"a.avi", "video/x-msvideo"},
    {"a.3gp", "video/3gpp"},
    {"a.m4a", "audio/mp4"},
    {"a.mp3", "audio/mpeg"},
    {"a.wav", "audio/wav"},
    {"a.flac", "audio/x-flac"},
    {"a.ogg", "audio/ogg"},
    {"a.opus", "audio/ogg"},
    {"a.woff2", "font/woff2"},
    {"a.stl", "model/stl"},
    {"a.txt", "text/plain"},
    {"a.md", "text/markdown"},
    {"a.csv", "text/csv"},
    {"a.html", "text/html"},
    {"a.ics", "text/calendar"},
    {"a.eml", "message/rfc822"},
    {"a.pdf", "application/pdf"},
    {"a.zip", "application/zip"},
    {"a.7z", "application/x-7z-compressed"},
    {"a.rar", "application/vnd.rar"},
    {"a.json", "application/json"},
    {"a.xml", "application/xml"},
    {"a.epub", "application/epub+zip"},
    {"a.doc", "application/msword"},
    {"a.docx", OFFICE "wordprocessingml.document"},
    {"a.xlsx", OFFICE "spreadsheetml.sheet"},
    {"a.pptx", OFFICE "presentationml.presentation"},
    {"a.odt", "application/vnd.oasis.opendocument.text"},
    {"a.pages", "application/vnd.apple.pages"},
    {"a.apk", "application/vnd.android.package-archive"},
    /* the first and the last line of the table */
    {"a.appinstaller", "application/appinstaller"},
    {"a.movie", "video/x-sgi-movie"},
    {"a.smv", "video/x-smv"},
    /* where the extension is */
    {"IMG_1.HEIC", "image/heic"},
    {"a.b.Jpg", "image/jpeg"},
    {"folder.d/a.png", "image/png"},
    {"..png", "image/png"},
    {"\xC5\xBC.png", "image/png"},
    /* none, or none that is known */
    {"", UNKNOWN},
    {"png", UNKNOWN},
    {".png", UNKNOWN},
    {"folder/.png", UNKNOWN},
    {"folder.png/a", UNKNOWN},
    {"a.", UNKNOWN},
    {".", UNKNOWN},
    {"a.pn", UNKNOWN},
    {"a.pngx", UNKNOWN},
    {"a.png ", UNKNOWN},
    {"a.jpe jpeg", UNKNOWN},
    {"a.image/png", UNKNOWN},
    {"a.png\nimage/png png", UNKNOWN},
    {"a.bin", UNKNOWN},
    {"a.unheard-of", UNKNOWN},
};

TEST(is_that_of_the_extension_whatever_its_case) {
  for (size_t i = 0; i < COUNT(files); i++) {
    CHECK_TEXT(files[i].name, http_file_type(guarded_string(files[i].name)), files[i].type);
  }
}

TEST(a_null_slice_has_none) {
  CHECK_TEXT("null", http_file_type((text_slice){NULL, 0}), UNKNOWN);
}

RUN_TESTS(cmocka_unit_test(is_that_of_the_extension_whatever_its_case),
          cmocka_unit_test(a_null_slice_has_none))
