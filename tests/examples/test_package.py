"""The npm package, as `make npm` makes it, in a project that has nothing else."""

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any, Iterator

import pytest
from pins import lockfile, npm
from product import VERSION

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / f"build/npm/countersign-{VERSION}.tgz"
TYPESCRIPT = ROOT / "build/typescript/node_modules/typescript/lib/tsc.js"
NODE = ROOT / "build/typescript/node"
FOLDERS = {"src": "web/countersign", "hooks": "web/hooks"}  # as they are called in it, and here
STRICT = "--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --lib es2022,dom"

# What an app in TypeScript may write, and what it may not.
APP = """
import { unfinished, upload, Upload, UploadError, type Progress, type Stored, type Unfinished, type UploadOptions } from 'countersign';

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
export async function left(file: File): Promise<string[]> {
  const all: Unfinished[] = await unfinished({ endpoint: '/' });
  await all.find(({ size }) => size === 0)?.forget();
  return (await all[0]?.fits(file)) ? all.map(({ name, storedBytes }) => `${name}: ${storedBytes}`) : [];
}
export const signedIn = (file: File) => upload(file, { headers: async () => ({ Authorization: 'Bearer token' }) });
// @ts-expect-error: the endpoint is no number
export const wrong = (file: File) => upload(file, { endpoint: 5 });
// @ts-expect-error: no such option
export const misspelt = (file: File) => upload(file, { endPoint: '/' });
// @ts-expect-error: nothing but a file
export const text = () => upload('text');
"""

HOOKS = """
import type { Stored } from 'countersign';
import { createUploads, useUpload, type FileOptions, type UploadItem, type UploadsOptions } from 'countersign/react';
import { createUploads as createStore } from 'countersign/svelte';
import { useUpload as useInVue } from 'countersign/vue';

const options: UploadsOptions = { endpoint: '/api', onStored: ({ receipt }: Stored, file: File) => fetch(receipt ?? file.name) };
const shared = createUploads(options);
const about: FileOptions = { name: 'a', metadata: { album: '1' } };
export function inReact(event: { dataTransfer: DataTransfer }): number {
  const { uploads, add, pause, resume, cancel, retry, remove, clear } = useUpload(shared);
  const [id]: (number | undefined)[] = add(event.dataTransfer.files, (file) => ({ ...about, name: file.name }));
  for (const each of [pause, resume, cancel, retry, remove]) each(id ?? 0);
  clear();
  return uploads.reduce((sum: number, { sentBytes, secondsLeft }: UploadItem) => sum + sentBytes + (secondsLeft ?? 0), 0);
}
export const inVue = (): readonly UploadItem[] => useInVue(options).uploads.value;
export const inSvelte = createStore(options).subscribe((uploads) => console.log(uploads[0]?.result?.key.length));
// @ts-expect-error: each file has its own
export const named = useUpload({ name: 'a' });
// @ts-expect-error: no such state
export const wrong = (item: UploadItem) => item.state === 'sending';
// @ts-expect-error: what is shown is not changed
export const changed = () => useUpload().uploads.pop();
"""
# What `--profile esm-only` leaves out.
COMMONJS = ("node10", "node16-cjs")
TYPES_WRONG = """
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(readFileSync(process.argv[2])));
console.log(JSON.stringify({ problems, entrypoints: Object.keys(entrypoints) }));
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
    """What the function serves with the modules that it is made of, and the hooks, all with their types."""
    modules = {f"{kept}/{path.name}": path for kept, folder in FOLDERS.items() for path in (ROOT / folder).glob("*.js")}
    sources = {**modules, "LICENSE": ROOT / "LICENSE"}
    sources.update({name: ROOT / "packaging/npm" / name for name in ("README.md", "package.json", "sha256_worker.d.ts")})
    sources.update({name: ROOT / "build/web" / name for name in ("countersign.js", "sha256_worker.js")})
    types = {name.replace(".js", ".d.ts") for name in modules}
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
    assert run(project, NODE, "server.mjs") == "Upload,UploadError,unfinished,upload sha256_worker.js\n"


def test_the_module_has_no_framework(project: Path) -> None:
    """Nor has Svelte's store, which is one by its form alone; the others need theirs."""
    (project / "bare.mjs").write_text(
        "import { createUploads } from 'countersign/svelte';\n"
        "createUploads().subscribe((uploads) => console.log(uploads.length));\n"
        "for (const name of ['react', 'vue']) {\n"
        "  await import(`countersign/${name}`).catch(({ code }) => console.log(name, code));\n"
        "}\n"
    )
    assert run(project, NODE, "bare.mjs") == "0\nreact ERR_MODULE_NOT_FOUND\nvue ERR_MODULE_NOT_FOUND\n"


@pytest.fixture
def with_frameworks(project: Path) -> Iterator[Path]:
    """With the types of both, as far as the hooks need them."""
    modules = project / "node_modules"
    for name in ("@types", "@vue", "csstype"):
        (modules / name).symlink_to(TYPESCRIPT.parents[2] / name)
    (modules / "vue").mkdir()
    (modules / "vue/package.json").write_text('{"types": "index.d.ts"}')
    (modules / "vue/index.d.ts").write_text("export * from '@vue/reactivity';")  # as Vue's own has it
    yield project
    for name in ("@types", "@vue", "csstype"):
        (modules / name).unlink()
    shutil.rmtree(modules / "vue")


@pytest.mark.parametrize("resolution", ["nodenext", "bundler"])
def test_its_types_hold_in_strict_mode(with_frameworks: Path, resolution: str) -> None:
    for name, source in (("app.ts", APP), ("hooks.ts", HOOKS)):
        (with_frameworks / name).write_text(source)
    module = "nodenext" if resolution == "nodenext" else "esnext"
    flags = [*STRICT.replace("nodenext", module).split(), "--moduleResolution", resolution]
    assert run(with_frameworks, NODE, TYPESCRIPT, *flags, "app.ts", "hooks.ts") == ""


def readme(language: str) -> "list[str]":
    text = (ROOT / "packaging/npm/README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def named(language: str, module: str) -> str:
    """What a component of the guide takes of the package, as far as can be told without its compiler."""
    (component,) = readme(language)
    (made,) = re.findall(rf"import {{ (\w+) }} from '{module}'", component)
    (actions,) = re.findall(r"const { (?:uploads, )?(.*?) } =", component)
    (shown,) = re.findall(r"{ (id, .*?) }", component)
    return (
        f"import {{ {made} }} from '{module}';\nimport type {{ UploadItem }} from 'countersign/react';\n"
        f"const {{ {actions} }} = {made}();\n"
        f"export const all = ({{ {shown} }}: UploadItem) => [{shown}, {actions}];\n"
    )


def test_the_readmes_code_holds(with_frameworks: Path) -> None:
    """In strict mode. Its first block is run with the other documents'."""
    (component,) = readme("tsx")
    _, options = readme("js")
    typed = options.replace("const options =", "const options: UploadsOptions =")
    assert typed != options
    hook = "import { useUpload, type UploadsOptions } from 'countersign/react';"
    files = {
        "readme.tsx": component,
        "options.ts": f"{hook}\n{typed}\nexport const used = () => useUpload(options);",
        "vue.ts": named("vue", "countersign/vue"),
        "svelte.ts": named("svelte", "countersign/svelte"),
    }
    for name, source in files.items():
        (with_frameworks / name).write_text(source)
    flags = [*STRICT.replace("nodenext", "esnext").split(), "--moduleResolution", "bundler", "--jsx", "react-jsx"]
    assert run(with_frameworks, NODE, TYPESCRIPT, *flags, *files) == ""


def wrong_types(package: Path) -> "list[tuple[str, str]]":
    """What arethetypeswrong says of a package that is imported, and never required."""
    command = (NODE, "--input-type=module", "--eval", TYPES_WRONG, "-", package)
    found = json.loads(run(ROOT / "build/attw", *command))
    assert {".", "./react", "./vue", "./svelte", "./sha256_worker.js"} <= set(found["entrypoints"])
    problems = [each for each in found["problems"] if each.get("resolutionKind") not in COMMONJS]
    return [(each["kind"], each.get("entrypoint", "")) for each in problems]


def test_no_types_are_wrong(tmp_path: Path) -> None:
    assert wrong_types(PACKAGE) == []
    shutil.copytree(ROOT / "build/npm/package", tmp_path / "package")
    (tmp_path / "package/hooks/react.d.ts").write_text("export { useUpload } from './none';")
    pack(tmp_path / "package", tmp_path / "wrong.tgz")
    assert ("InternalResolutionError", "") in wrong_types(tmp_path / "wrong.tgz")


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


