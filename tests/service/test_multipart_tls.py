"""S3 over HTTPS: only a store whose certificate is good gets a request."""

import ssl
import subprocess
import time
from pathlib import Path
from typing import Callable

import pytest
from fake_store import NO_PARTS, FakeStore, Says, StartStore
from multipart import SECRET, Upload, refused, seal
from uploads import StartFunction

KEY = "uploads/" + "ab" * 16 + "/film.mp4"


def certificate(folder: Path, host: str, days: int = 1) -> Path:
    """A PEM file with a key and a certificate that vouches for itself."""
    made = folder / f"{host}-{days}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days)]
        + ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
        + ["-keyout", str(folder / "key"), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    made.write_text(made.read_text() + (folder / "key").read_text())
    return made


def context_of(made: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    return context


Trusting = Callable[[FakeStore, Path], Upload]


@pytest.fixture
def upload_trusting(function: StartFunction) -> Trusting:
    def open_upload(store: FakeStore, roots: Path) -> Upload:
        running = function(
            AWS_ENDPOINT_URL_S3=store.url, UPLOAD_SEAL_SECRET=SECRET, AWS_CA_BUNDLE=str(roots)
        )
        return Upload(running, KEY, seal(SECRET, KEY, "upload-1", int(time.time()) + 60))

    return open_upload


def test_trusted_store(start: StartStore, upload_trusting: Trusting, tmp_path: Path) -> None:
    made = certificate(tmp_path, "localhost")
    store = start(Says(200, NO_PARTS), tls=context_of(made))
    upload = upload_trusting(store, made)
    for _ in range(3):
        assert upload.list().json() == []
    assert (len(store.requests), store.connections) == (3, 1)


def test_store_that_nobody_vouches_for(
    start: StartStore, upload_trusting: Trusting, tmp_path: Path
) -> None:
    store = start(Says(200, NO_PARTS), tls=context_of(certificate(tmp_path, "localhost")))
    other = certificate(tmp_path, "other.example")
    refused(upload_trusting(store, other).list(), 502, "StoreUnreachable")
    assert store.requests == []


def test_store_of_another_name(
    start: StartStore, upload_trusting: Trusting, tmp_path: Path
) -> None:
    made = certificate(tmp_path, "other.example")
    store = start(Says(200, NO_PARTS), tls=context_of(made))
    refused(upload_trusting(store, made).list(), 502, "StoreUnreachable")
    assert store.requests == []


@pytest.mark.parametrize("content", [None, "", "no certificates"])
def test_bundle_of_no_use(
    start: StartStore, upload_trusting: Trusting, tmp_path: Path, content: str
) -> None:
    store = start(Says(200, NO_PARTS), tls=context_of(certificate(tmp_path, "localhost")))
    roots = tmp_path / "roots.pem"
    if content is not None:
        roots.write_text(content)
    refused(upload_trusting(store, roots).list(), 502, "StoreUnreachable")
    assert store.requests == []
