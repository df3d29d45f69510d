"""libcurl with mbedTLS, as tools/pins/libs.py builds it, against a TLS server: what it takes and what it refuses."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Callable

import pytest

from programs import TARGETS, build
from tls_server import Authority, Server

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
Get = Callable[..., "tuple[int, str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder, "authority")


@pytest.fixture(scope="module", params=TARGETS)
def get(request: pytest.FixtureRequest, folder: Path, authority: Authority) -> Get:
    """Runs https.c: its status and what it wrote."""
    program = build(request.param, "https", folder)

    def run(url: str, roots: Path = authority.roots, ciphers: str = "") -> tuple[int, str]:
        done = program(url, roots, *([ciphers] if ciphers else []))
        return done.returncode, done.stdout.strip()

    return run


@pytest.mark.parametrize("kind, digest", [("rsa", "sha256"), ("rsa", "sha384"), ("p256", "sha256"), ("p384", "sha384")])
@pytest.mark.parametrize("version", [V12, V13])
def test_certificates(get: Get, authority: Authority, kind: str, digest: str, version: ssl.TLSVersion) -> None:
    with Server(authority.sign(kind, digest=digest), version) as server:
        status, text = get(server.url())
    assert (status, text.split()[0]) == (0, version.name.replace("_", "."))


@pytest.mark.parametrize("curve", ["X25519", "prime256v1", "secp384r1"])
@pytest.mark.parametrize("version", [V12, V13])
def test_curves(get: Get, authority: Authority, curve: str, version: ssl.TLSVersion) -> None:
    with Server(authority.sign(), version, curve=curve) as server:
        assert get(server.url())[0] == 0


@pytest.mark.parametrize("cipher", ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"])
@pytest.mark.parametrize("kind", ["rsa", "p256"])
def test_ciphers_of_tls_1_2(get: Get, authority: Authority, cipher: str, kind: str) -> None:
    name = f"ECDHE-{'RSA' if kind == 'rsa' else 'ECDSA'}-{cipher}"
    with Server(authority.sign(kind), V12, ciphers=name) as server:
        assert get(server.url()) == (0, f"TLSv1.2 {name}")


@pytest.mark.parametrize("cipher", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
def test_ciphers_of_tls_1_3(get: Get, authority: Authority, cipher: str) -> None:
    with Server(authority.sign(), V13) as server:
        assert get(server.url(), ciphers=cipher) == (0, f"TLSv1.3 {cipher}")


@pytest.mark.parametrize("version", [V12, V13])
def test_an_expired_certificate_is_refused(get: Get, authority: Authority, version: ssl.TLSVersion) -> None:
    with Server(authority.sign(days=-1), version) as server:
        status, text = get(server.url())
    assert status == 1 and text.startswith("60 ") and "expired" in text


@pytest.mark.parametrize("version", [V12, V13])
@pytest.mark.parametrize("certified, asked", [("example.com", "localhost"), ("localhost", "127.0.0.1")])
def test_another_name_is_refused(get: Get, authority: Authority, certified: str, asked: str,
                                 version: ssl.TLSVersion) -> None:
    with Server(authority.sign(host=certified), version) as server:
        status, text = get(server.url(asked))
    assert status == 1 and text.startswith("60 ") and "does not match" in text


@pytest.mark.parametrize("version", [V12, V13])
def test_an_authority_that_is_not_trusted_is_refused(get: Get, authority: Authority, folder: Path,
                                                     version: ssl.TLSVersion) -> None:
    other = Authority(folder, "other")
    with Server(authority.sign(), version) as server:
        status, text = get(server.url(), other.roots)
    assert status == 1 and text.startswith("60 ") and "not correctly signed by the trusted CA" in text


def test_no_roots_trust_nobody(get: Get, authority: Authority, folder: Path) -> None:
    (folder / "none.pem").write_text("\n")
    with Server(authority.sign(), V13) as server:
        assert get(server.url(), folder / "none.pem")[0] == 1


def test_sha1_is_refused(get: Get, authority: Authority) -> None:
    with Server(authority.sign(digest="sha1"), V12, ciphers="ALL:@SECLEVEL=0") as server:
        status, text = get(server.url())
    assert status == 1 and text.startswith("60 ")


@pytest.mark.parametrize("cipher", ["AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES256-GCM-SHA384"])
def test_a_weaker_cipher_is_refused(get: Get, authority: Authority, cipher: str) -> None:
    with Server(authority.sign(), V12, ciphers=cipher) as server:
        status, text = get(server.url())
    assert status == 1 and text.startswith("35 ")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_tls_1_1_is_refused(get: Get, authority: Authority) -> None:
    with Server(authority.sign(), ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0") as server:
        status, text = get(server.url())
    assert status == 1 and text.startswith("35 ")


@pytest.mark.parametrize("version", [V12, V13])
def test_threads_do_not_race(authority: Authority, folder: Path, version: ssl.TLSVersion) -> None:
    program = build("thread", "https_threads", folder)  # ThreadSanitizer would write what races, and fail the program
    with Server(authority.sign(), version) as server:
        done = program(server.url(), authority.roots)
    assert (done.returncode, done.stdout) == (0, "0 failed\n")


@pytest.mark.parametrize("target", TARGETS)
def test_tls_is_set_up_by_the_first_connection_that_wants_it(folder: Path, authority: Authority, target: str) -> None:
    """Not by libcurl's global start, which each start of a function calls."""
    with Server(authority.sign(), V13) as server:
        done = build(target, "tls_start", folder)(server.url())
    assert done.stdout.splitlines() == ["at first: not yet", "started: not yet", "connected: set up"]
