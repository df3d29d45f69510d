"""The npm package, as `make npm` makes it, in a project that has nothing else."""

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from pins import lockfile, npm
from product import VERSION

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / f"build/npm/countersign-{VERSION}.tgz"
TYPESCRIPT = ROOT / "build/typescript/node_modules/typescript/lib/tsc.js"
NODE = ROOT / "build/typescript/node"
STRICT = "--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --lib es2022,dom"

# What an app in TypeScript may write, and what it may not.
APP = """
import { upload, Upload, UploadError, type Progress, type Stored, type UploadOptions } from 'countersign';

const options: UploadOptions = {
  endpoint: new URL('https://api.example.com/'),
  onProgress: ({ sentBytes, totalBytes }: Progress) => console.log(sentBytes / totalBytes),
  signal: AbortSignal.timeout(1000),
};
export async function store(file: File): Promise<string> {
  const started: Upload = new Upload(file, options);
  const { key, etag, receipt, unproven }: Stored = await started.start();
  const tag: string = etag ?? receipt ?? unproven?.code ?? '';
  try {
    return tag + key + (await upload(file)).key;
  } catch (error) {
    if (error instanceof UploadError && error.retryable) {
      const { status, code, message }: { status: number; code: string; message: string } = error;
      return `${status} ${code} ${message}`;
    }
    throw error;
  }
}
// @ts-expect-error: the endpoint is no number
export const wrong = (file: File) => upload(file, { endpoint: 5 });
// @ts-expect-error: no such option
export const misspelt = (file: File) => upload(file, { endPoint: '/' });
// @ts-expect-error: nothing but a file
export const text = () => upload('text');
"""


def run(folder: Path, *command: object) -> str:
    usual = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env=usual, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(archive: Path) -> "dict[str, bytes]":
    with tarfile.open(archive) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers()}  # type: ignore[union-attr]


def pack(folder: Path, target: Path) -> None:
    run(folder, ROOT / "build/venv/package/bin/python", ROOT / "tools/npm_package.py", target, folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty one, with the package installed by npm, which no registry is there for."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    command = npm.command(lockfile.read(), 20)
    run(folder, *command, "install", "--offline", "--no-audit", "--no-fund", "--no-update-notifier", PACKAGE)
    return folder


def described(folder: Path) -> Any:
    return json.loads((folder / "node_modules/countersign/package.json").read_text())


def test_what_is_in_it() -> None:
    """What the function serves, and the modules that it is made of, each with its types."""
    modules = sorted((ROOT / "web/countersign").glob("*.js"))
    sources = {f"src/{path.name}": path for path in modules}
    for path in ("packaging/npm/README.md", "packaging/npm/package.json", "build/web/countersign.js", "web/sha256_worker.js", "LICENSE"):
        sources[Path(path).name] = ROOT / path
    types = {f"src/{path.stem}.d.ts" for path in modules}
    files = contents(PACKAGE)
    assert set(files) == {f"package/{name}" for name in {*sources, *types}}
    for name, path in sources.items():
        assert files[f"package/{name}"] == path.read_bytes()


def test_its_version_is_the_functions(project: Path) -> None:
    assert described(project)["version"] == VERSION


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Whenever, in whatever order and by whoever they were written."""
    for name, body in sorted(contents(PACKAGE).items(), reverse=True):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        path.chmod(0o600)
        os.utime(path, (1, 1))
    pack(tmp_path / "package", tmp_path / "again.tgz")
    assert (tmp_path / "again.tgz").read_bytes() == PACKAGE.read_bytes()


def test_no_file_is_left_out(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "build/npm/package", tmp_path / "package")
    (tmp_path / "package/LICENSE").unlink()
    shutil.rmtree(tmp_path / "package/src")
    with pytest.raises(AssertionError, match="other files than there are.*LICENSE.*src"):
        pack(tmp_path / "package", tmp_path / "half.tgz")
    assert not (tmp_path / "half.tgz").exists()


def test_node_imports_it(project: Path) -> None:
    """As a server does that renders a page; nothing is uploaded there."""
    (project / "server.mjs").write_text(
        "import * as all from 'countersign';\n"
        "const worker = import.meta.resolve('countersign/sha256_worker.js');\n"
        "console.log(Object.keys(all).sort().join(), worker.split('/').pop());\n"
    )
    assert run(project, NODE, "server.mjs") == "Upload,UploadError,upload sha256_worker.js\n"


@pytest.mark.parametrize("resolution", ["nodenext", "bundler"])
def test_its_types_hold_in_strict_mode(project: Path, resolution: str) -> None:
    (project / "app.ts").write_text(APP)
    module = "nodenext" if resolution == "nodenext" else "esnext"
    flags = [*STRICT.replace("nodenext", module).split(), "--moduleResolution", resolution]
    assert run(project, NODE, TYPESCRIPT, *flags, "app.ts") == ""


def test_publint_finds_nothing(project: Path, tmp_path: Path) -> None:
    publint = ROOT / "build/publint"
    copy = tmp_path / "package"
    shutil.copytree(project / "node_modules/countersign", copy)
    command = (publint / "node", publint / "node_modules/publint/src/cli.js", "run", copy, "--strict", "--pack", "false")
    assert "All good!" in run(tmp_path, *command)
    manifest = json.loads((copy / "package.json").read_text())
    manifest["exports"]["."]["default"] = "./none.js"
    (copy / "package.json").write_text(json.dumps(manifest))
    with pytest.raises(AssertionError, match="none.js"):
        run(tmp_path, *command)


