"""tools/pins/npm.py: a file of a package, without npm."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from pins import lockfile, npm
from pins.common import Failure

TEXT = '{"text/plain": {}}'


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with a package, known by the environment."""
    file = tmp_path / "registry" / "some-db" / "-" / "some-db-1.2.3.tgz"
    file.parent.mkdir(parents=True)
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("package/db.json")
        entry.size = len(TEXT)
        archive.addfile(entry, io.BytesIO(TEXT.encode()))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", (tmp_path / "registry").as_uri() + "/")
    return file


def lock_of(tmp_path: Path, contents: bytes) -> lockfile.Lock:
    digest = base64.b64encode(hashlib.sha512(contents).digest()).decode()
    path = tmp_path / "deps.lock"
    path.write_text(f"npm some some-db 1.2.3 sha512-{digest}\n")
    return lockfile.read(path)


def no_npm(*_: object) -> Path:
    raise AssertionError("npm is not needed")


def test_a_file_comes_straight_from_the_registry(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "install", no_npm)
    lock = lock_of(tmp_path, registry.read_bytes())
    assert npm.read(lock, "some", "db.json", tmp_path / "scratch") == TEXT.encode()


def test_another_package_than_the_pinned_one_is_refused(registry: Path, tmp_path: Path) -> None:
    lock = lock_of(tmp_path, b"another")
    with pytest.raises(Failure, match="another some-db 1.2.3 than"):
        npm.read(lock, "some", "db.json", tmp_path / "scratch")


def test_npm_is_asked_where_the_registry_does_not_answer(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = lock_of(tmp_path, registry.read_bytes())
    registry.unlink()
    installed = tmp_path / "node_modules"
    (installed / "some-db").mkdir(parents=True)
    (installed / "some-db" / "db.json").write_text(TEXT)
    monkeypatch.setattr(npm, "install", lambda *_: installed)
    assert npm.read(lock, "some", "db.json", tmp_path / "scratch") == TEXT.encode()


def test_the_users_own_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".npmrc").write_text("fund=false\nregistry = https://npm.example.com/some/\n")
    assert npm.registry() == "https://npm.example.com/some/"
