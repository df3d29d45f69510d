"""A stand-in for Lambda's base image, so that `sam local invoke` needs no internet.

The real image, public.ecr.aws/lambda/provided:al2023, is an operating system with
Lambda's runtime interface emulator added by SAM. A static executable needs only the
emulator, which is in SAM's own package.
"""

import io
import tarfile
from pathlib import Path
from typing import List

import docker
import samcli
from docker.errors import APIError

REPOSITORY = "public.ecr.aws/lambda/provided"
EMULATOR = "var/rapid/aws-lambda-rie"
FOLDERS = (
    "bin",
    "dev",
    "etc",
    "opt",
    "proc",
    "tmp",
    "var",
    "var/rapid",
    "var/runtime",
    "var/task",
)
ENVIRONMENT = "PATH=/bin LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime"


def install(host: str, architecture: str) -> None:
    """Gives the engine the image under the two names that SAM looks for."""
    names: List[str] = ["al2023", f"al2023-rapid-{architecture}"]
    client = docker.APIClient(base_url=host)
    try:
        for name in names:
            client.import_image_from_data(
                _files(architecture),
                repository=REPOSITORY,
                tag=name,
                changes=["WORKDIR /var/task", f"ENV {ENVIRONMENT}"],
            )
    finally:
        client.close()


def trial(host: str) -> str:
    """Why no container can be started on this engine, or "" when one can."""
    client = docker.DockerClient(base_url=host)
    try:
        container = client.containers.create(
            f"{REPOSITORY}:al2023", entrypoint=[f"/{EMULATOR}", "--help"]
        )
        try:
            container.start()
            return ""
        except APIError as error:
            return str(error.explanation)
        finally:
            container.remove(force=True)
    finally:
        client.close()


def _files(architecture: str) -> bytes:
    emulator = Path(samcli.__file__).parent / f"local/rapid/aws-lambda-rie-{architecture}"
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for folder in FOLDERS:
            _add(archive, folder, tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755)
        _add(archive, "etc/passwd", tarfile.REGTYPE, 0o644, b"root:x:0:0:root:/:/bin/sh\n")
        _add(archive, EMULATOR, tarfile.REGTYPE, 0o755, emulator.read_bytes())
    return data.getvalue()


def _add(
    archive: tarfile.TarFile, name: str, kind: bytes, mode: int, data: bytes = b""
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.size = kind, mode, len(data)
    archive.addfile(entry, io.BytesIO(data))
