"""`sam build`, `sam local invoke` and `sam local start-api`, as a user runs them, but without internet."""

import contextlib
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest

import docker_engine
import sam_image
import samples
from docker_engine import Engine
from local import replies
from local.processes import stop, tie_to_parent
from local.store import REGION, Store
from s3http import Answer, send

ROOT = Path(__file__).resolve().parents[2]
SAM = Path(sys.executable).parent / "sam"
HOST = "arm64" if os.uname().machine in ("aarch64", "arm64") else "x86_64"
ELF_MACHINES = {"x86_64": 62, "arm64": 183}
API_URL = "http://127.0.0.1:3000"  # in the engine's network, where nothing else listens
START_SECONDS = 60

# invoke(event, Parameter="value", ...) -> the function's reply
Invoke = Callable[..., Dict[str, Any]]


def run(command: List[str], environment: Mapping[str, str], root: Path = ROOT) -> str:
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def overrides(parameters: Mapping[str, str]) -> List[str]:
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]


def build(folder: Path, path: str = os.environ["PATH"], root: Path = ROOT, **parameters: str) -> Path:
    """`sam build`; gives the folder with the built template and the artifact."""
    environment = {
        # `make test` may run this: its flags are not for the make that SAM starts.
        **{name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        "PATH": path,
        "AWS_DEFAULT_REGION": REGION,
        "SAM_CLI_TELEMETRY": "0",
    }
    built = folder / "build"
    places = ["--build-dir", str(built), "--cache-dir", str(folder / "cache")]
    chosen = overrides(parameters) if parameters else []
    run([str(SAM), "build", "--template", "template.yaml", *places, *chosen], environment, root)
    return built


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("sam"), Architecture=HOST)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    try:
        with docker_engine.start() as started:
            sam_image.install(started.host, HOST)
            problem = sam_image.trial(started.host)
            if problem:
                raise docker_engine.NoEngine(f"a container can't be started: {problem}")
            yield started
    except docker_engine.NoEngine as reason:
        pytest.skip(f"no Docker engine: {reason}")


@pytest.fixture
def environment(engine: Engine, store: Store, bucket: str, tmp_path: Path) -> Dict[str, str]:
    """What `sam local` runs with; the function gets its credentials."""
    credentials = store.temporary_credentials(bucket, reads=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),  # so that no profile of the user's is read
        "DOCKER_HOST": engine.host,
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": REGION,
        # SAM asks AWS whose credentials these are, and goes on without an answer.
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
    }


@pytest.fixture
def invoke(engine: Engine, built: Path, environment: Dict[str, str]) -> Invoke:
    def invoke_once(event: Path, template: Path = built / "template.yaml", **parameters: str) -> Dict[str, Any]:
        command = [str(SAM), "local", "invoke", "UploadFunction", "--skip-pull-image"]
        command += ["--template", str(template), "--event", str(event)]
        chosen = overrides({"Architecture": HOST, **parameters})
        reply: Dict[str, Any] = json.loads(run(engine.inside(command + chosen), environment))
        return reply

    return invoke_once


@pytest.mark.parametrize(
    "parameters, architecture",
    [({}, "arm64"), ({"Architecture": "x86_64"}, "x86_64")],
    ids=["default", "x86_64"],
)
def test_build(parameters: Dict[str, str], architecture: str, tmp_path: Path) -> None:
    artifact = build(tmp_path, **parameters) / "UploadFunction"
    # Nothing else: Lambda unpacks all of it at each cold start.
    assert [path.name for path in artifact.iterdir()] == ["bootstrap"]
    executable = artifact / "bootstrap"
    assert os.access(executable, os.X_OK)
    header = executable.read_bytes()[:20]
    assert header[:4] == b"\x7fELF"
    assert int.from_bytes(header[18:20], "little") == ELF_MACHINES[architecture]


OTHER = {"x86_64": "arm64", "arm64": "x86_64"}[HOST]
# All that may compile, assemble or link, under whatever prefix or version.
COMPILERS = re.compile(r"(.*-)?(cc|c\+\+|gcc|g\+\+|c[89]9|clang(\+\+)?|lld|ld|gold|bfd|as|ar|strip|objcopy|cmake|ninja|zig)(-[0-9.]+)?")


def test_build_needs_no_compiler(tmp_path: Path) -> None:
    """Nor for the other architecture. In a copy, where nothing is built yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in os.environ["PATH"].split(":"):
        for found in Path(place).iterdir() if Path(place).is_dir() else ():
            if not COMPILERS.fullmatch(found.name) and found.name not in ("apt-get", "sudo") and not (folder / found.name).exists():
                (folder / found.name).symlink_to(found)
    assert not any(shutil.which(name, path=str(folder)) for name in ("cc", "gcc", "clang", "ld", "ar"))
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns("build", "dist", "node_modules", ".git", ".aws-sam"))
    artifact = build(tmp_path, str(folder), copy, Architecture=OTHER) / "UploadFunction" / "bootstrap"
    assert int.from_bytes(artifact.read_bytes()[18:20], "little") == ELF_MACHINES[OTHER]


@pytest.mark.parametrize("event", samples.SAMPLES, ids=lambda event: event.stem)
def test_local_invoke(event: Path, invoke: Invoke, store: Store, bucket: str, s3: Any) -> None:
    made = invoke(event, BucketName=bucket, EndpointUrl=store.url, UploadDownloads="on")
    reply = replies.KINDS[samples.reply_kind(event)](json.dumps(made).encode())
    if samples.request_of(event) == "POST /s3/multipart":
        # On by default here too, though SAM makes no secret. It is the only one that calls the store, which a container
        # of this engine can't reach.
        assert (reply.status, reply.json()["code"]) == (502, "StoreUnreachable")
        return
    samples.check(event, reply, s3, bucket)


def test_local_invoke_signs_for_s3_by_default(
    invoke: Invoke, environment: Dict[str, str]
) -> None:
    event = samples.EVENTS / "http-api-v2-get-signed-url.json"
    reply = invoke(event, BucketName="photos")
    url = urlsplit(json.loads(reply["body"])["url"])
    assert (url.scheme, url.netloc) == ("https", f"photos.s3.{REGION}.amazonaws.com")
    token = environment["AWS_SESSION_TOKEN"]
    assert parse_qs(url.query)["X-Amz-Security-Token"] == [token]


def test_local_invoke_from_a_release(invoke: Invoke, tmp_path: Path) -> None:
    (archive,) = (ROOT / "dist").glob("countersign-[0-9]*.tar.gz")
    shutil.unpack_archive(archive, tmp_path)
    folder = tmp_path / archive.name.removesuffix(".tar.gz")
    template = folder / {"arm64": "template.yaml", "x86_64": "template-x86_64.yaml"}[HOST]
    event = folder / "events/http-api-v2-get-signed-url.json"
    assert json.loads(invoke(event, template, BucketName="photos")["body"])["method"] == "PUT"


# ---- sam local start-api ----


class Api:
    """`sam local start-api`, reached by curl in the engine's network."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def request(self, method: str, path: str, *options: str) -> Answer:
        curl = ["curl", "-sS", "--include", "--max-time", "60", "--request", method]
        command = self._engine.inside([*curl, *options, API_URL + path])
        done = subprocess.run(command, capture_output=True)
        if done.returncode:
            raise ConnectionError(done.stderr.decode())
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in pairs}
        return Answer(int(status.split()[1]), headers, body)


@pytest.fixture
def api(
    engine: Engine,
    built: Path,
    environment: Dict[str, str],
    store: Store,
    bucket: str,
    tmp_path: Path,
) -> Iterator[Api]:
    parameters = {"Architecture": HOST, "BucketName": bucket, "EndpointUrl": store.url}
    command = [str(SAM), "local", "start-api", "--skip-pull-image"]
    command += ["--template", str(built / "template.yaml"), *overrides(parameters)]
    log = tmp_path / "start-api.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            engine.inside(command),
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
        )
    try:
        ready = Api(engine)
        wait_until_it_answers(ready, process, log)
        yield ready
    finally:
        stop(process)


def wait_until_it_answers(api: Api, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(ConnectionError):
            api.request("GET", "/ready")
            return
        time.sleep(0.1)
    raise AssertionError("sam local start-api did not start:\n" + log.read_text("utf-8", "replace"))


def test_start_api(api: Api, s3: Any, bucket: str) -> None:
    origin = ("-H", f"Origin: {samples.ORIGIN}")
    asked = api.request("GET", "/my/route/signed_url?file_name=test.txt&file_type=text/plain")
    assert asked.status == 200, asked.body
    upload = json.loads(asked.body)
    assert send("PUT", upload["url"], samples.FILE, upload["headers"]).status == 200
    assert s3.get_object(Bucket=bucket, Key=upload["key"])["Body"].read() == samples.FILE

    asks = ("-H", "Access-Control-Request-Method: POST")
    preflight = api.request("OPTIONS", "/signed_url", *origin, *asks)
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]

    missing = api.request("GET", "/nothing", *origin)
    assert (missing.status, json.loads(missing.body)["code"]) == (404, "NotFound")
    assert missing.headers["access-control-allow-origin"] == "*"

    body = json.dumps({"file_name": "test.txt", "size": 13})
    posted = api.request("POST", "/signed_url", "-H", "Content-Type: application/json", "-d", body)
    assert posted.status == 200, posted.body
    assert "content-length" in json.loads(posted.body)["url"]

    # The template has routes of their own for the files of the page, and of a profile's.
    for name, text in samples.PAGE_FILES.items():
        for path in (name, f"/avatar{name}") if name != "/" else (name,):
            got = api.request("GET", path)
            assert (got.status, got.body) == (200, text), path
            got = api.request("GET", path, "-H", "Accept-Encoding: gzip")
            assert got.headers["content-encoding"] == "gzip"
            assert (got.status, gzip.decompress(got.body)) == (200, text), path
