"""Other runtimes and signers, to be measured beside the function. Each is pinned by its own ecosystem's lock file in
bench/peers and built into the cache that clones share; one that can't be had here is left out, with the reason."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from pins import cache, golang, lockfile, npm, python
from pins.common import Failure, need, run

SOURCES = Path("bench/peers")
RIC_NODE = 22  # the oldest Node.js that AWS's client runs on
# What must stand in the replies: of an echo a word of the event, of a signer what each URL has.
ECHOED, SIGNED = "rawPath", "X-Amz-Signature"


@dataclass(frozen=True)
class Program:
    """Answers each event: with the event, or with a URL that it signs by its SDK."""

    name: str
    command: str
    wanted: str = ECHOED
    slow: bool = False  # its start takes tens of milliseconds


@dataclass(frozen=True)
class Signer:
    """Prints the nanoseconds of one URL, of each of so many rounds, as presign.c does."""

    name: str
    command: tuple[str, ...]


@dataclass
class Found:
    programs: list[Program] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)  # and why


def tool(name: str) -> str:
    need(name)
    return name


def entry(source: str, build: Callable[[Path], None], *more: object) -> Path:
    """The folder that `build` makes of a peer's source."""
    files = sorted(path for path in (SOURCES / source).rglob("*") if path.is_file() and "__pycache__" not in path.parts)

    def told(folder: Path) -> None:
        print(f"bench: building the peer in {SOURCES / source}", flush=True)
        build(folder)

    made_by = cache.key(*(f"{path}\0{path.read_text('utf-8')}" for path in files), *more)
    return cache.entry(f"peers/{source}-{made_by}", told)


def version(source: str, pattern: str) -> str:
    """As a lock file has it."""
    found = re.search(pattern, (SOURCES / source).read_text("utf-8"))
    if not found:
        raise Failure(f"{source} has no {pattern}")
    return found[1]


def of_cargo(source: str, package: str) -> str:
    return version(f"{source}/Cargo.lock", rf'name = "{package}"\nversion = "(.+)"')


def rust_program(source: str, program: str) -> str:
    def build(folder: Path) -> None:
        target = folder / "target"
        environment = {**os.environ, "CARGO_TARGET_DIR": str(target)}
        run([tool("cargo"), "build", "--release", "--locked"], SOURCES / source, environment,
            waiting=f"building {SOURCES / source}")
        shutil.move(str(target / "release" / program), folder / program)
        shutil.rmtree(target)

    return str(entry(source, build) / program)


def rust(found: Found) -> None:
    found.programs.append(Program(f"Rust, lambda_runtime {of_cargo('rust', 'lambda_runtime')}", rust_program("rust", "peer")))


def rust_sdk(found: Found) -> None:
    name = f"Rust, aws-sdk-s3 {of_cargo('rust-sdk', 'aws-sdk-s3')}"
    found.programs.append(Program(name, rust_program("rust-sdk", "signer"), SIGNED))


def go(found: Found) -> None:
    lock = lockfile.read()

    def build(folder: Path) -> None:
        with golang.workspace("peers") as (_, environment):
            compiler = golang.toolchain(lock, version("go/go.mod", r"(?m)^go (\S+)$"))
            run([compiler, "build", "-mod=readonly", "-tags", "lambda.norpc", *golang.FLAGS, "-o", f"{folder}/", "./..."],
                SOURCES / "go", environment, waiting="building the peers in Go")

    place = entry("go", build, *golang.FLAGS)
    of_go = {name: version("go/go.mod", rf"{name} v(\S+)") for name in ("aws-lambda-go", "aws-sdk-go-v2/service/s3")}
    found.programs.append(Program(f"Go, aws-lambda-go {of_go['aws-lambda-go']}", str(place / "echo")))
    found.programs.append(Program(f"Go, SDK v2's s3 {of_go['aws-sdk-go-v2/service/s3']}", str(place / "sign"), SIGNED))


def with_python(found: Found) -> None:
    text = (SOURCES / "python" / "requirements.txt").read_text("utf-8")
    requirements = [line for line in text.replace("\\\n", "").splitlines() if not line.strip().startswith("#")]
    place = python.with_packages("peers", requirements, "peers in Python", "about 15 s")
    client, boto3 = (version("python/requirements.txt", rf"{name}==(\S+)") for name in ("awslambdaric", "boto3"))
    # It takes the handler's path from the folder it runs in.
    command = f"{place}/bin/python -m awslambdaric {SOURCES}/python"
    found.programs.append(Program(f"Python, awslambdaric {client}", f"{command}/handler.handler", slow=True))
    found.programs.append(Program(f"Python, boto3 {boto3}", f"{command}/sign.handler", SIGNED, slow=True))
    found.signers.append(Signer(f"botocore {boto3}", (f"{place}/bin/python", str(SOURCES / "python" / "presign.py"))))


def lambda_cpp(packages: Path, folder: Path) -> list[Path]:
    """The sources of aws-lambda-cpp, unpacked of AWS's client for Node, which brings them along."""
    sources = folder / "aws-lambda-cpp"
    with tarfile.open(packages / "node_modules/aws-lambda-ric/deps/aws-lambda-cpp.tar.xz") as archive:
        archive.extractall(sources)
    told = (sources / "src" / "version.cpp.in").read_text("utf-8")
    (sources / "src" / "version.cpp").write_text(re.sub(r"@PROJECT_VERSION\w*@", "0", told), "utf-8")
    return [sources / "src" / f"{name}.cpp" for name in ("runtime", "logging", "version")]


def of_node() -> tuple[Path, Path]:
    """A folder with the sources and node_modules, and the node to run them with."""
    lock = lockfile.read()
    program = npm.node(lock, RIC_NODE)
    libraries = Path("build/deps/native").resolve()

    def build(folder: Path) -> None:
        shutil.copytree(SOURCES / "node", folder, dirs_exist_ok=True)
        npm.install_locked(lock, folder, folder / "cache", "installing the packages of the peers in Node")
        client, parts = folder / "node_modules" / "aws-lambda-ric", lambda_cpp(folder, folder)
        headers = (program.resolve().parents[1] / "include/node", folder / "node_modules/node-addon-api",
                   folder / "aws-lambda-cpp/include", libraries / "include")
        run([tool("g++"), "-std=c++20", "-w", "-O3", "-shared", "-fPIC", *(f"-I{path}" for path in headers),
             client / "src/native/rapid-client.cc", *parts, f"-L{libraries}/lib", "-lcurl", "-lmbedtls",
             "-o", client / "rapid-client.node"], waiting="building the native part of aws-lambda-ric")
        for scratch in ("cache", "aws-lambda-cpp"):
            shutil.rmtree(folder / scratch)

    return entry("node", build, program, libraries), program


def node(found: Found) -> None:
    entered, program = of_node()
    place = Path("build/bench/node")  # in the folder it runs in: it takes no handler that lies elsewhere
    cache.link(entered, place)
    ric, sdk = (version("node/package.json", rf'"{name}": "(.+)"') for name in ("aws-lambda-ric", "@aws-sdk/client-s3"))
    command = f"{program} {place}/node_modules/aws-lambda-ric/index.mjs"
    found.programs.append(Program(f"Node, aws-lambda-ric {ric}", f"_HANDLER={place}/handler.handler {command}", slow=True))
    found.programs.append(Program(f"Node, SDK v3's client-s3 {sdk}", f"_HANDLER={place}/sign.handler {command}", SIGNED,
                                  slow=True))
    found.signers.append(Signer(f"AWS SDK for JavaScript {sdk}", (str(program), f"{place}/presign.mjs")))


def cpp(found: Found) -> None:
    """By the compiler and the libcurl of the function."""
    target = Path("build/deps") / {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    packages, _ = of_node()

    def build(folder: Path) -> None:
        parts = lambda_cpp(packages, folder)
        run([target / "bin/c++", "-std=c++11", "-w", "-O2", f"-I{folder}/aws-lambda-cpp/include", f"-I{target}/include",
             SOURCES / "cpp" / "main.cpp", *parts, f"-L{target}/lib", "-lcurl", "-lmbedtls", "-Wl,--gc-sections", "-s",
             "-o", folder / "echo"], waiting="building the peer in C++")
        shutil.rmtree(folder / "aws-lambda-cpp")

    place = entry("cpp", build, target.resolve(), packages)
    found.programs.append(Program("C++, aws-lambda-cpp", str(place / "echo")))


PEERS = {"C++": cpp, "Rust": rust, "Rust's SDK": rust_sdk, "Go": go, "Python": with_python, "Node": node}


def build() -> Found:
    found = Found()
    for name, peer in PEERS.items():
        try:
            peer(found)
        except Failure as reason:
            found.left_out[name] = str(reason)
    return found
