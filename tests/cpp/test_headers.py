"""Each header compiles alone, as every language version that it is for, without a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from compilers import C_COMPILERS, CPP_COMPILERS, WARNINGS, run
from runtime_api import invocation
from toolchain import Installation

C_HEADERS = ["countersign/lambda.h", "countersign/text/slice.h", "countersign/text/buffer.h", "countersign/text/arena.h",
             "countersign/bridge.h"]
CPP_HEADERS = ["aws/lambda-runtime/runtime.h", "aws/lambda-runtime/outcome.h", "aws/lambda-runtime/version.h",
               "aws/http/response.h", "aws/logging/logging.h"]


def compile_alone(installation: Installation, folder: Path, compiler: str, standard: str, header: str) -> None:
    source = folder / ("alone.cpp" if "++" in standard else "alone.c")
    # Twice, so that a missing guard is seen.
    source.write_text(f"#include <{header}>\n#include <{header}>\n")
    run([compiler, f"-std={standard}", *WARNINGS, f"-I{installation.root}/include", "-c", source, "-o", folder / "o"])


@pytest.mark.parametrize("compiler", C_COMPILERS)
@pytest.mark.parametrize("standard", ["c17", "gnu17"])
def test_c(installation: Installation, tmp_path: Path, compiler: str, standard: str) -> None:
    for header in C_HEADERS:
        compile_alone(installation, tmp_path, C_COMPILERS[compiler], standard, header)


@pytest.mark.parametrize("compiler", CPP_COMPILERS)
@pytest.mark.parametrize("standard", ["c++11", "c++17", "c++2b"])
def test_cpp(installation: Installation, tmp_path: Path, compiler: str, standard: str) -> None:
    for header in [*CPP_HEADERS, *C_HEADERS]:
        compile_alone(installation, tmp_path, CPP_COMPILERS[compiler], standard, header)


def test_every_header_is_installed_and_tested(installation: Installation) -> None:
    include = installation.root / "include"
    installed = {str(path.relative_to(include)) for path in include.rglob("*.h")}
    behind = {"countersign/cpp/runtime.h", "countersign/cpp/failure.h"}  # included by runtime.h only
    assert installed == {*C_HEADERS, *CPP_HEADERS, *behind}


def test_cpp_headers_bring_no_names_of_lambda_h(installation: Installation, tmp_path: Path) -> None:
    source = tmp_path / "names.cpp"
    includes = "".join(f"#include <{header}>\n" for header in CPP_HEADERS)
    names = "".join(f"int {name};\n" for name in ("lambda_handler", "lambda_run", "lambda_log", "lambda_invocation",
                                                   "text_slice", "text_buffer", "lambda_reply"))
    source.write_text(includes + names)
    run(["g++", f"-I{installation.root}/include", "-c", source, "-o", tmp_path / "o"])


BOTH = """\
#include <countersign/lambda.h>
#include <countersign/text/arena.h>
#include <aws/lambda-runtime/runtime.h>

static int handle(lambda_invocation const *, lambda_reply *reply, void *) {
  text_arena_copy(lambda_arena(reply), TEXT_LITERAL("kept"));
  text_buffer_append(lambda_reply_body(reply), TEXT_LITERAL("both"));
  return 0;
}

int main() {
  aws::lambda_runtime::runtime const other("http://127.0.0.1:1");
  return lambda_run(nullptr, handle, nullptr);
}
"""


@pytest.mark.parametrize("how", ["static", "sanitize"])
def test_both_apis_in_one_program(installation: Installation, tmp_path: Path, serve: Callable, how: str) -> None:
    source = tmp_path / "both.cpp"
    source.write_text(BOTH)
    program = installation.build(source, tmp_path / "bootstrap", how)
    assert [body for _, body in serve(program, next=[invocation()]).posts] == [b"both"]
