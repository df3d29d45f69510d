"""The function's calls of S3, and the doctor's, by the HTTP proxy that the environment names."""

import time
from pathlib import Path
from typing import Callable, Dict, Iterator, Tuple

import pytest
from doctor_program import Doctor, doctor_of
from fake_store import NO_PARTS, FakeStore, Says, StartStore
from harness import LoopThread
from http_proxy import StartProxy, proxies
from multipart import SECRET, Upload, refused, seal
from test_multipart_tls import certificate, context_of
from uploads import StartFunction

from local.processes import free_port
from local.store import Credentials

KEY = "uploads/" + "ab" * 16 + "/film.mp4"
USER, PASSWORD = "ann", "p@ss:+%/word"
IN_URL = "ann:p%40ss%3A+%25%2Fword"
HEADS = {
    403: "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
    503: "HTTP/1.1 503 No way\r\nContent-Length: 0\r\n\r\n",
    407: "HTTP/1.0 407 No\r\nProxy-Authenticate: Basic\r\n\r\n",
}


@pytest.fixture
def start_proxy(loop_thread: LoopThread) -> Iterator[StartProxy]:
    with proxies(loop_thread) as start_one:
        yield start_one


Open = Callable[..., Upload]


@pytest.fixture
def upload_with(function: StartFunction) -> Open:
    """upload_with(store, VARIABLE=...): an upload that a function with these opened."""

    def open_upload(store: FakeStore, **variables: str) -> Upload:
        running = function(
            AWS_ENDPOINT_URL_S3=store.url,
            UPLOAD_SEAL_SECRET=SECRET,
            UPLOAD_ADDRESSING="path",
            **variables,
        )
        return Upload(running, KEY, seal(SECRET, KEY, "upload-1", int(time.time()) + 60))

    return open_upload


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], str]:
    return (tmp_path / "function.log").read_text


@pytest.fixture
def tls_store(start: StartStore, tmp_path: Path) -> Tuple[FakeStore, str]:
    """And the file of its certificate."""
    made = certificate(tmp_path, "localhost")
    return start(Says(200, NO_PARTS), tls=context_of(made)), str(made)


def host_of(store: FakeStore) -> str:
    return store.url.partition("://")[2]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_https_goes_through_a_tunnel(
    start_proxy: StartProxy, upload_with: Open, tls_store: Tuple[FakeStore, str], variable: str
) -> None:
    """And nothing else does: the Runtime API is on http, and has no proxy."""
    store, roots = tls_store
    proxy = start_proxy()
    addresses = {variable: f"http://{proxy.address}/", "http_proxy": f"http://{proxy.address}"}
    upload = upload_with(store, AWS_CA_BUNDLE=roots, **addresses)
    for _ in range(3):
        assert upload.list().json() == []
    assert proxy.requests == [f"CONNECT {host_of(store)}"]
    assert (len(store.requests), store.connections) == (3, 1)


def test_http_asks_the_proxy_for_the_whole_url(
    start: StartStore, start_proxy: StartProxy, upload_with: Open
) -> None:
    store = start(Says(200, NO_PARTS))
    proxy = start_proxy(user=f"{USER}:{PASSWORD}")
    upload = upload_with(store, http_proxy=f"http://{IN_URL}@{proxy.address}")
    for _ in range(2):
        assert upload.list().json() == []
    assert len(proxy.requests) == 1, "the connection is kept"
    assert proxy.requests[0].startswith(f"GET {store.url}/countersign-test/{KEY}?")
    assert f"\r\nHost: {host_of(store)}\r\n" in proxy.heads[0]
    assert len(store.requests) == 2


@pytest.mark.parametrize("in_url", [IN_URL, "ann:p@ss:+%/word"], ids=["encoded", "as it is"])
def test_a_proxy_s_user_and_password(
    start_proxy: StartProxy,
    upload_with: Open,
    tls_store: Tuple[FakeStore, str],
    in_url: str,
    log: Callable[[], str],
) -> None:
    store, roots = tls_store
    proxy = start_proxy(user=f"{USER}:{PASSWORD}")
    upload = upload_with(store, AWS_CA_BUNDLE=roots, HTTPS_PROXY=f"{in_url}@{proxy.address}")
    assert upload.list().json() == []
    assert proxy.requests == [f"CONNECT {host_of(store)}"]
    assert "word" not in log()


@pytest.mark.parametrize(
    "variables",
    [
        {"NO_PROXY": "localhost"},
        {"no_proxy": "other.example, LOCALHOST ", "NO_PROXY": "other.example"},
        {"NO_PROXY": "*"},
    ],
)
def test_a_store_of_no_proxy_is_asked_itself(
    start_proxy: StartProxy,
    upload_with: Open,
    tls_store: Tuple[FakeStore, str],
    variables: Dict[str, str],
) -> None:
    store, roots = tls_store
    proxy = start_proxy()
    address = f"http://{proxy.address}"
    upload = upload_with(store, AWS_CA_BUNDLE=roots, HTTPS_PROXY=address, **variables)
    assert upload.list().json() == []
    assert proxy.requests == []


def test_http_proxy_in_capitals_is_not_read(
    start: StartStore, start_proxy: StartProxy, upload_with: Open
) -> None:
    """A client of a CGI program can set it, by a header called Proxy."""
    proxy = start_proxy()
    store = start(Says(200, NO_PARTS))
    others = {name: f"http://{proxy.address}" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    assert upload_with(store, **others).list().json() == []
    assert proxy.requests == []


def test_the_store_s_certificate_is_looked_at_in_the_tunnel(
    start: StartStore, start_proxy: StartProxy, upload_with: Open, tmp_path: Path
) -> None:
    made = certificate(tmp_path, "other.example")
    store = start(Says(200, NO_PARTS), tls=context_of(made))
    proxy = start_proxy()
    upload = upload_with(store, AWS_CA_BUNDLE=str(made), HTTPS_PROXY=f"http://{proxy.address}")
    refused(upload.list(), 502, "StoreUnreachable")
    assert proxy.requests and store.requests == []


@pytest.mark.parametrize(
    ("status", "words", "tries"),
    [
        (407, "wants a user and a password, or others than those in its URL (it answered 407)", 1),
        (403, "lets nothing through to the host (it answered 403)", 1),
        (503, "can't reach the host (it answered 503)", 3),
    ],
)
def test_a_proxy_that_refuses(
    start_proxy: StartProxy,
    upload_with: Open,
    tls_store: Tuple[FakeStore, str],
    log: Callable[[], str],
    status: int,
    words: str,
    tries: int,
) -> None:
    store, roots = tls_store
    proxy = start_proxy(refuses=HEADS[status])
    address = f"http://{IN_URL}@{proxy.address}"
    upload = upload_with(store, AWS_CA_BUNDLE=roots, HTTPS_PROXY=address)
    refused(upload.list(), 502, "ProxyFailed", "the proxy before S3")
    assert f"S3 was not asked: the proxy {proxy.address} {words}" in log()
    assert "word\n" not in log() and "p%40ss" not in log() and "p@ss" not in log()
    assert len(proxy.requests) == tries
    assert store.requests == []


def test_an_http_proxy_that_wants_credentials(
    start: StartStore, start_proxy: StartProxy, upload_with: Open, log: Callable[[], str]
) -> None:
    proxy = start_proxy(user="somebody:else")
    upload = upload_with(start(Says(200)), http_proxy=f"http://{IN_URL}@{proxy.address}")
    refused(upload.list(), 502, "ProxyFailed")
    assert f"S3 was not asked: the proxy {proxy.address} wants a user" in log()
    assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "answer", ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 2000\r\n\r\n", "x" * 20000]
)
def test_a_proxy_that_speaks_no_http(
    start_proxy: StartProxy, upload_with: Open, tls_store: Tuple[FakeStore, str], answer: str
) -> None:
    store, roots = tls_store
    proxy = start_proxy(refuses=answer)
    upload = upload_with(store, AWS_CA_BUNDLE=roots, HTTPS_PROXY=f"http://{proxy.address}")
    refused(upload.list(), 502, "ProxyFailed")
    assert store.requests == []


def test_a_proxy_that_does_not_answer(
    start_proxy: StartProxy,
    upload_with: Open,
    tls_store: Tuple[FakeStore, str],
    log: Callable[[], str],
) -> None:
    """The client gets its answer before the deadline of the invocation."""
    store, roots = tls_store
    proxy = start_proxy(silent=True)
    upload = upload_with(store, AWS_CA_BUNDLE=roots, HTTPS_PROXY=f"http://{proxy.address}")
    refused(upload.list(), 502, "ProxyFailed")
    said = log()  # the C library has its own words for it
    assert f"S3 was not asked: the proxy {proxy.address} can't be reached: " in said
    assert "timed out" in said
    assert store.requests == []


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_a_proxy_that_is_not_there(
    start: StartStore,
    upload_with: Open,
    tls_store: Tuple[FakeStore, str],
    log: Callable[[], str],
    scheme: str,
    host: str,
) -> None:
    store, roots = tls_store if scheme == "https" else (start(Says(200, NO_PARTS)), "/none")
    address = f"{host}:{free_port()}"
    variables = {f"{scheme}_proxy": f"http://{IN_URL}@{address}"}
    upload = upload_with(store, AWS_CA_BUNDLE=roots, **variables)
    refused(upload.list(), 502, "ProxyFailed", "the proxy before S3 can't be reached")
    assert f"S3 was not asked: the proxy {address} can't be reached: " in log()
    assert "p%40ss" not in log()
    assert store.requests == []


# ---- The doctor ----


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    return doctor_of(tmp_path, [PASSWORD, IN_URL])


SIGNER = Credentials("AKIAIOSFODNN7EXAMPLE", "the-secret-of-nobody-at-all")


def check(doctor: Doctor, store: FakeStore, roots: str, **variables: str) -> str:
    said = doctor.run(
        "check",
        *("--bucket", "bucket", "--endpoint", store.url),
        signer=SIGNER,
        environment={"AWS_CA_BUNDLE": roots, **variables},
    )
    assert said.status == 1, said.text
    return said.text + said.errors


def test_the_doctor_goes_by_the_proxy(
    doctor: Doctor, start_proxy: StartProxy, tls_store: Tuple[FakeStore, str]
) -> None:
    store, roots = tls_store
    proxy = start_proxy(user=f"{USER}:{PASSWORD}")
    check(doctor, store, roots, HTTPS_PROXY=f"http://{IN_URL}@{proxy.address}")
    assert set(proxy.requests) == {f"CONNECT {host_of(store)}"}
    assert store.requests


def test_the_doctor_tells_of_the_proxy(
    doctor: Doctor, start_proxy: StartProxy, tls_store: Tuple[FakeStore, str]
) -> None:
    store, roots = tls_store
    proxy = start_proxy(refuses=HEADS[403])
    text = check(doctor, store, roots, HTTPS_PROXY=f"http://{IN_URL}@{proxy.address}")
    assert "because the proxy before the store can't be reached, or lets nothing through" in text
    assert f"countersign-doctor: the proxy {proxy.address} lets nothing through to the host" in text
    assert store.requests == []


def test_the_doctor_tells_of_a_proxy_of_another_kind(
    doctor: Doctor, tls_store: Tuple[FakeStore, str]
) -> None:
    store, roots = tls_store
    text = check(doctor, store, roots, HTTPS_PROXY=f"socks5://{IN_URL}@localhost:1080")
    assert "HTTPS_PROXY must be http://[user:password@]host[:port]" in text
    assert store.requests == []
