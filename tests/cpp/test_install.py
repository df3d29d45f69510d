"""What `make install` installs, and projects that use it by CMake and by pkg-config."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Callable

import pytest
from compilers import ARCHITECTURE, ROOT, run
from runtime_api import REQUEST_ID, invocation
from toolchain import Installation

FILES = {
    "lib/libcountersign-runtime.a",
    "lib/pkgconfig/countersign-runtime.pc",
    "lib/cmake/countersign-runtime/countersign-runtime-config.cmake",
    "lib/cmake/countersign-runtime/countersign-runtime-config-version.cmake",
    "lib/cmake/countersign-runtime/package.cmake",
    "lib/cmake/countersign-runtime/zip.cmake",
    "lib/cmake/aws-lambda-runtime/aws-lambda-runtime-config.cmake",
    "lib/cmake/aws-lambda-runtime/aws-lambda-runtime-config-version.cmake",
}
EXAMPLES = {"echo-c": "main.c", "echo-cpp": "main.cpp", "stream": "main.c"}
RESPONSE = f"invocation/{REQUEST_ID}/response"

# As aws-lambda-cpp's users have it.
PROJECT = """\
cmake_minimum_required(VERSION 3.9)
set(CMAKE_CXX_STANDARD 11)
project(shop LANGUAGES CXX)
find_package(aws-lambda-runtime {version} REQUIRED)
add_executable(${PROJECT_NAME} "main.cpp")
target_link_libraries(${PROJECT_NAME} PUBLIC AWS::aws-lambda-runtime)
target_compile_options(${PROJECT_NAME} PRIVATE "-Wall" "-Wextra")
aws_lambda_package_target(${PROJECT_NAME} {arguments})
"""
MAIN = (ROOT / "examples/echo-cpp/main.cpp").read_text()


def cmake(installation: Installation, source: Path, target: str) -> Path:
    """Builds a target, under a umask that lets nobody else read."""
    build = source / "build"
    for words in (["-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Release"], ["--build", build, "--target", target]):
        run(["cmake", *words], env=installation.environment, umask=0o077)
    return build


def project(folder: Path, version: str = "", arguments: str = "") -> Path:
    text = PROJECT.replace("{version}", version).replace("{arguments}", arguments)
    (folder / "CMakeLists.txt").write_text(text)
    (folder / "main.cpp").write_text(MAIN)
    return folder


def unpack(archive: Path, folder: Path) -> list[str]:
    """As Lambda does, permissions included; the names."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = Path(opened.extract(entry, folder))
            path.chmod(stat.S_IMODE(entry.external_attr >> 16))
        return opened.namelist()


def is_static(program: Path) -> bool:
    return "INTERP" not in run(["readelf", "-l", program])


def test_files(installation: Installation) -> None:
    installed = {str(path.relative_to(installation.root)) for path in installation.root.rglob("*") if path.is_file()}
    assert {name for name in installed if not name.startswith("include/")} == FILES
    for name in installed:
        assert stat.S_IMODE((installation.root / name).stat().st_mode) == 0o644
        if not name.endswith(".a"):
            text = (installation.root / name).read_text()
            assert str(installation.root) not in text and "@VERSION@" not in text


def test_version(installation: Installation, tmp_path: Path) -> None:
    told = re.search(r'COUNTERSIGN_VERSION "(\d+\.\d+\.\d+)"', (ROOT / "runtime/version.h").read_text())[1]
    assert installation.pkg_config("--modversion") == [told]
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(x C)\n"
        f"find_package(countersign-runtime {told} EXACT REQUIRED)\nadd_custom_target(none)\n")
    cmake(installation, tmp_path, "none")


def test_destdir(tmp_path: Path) -> None:
    run(["make", "--no-print-directory", "install", f"DESTDIR={tmp_path}", "PREFIX=/opt/count er"], cwd=ROOT)
    assert (tmp_path / "opt/count er/include/countersign/lambda.h").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"opt"}


def test_only_the_api_is_visible(installation: Installation) -> None:
    listed = run(["nm", "-g", "--defined-only", installation.root / "lib/libcountersign-runtime.a"])
    names = re.findall(r" [A-Z] (\w+)$", listed, re.M)
    assert "lambda_run" in names
    assert [name for name in names if not re.match(r"(lambda|text|countersign)_", name)] == []


def test_a_libcurl_of_the_programs_own(installation: Installation, tmp_path: Path, serve: Callable) -> None:
    source = tmp_path / "main.c"
    source.write_text((ROOT / "examples/echo-c/main.c").read_text() + """
    #include <stdlib.h>
    void *curl_easy_init(void) { abort(); }
    int curl_easy_perform(void *curl) { (void)curl; abort(); }
    void *curl_multi_init(void) { abort(); }
    int curl_global_init_mem(void) { abort(); }
    """)
    program = installation.build(source, tmp_path / "bootstrap", "static")
    assert serve(program, next=[invocation(b"event")]).posts == [(RESPONSE, b"event")]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_by_pkg_config(installation: Installation, tmp_path: Path, serve: Callable, example: str) -> None:
    source = ROOT / "examples" / example / EXAMPLES[example]
    assert 10 <= len(source.read_text().splitlines()) <= 30
    compiler = "c++" if source.suffix == ".cpp" else "cc"
    run([compiler, *installation.pkg_config("--cflags"), "-Wall", "-Wextra", "-Werror", source, "-o", tmp_path / "shared",
         *installation.pkg_config("--libs")])
    assert not is_static(tmp_path / "shared")
    assert [path for path, _ in serve(tmp_path / "shared", next=[invocation(b"event")]).posts] == [RESPONSE]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_by_cmake(installation: Installation, tmp_path: Path, serve: Callable, example: str) -> None:
    source = shutil.copytree(ROOT / "examples" / example, tmp_path / example)
    build = cmake(installation, source, f"aws-lambda-package-{example}")
    assert unpack(build / f"{example}.zip", tmp_path) == ["bootstrap"]
    bootstrap = tmp_path / "bootstrap"
    assert is_static(bootstrap) and stat.S_IMODE(bootstrap.stat().st_mode) == 0o755
    assert "no symbols" in run(["nm", bootstrap])
    (path, body), = serve(bootstrap, next=[invocation(b"event")]).posts
    assert path == RESPONSE
    if example == "stream":
        head, _, text = body.partition(b"\0" * 8)
        assert b'"statusCode":200' in head and text == b"".join(b"%d\n" % number for number in range(1, 11))
    else:
        assert body == b"event"


@pytest.mark.parametrize("version", ["", "0.2.7", "1.0"])
def test_project_for_aws_lambda_cpp(installation: Installation, tmp_path: Path, serve: Callable, version: str) -> None:
    build = cmake(installation, project(tmp_path, version), "aws-lambda-package-shop")
    assert unpack(build / "shop.zip", tmp_path / "task") == ["bootstrap"]
    assert serve(tmp_path / "task/bootstrap", next=[invocation(b"event")]).posts == [(RESPONSE, b"event")]


def test_project_with_shared_libraries(installation: Installation, tmp_path: Path, serve: Callable) -> None:
    build = cmake(installation, project(tmp_path, arguments="NO_LIBC"), "aws-lambda-package-shop")
    names = unpack(build / "shop.zip", tmp_path / "task")
    assert "bootstrap" in names and "lib/libstdc++.so.6" in names
    assert [name for name in names if re.match(r"lib/(ld-|libc\.|libm\.)", name)] == []
    function = serve(tmp_path / "task/bootstrap", LD_LIBRARY_PATH=str(tmp_path / "task/lib"), next=[invocation(b"event")])
    assert function.posts == [(RESPONSE, b"event")]


@pytest.mark.parametrize("change, message", [
    ({"version": "2.0"}, "version"), ({"arguments": "NO_LIB"}, "NO_LIB")])
def test_project_that_is_refused(installation: Installation, tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        cmake(installation, project(tmp_path, **change), "all")


def test_shared_program_is_not_packaged_as_static(installation: Installation, tmp_path: Path) -> None:
    script = installation.root / "lib/cmake/countersign-runtime/zip.cmake"
    with pytest.raises(AssertionError, match="NO_LIBC"):
        run(["cmake", "-DEXECUTABLE=/bin/true", f"-DZIP={tmp_path}/x.zip", "-DOBJDUMP=objdump", "-DSTRIP=strip", "-P", script])
    assert list(tmp_path.iterdir()) == []


def test_installation_can_be_moved(installation: Installation, tmp_path: Path) -> None:
    moved = Installation(shutil.copytree(installation.root, tmp_path / "some where" / "else"))
    cmake(moved, shutil.copytree(ROOT / "examples/echo-c", tmp_path / "project"), "echo-c")
    moved = Installation(shutil.copytree(installation.root, tmp_path / "elsewhere"))
    assert f"{tmp_path}/elsewhere" in moved.pkg_config("--cflags")[0]


def test_in_a_shared_library(installation: Installation, tmp_path: Path) -> None:
    """As an extension of another language is."""
    source = tmp_path / "extension.cpp"
    source.write_text("#include <aws/lambda-runtime/runtime.h>\n"
                      "extern \"C\" int next(char const *endpoint) {\n"
                      "  return static_cast<int>(aws::lambda_runtime::runtime(endpoint).get_next().get_failure()); }\n")
    library = tmp_path / "extension.so"
    run(["g++", "-shared", "-fPIC", *installation.pkg_config("--cflags"), source, "-o", library, "-Wl,-z,defs",
         *installation.pkg_config("--libs")])
    code = f"import ctypes; print(ctypes.CDLL({str(library)!r}).next(b'http://127.0.0.1:1'))"
    assert run(["python3", "-c", code]).splitlines()[-1] == "-1"


@pytest.mark.parametrize("target", ["x86_64", "arm64"])
def test_musl(tmp_path: Path, serve: Callable, target: str) -> None:
    """Small static programs in C, also for the other architecture."""
    if target == "x86_64" and ARCHITECTURE != "x86_64":
        pytest.skip("nothing runs x86_64 on this machine")
    run(["make", "--no-print-directory", "install", f"PREFIX={tmp_path}", f"TARGET={target}"], cwd=ROOT)
    compiler = ROOT / f"build/deps/{target}/bin/cc"
    program = tmp_path / "bootstrap"
    # -O2 and no tables: the musl that is there already.
    run([compiler, "-O2", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables", "-Wl,--gc-sections",
         ROOT / "examples/echo-c/main.c", "-o", program, *Installation(tmp_path).pkg_config("--cflags", "--libs")])
    run([sys.executable, ROOT / "tools/strip.py", program, program])
    assert program.stat().st_size < 600_000  # of which 250 kB are libcurl's TLS, which is never touched
    if target == ARCHITECTURE:
        assert serve(program, next=[invocation(b"event")]).posts == [(RESPONSE, b"event")]
    else:
        done = subprocess.run(["qemu-aarch64-static", program], capture_output=True, text=True, check=False, env={})
        assert done.returncode == 1 and "AWS_LAMBDA_RUNTIME_API" in done.stderr
