"""The check of the floors: what it finds in a small tree, and in this one with a wrong include planted."""

import shutil
from pathlib import Path

import includes
import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "text/slice.h": "",
    "text/slice.c": '#include "slice.h"\n',
    "s3/signer.h": '#include "text/slice.h"\n',
    "s3/signer.c": '#include "signer.h"\n\n#include <string.h>\n',
    "function/config/config.h": '#include "s3/signer.h"\n',
    "function/routes/call.h": '#include "function/config/config.h"\n',
    "function/function.c": '#include "function/routes/call.h"\n',
}


def problems(root: Path, **planted: str) -> list[str]:
    files = {**GOOD, **{name.replace("__", "/").replace("_DOT_", "."): text for name, text in planted.items()}}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return includes.check(root)


def test_a_tree_that_is_in_order(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize("file, target, folders", [
    ("text/slice.c", "s3/signer.h", "text/ may not know s3/"),
    ("s3/signer.c", "function/config/config.h", "s3/ may not know function/config/"),
    ("function/config/config.h", "function/routes/call.h", "function/config/ may not know function/routes/"),
])
def test_an_include_that_runs_up(tmp_path: Path, file: str, target: str, folders: str) -> None:
    problems(tmp_path)
    (tmp_path / file).write_text(f'{GOOD[file]}  #  include "{target}" // planted\n')
    assert f"{file} includes {target}: {folders}" in includes.check(tmp_path)


def test_libraries_do_not_know_each_other(tmp_path: Path) -> None:
    found = problems(tmp_path, http__event_DOT_c='#include "s3/signer.h"\n')
    assert found == ["http/event.c includes s3/signer.h: http/ may not know s3/"]


def test_a_circle_of_two_files_and_their_headers(tmp_path: Path) -> None:
    found = problems(tmp_path, s3__a_DOT_h="", s3__a_DOT_c='#include "b.h"\n', s3__b_DOT_h='#include "a.h"\n')
    assert found == ["a circle: s3/a -> s3/b -> s3/a"]


def test_a_circle_of_three(tmp_path: Path) -> None:
    found = problems(tmp_path, s3__a_DOT_h='#include "b.h"\n', s3__b_DOT_h='#include "c.h"\n',
                     s3__c_DOT_c='#include "a.h"\n', s3__c_DOT_h="")
    assert found == ["a circle: s3/a -> s3/b -> s3/c -> s3/a"]


def test_a_folder_that_the_table_does_not_have(tmp_path: Path) -> None:
    assert problems(tmp_path, function__attic_DOT_c="", function__new__x_DOT_c="") == [
        "function/new/x.c: tools/includes.py has no row for function/new/"]


def test_every_row_is_a_folder_and_every_file_has_a_row() -> None:
    folders = {includes.folder_of(file) for file in includes.read(ROOT)}
    assert folders == set(includes.KNOWS)


def test_a_wrong_include_in_this_tree_is_found(tmp_path: Path) -> None:
    for top in {name.split("/")[0] for name in includes.KNOWS}:
        shutil.copytree(ROOT / top, tmp_path / top)
    assert includes.check(tmp_path) == []
    file = tmp_path / "http/content_type.c"
    file.write_text('#include "s3/presign.h"\n' + file.read_text("utf-8"))
    assert includes.check(tmp_path) == ["http/content_type.c includes s3/presign.h: http/ may not know s3/"]
