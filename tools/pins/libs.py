"""Builds the C libraries, each in its smallest configuration, into one prefix for each target."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Collection, Mapping

from . import cache
from .common import ROOT, run, say, unpack
from .fetch import fetch
from .lockfile import Lock, Pin
from .targets import Target, target

MBEDTLS_CONFIG = ROOT / "tools" / "mbedtls_config.h"
MBEDTLS_RANDOM = ROOT / "tools" / "mbedtls_random.c"
# Unwind tables serve C++ exceptions and backtraces: 28 kB of a linked program. Frame pointers, 5 kB on x86_64, let a
# crash report walk through the libraries' frames as well.
SMALL = ["-ffunction-sections", "-fdata-sections", "-fno-omit-frame-pointer", "-fno-asynchronous-unwind-tables",
         "-fno-unwind-tables"]

CURL_CONFIG = ROOT / "tools" / "curl_config.h"
# musl's sched.h declares calloc and free, which in one file of curl 8.14 are macros by the time it is included.
# And 8.14 calls, for pinned keys alone, a function that our mbedTLS does not have: that of 8.22 looks first.
CURL_FLAGS = ["-DBUILDING_LIBCURL", "-DCURL_HIDDEN_SYMBOLS", "-DHAVE_CONFIG_H", "-D_GNU_SOURCE", "-fvisibility=hidden",
              "-include", "sched.h", "-Dmbedtls_pk_write_pubkey_der(key,buffer,size)=-1"]
CURL_NOT_HERE = ("dllmain.c",)
# What stands in the place of a file of curl's. Nobody asks libcurl to tell what it does, which is 17 kB of a zip; its
# messages of errors stay, of which strerror.c has the most. The older curl goes by the second name there, the newer one
# has made the first of it before. And nobody asks for the fields of a server's certificate, which is 4 kB.
CURL_INSTEAD = {
    "strerror.c": """#define CURLVERBOSE 1
#undef CURL_DISABLE_VERBOSE_STRINGS
#include "strerror.c"
#undef CURLVERBOSE
#define CURL_DISABLE_VERBOSE_STRINGS 1
""",
    "vtls/x509asn1.c": """#include "vtls/x509asn1.h"
CURLcode Curl_extract_certinfo(struct Curl_easy *data, int number, const char *start, const char *end) {
  (void)data, (void)number, (void)start, (void)end;
  return CURLE_NOT_BUILT_IN;
}
""",
}


@dataclass(frozen=True)
class Job:
    """One library to be built for one target: from `source` into `folder`, which has include/ and lib/."""
    pin: Pin
    target: Target
    source: Path
    folder: Path
    needs: Mapping[str, Path]  # the folders of the libraries that this one needs

    @property
    def include(self) -> Path:
        return self.folder / "include"

    @property
    def flags(self) -> tuple[str, ...]:
        """The target's, and that assertions and debug information name files by their place in the source: that has
        another folder each time, and what is built shall be the same bytes."""
        names = {ROOT: "countersign", self.source: ".", self.folder: self.pin.name}
        names.update({folder: name for name, folder in self.needs.items()})
        return (*self.target.flags, *(f"-ffile-prefix-map={folder}={name}" for folder, name in names.items()))


def prefix(lock: Lock, name: str) -> Path:
    """The folder with include/ and lib/ for a target."""
    made_for = target(lock, name)
    with ThreadPoolExecutor() as pool:
        got = dict(zip(made_for.libraries, pool.map(lambda n: fetch(lock.pins(n)), made_for.libraries)))
    parts: dict[str, Path] = {}
    for library, (pin, tarball) in got.items():
        parts[library] = _library(made_for, pin, tarball, {n: parts[n] for n in NEEDS.get(library, ())})

    def join(folder: Path) -> None:
        for part in [*parts.values(), *made_for.extras]:
            shutil.copytree(part, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(cache.WHOLE))
        say(f"libraries for {name} are ready: {', '.join(f'{p.name} {p.version}' for p, _ in got.values())}")

    return cache.entry(f"libs/{name}-{cache.key(*parts.values(), *made_for.extras)}", join)


def _library(made_for: Target, pin: Pin, tarball: Path, needs: Mapping[str, Path]) -> Path:
    recipe = RECIPES[pin.name]
    made_by = cache.key(pin.name, pin.version, pin.sha256, made_for.identity(), _recipes_hash(), *needs.values())

    def build(folder: Path) -> None:
        say(f"building {pin.name} {pin.version} for {made_for.name} ({HOW_LONG[pin.name]})")
        with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
            for part in ("include", "lib"):
                (folder / part).mkdir()
            recipe(Job(pin, made_for, unpack(tarball, Path(scratch)), folder, needs))

    return cache.entry(f"parts/{pin.name}-{pin.version}-{made_for.name}-{made_by}", build)


def _recipes_hash() -> str:
    files = (Path(__file__), CURL_CONFIG, MBEDTLS_CONFIG, MBEDTLS_RANDOM)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _archive(job: Job, name: str, sources: Collection[Path], flags: Collection[str],
             fast: Collection[str] = ()) -> None:
    """Compiles source files into a static library, those named in `fast` for speed."""
    with tempfile.TemporaryDirectory(prefix="countersign-") as scratch:
        objects = [Path(scratch) / f"{source.stem}.o" for source in sources]

        def compile_one(source: Path, made: Path) -> None:
            level = ("-O2",) if source.name in fast else job.target.small
            run([*job.target.compiler, "-std=gnu11", *level, *SMALL, *flags, f"-I{job.include}", *job.flags,
                 "-c", source, "-o", made], cwd=job.source)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(compile_one, sources, objects))  # a list, so that a failure is raised
        run([job.target.archiver, "rcsD", job.folder / "lib" / name, *objects])


def _curl(job: Job) -> None:
    """All of it as one file, which makes it smaller."""
    shutil.copytree(job.source / "include" / "curl", job.include / "curl",
                    ignore=shutil.ignore_patterns("Makefile*", "CMake*"))
    shutil.copy(CURL_CONFIG, job.source / "lib")
    library = job.source / "lib"
    parts = sorted(path.relative_to(library).as_posix() for path in library.rglob("*.c") if path.name not in CURL_NOT_HERE)
    whole = library / "libcurl.c"
    whole.write_text("".join(CURL_INSTEAD.get(part, f'#include "{part}"\n') for part in parts), encoding="utf-8")
    _archive(job, "libcurl.a", [whole],
             [*CURL_FLAGS, f"-I{library}", "-isystem", str(job.needs["mbedtls"] / "include")])


def _mbedtls(job: Job) -> None:
    for part in ("mbedtls", "psa"):
        shutil.copytree(job.source / "include" / part, job.include / part)
    shutil.copy(MBEDTLS_CONFIG, job.include / "mbedtls" / "mbedtls_config.h")
    library = job.source / "library"
    # What the configuration leaves out makes an empty object; of these, MBEDTLS_RANDOM has the functions.
    files = [file for file in sorted(library.glob("*.c")) if file.name not in ("ctr_drbg.c", "entropy.c")]
    _archive(job, "libmbedtls.a", [*files, MBEDTLS_RANDOM], [f"-I{library}"], fast=["sha256.c"])


def _cjson(job: Job) -> None:
    (job.include / "cjson").mkdir()
    shutil.copy(job.source / "cJSON.h", job.include / "cjson")
    # Each event is read by it: 3 % of a signed URL for 0.6 kB of the zip.
    _archive(job, "libcjson.a", [job.source / "cJSON.c"], [], fast=["cJSON.c"])


def _expat(job: Job) -> None:
    library = job.source / "expat" / "lib"
    for header in ("expat.h", "expat_external.h"):
        shutil.copy(library / header, job.include)
    (library / "expat_config.h").write_text(EXPAT_CONFIG, encoding="utf-8")
    _archive(job, "libexpat.a", [library / name for name in EXPAT_SOURCES], [f"-I{library}"])


def _cmocka(job: Job) -> None:
    shutil.copy(job.source / "include" / "cmocka.h", job.include)
    template = job.source / "include" / "cmocka_version.h.cmake"
    if template.exists():
        text = template.read_text(encoding="utf-8")
        for part, number in zip(("MAJOR", "MINOR", "PATCH"), job.pin.version.split(".")):
            text = text.replace(f"${{cmocka_VERSION_{part}}}", number).replace(f"@cmocka_VERSION_{part}@", number)
        (job.include / "cmocka_version.h").write_text(text, encoding="utf-8")
    has = "MALLOC_H INTTYPES_H SIGNAL_H STRINGS_H GCC_THREAD_LOCAL_STORAGE CLOCK_REALTIME SIGLONGJMP STRSIGNAL"
    has += " STRUCT_TIMESPEC CLOCK_GETTIME"
    flags = ["-g", *[f"-DHAVE_{name}=1" for name in has.split()], f"-I{job.source / 'include'}"]
    _archive(job, "libcmocka.a", [job.source / "src" / "cmocka.c"], flags)


# XML 1.0 without document type definitions and entities, which S3 never sends, and without namespaces: S3's answers
# have only a default one. XML_MIN_SIZE is 22 kB less of a program, for it has no second copy of the tokenizer that is
# fast in UTF-16. What it has calls a null pointer for a surrogate there (2.8.3), so s3/xml_walk.c lets no UTF-16 in.
EXPAT_CONFIG = "#define XML_GE 0\n#define XML_CONTEXT_BYTES 0\n#define XML_MIN_SIZE 1\n#define HAVE_GETRANDOM 1\n"
EXPAT_SOURCES = ("xmlparse.c", "xmlrole.c", "xmltok.c", "random_getrandom.c")
RECIPES = {"curl": _curl, "mbedtls": _mbedtls, "cjson": _cjson, "expat": _expat, "cmocka": _cmocka}
NEEDS = {"curl": ("mbedtls",)}  # each before what needs it in Target.libraries
HOW_LONG = {"curl": "5 to 10 s", "mbedtls": "10 to 20 s", "cjson": "1 s", "expat": "2 s", "cmocka": "1 s"}
