"""A certificate authority, and HTTPS servers with its certificates, for the tests of the TLS that is built in."""

from __future__ import annotations

import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Optional

NEW_KEY = {
    "rsa": ["genrsa", "2048"],
    "p256": ["ecparam", "-name", "prime256v1", "-genkey", "-noout"],
    "p384": ["ecparam", "-name", "secp384r1", "-genkey", "-noout"],
}


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *[str(argument) for argument in arguments]], check=True, capture_output=True)


class Authority:
    """Signs certificates. `roots` is its own, as a PEM file."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = folder / f"{name}.key"
        self.roots = folder / f"{name}.pem"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self._key, "-out", self.roots,
                "-subj", f"/CN={name}", "-days", 2)

    def sign(self, kind: str = "rsa", host: str = "localhost", days: int = 1, digest: str = "sha256") -> Path:
        """A PEM file with a key of that kind and its certificate. With days=-1, one that has expired."""
        name = f"{kind}-{host}-{days}-{digest}"
        made, request, extension = (self._folder / f"{name}.{part}" for part in ("pem", "csr", "ext"))
        if made.exists():
            return made
        key = self._folder / f"{kind}.key"
        if not key.exists():
            command, *rest = NEW_KEY[kind]
            openssl(command, "-out", key, *rest)
        extension.write_text(f"subjectAltName=DNS:{host}\n")
        openssl("req", "-new", "-key", key, "-subj", f"/CN={host}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.roots, "-CAkey", self._key, "-CAcreateserial",
                "-days", days, f"-{digest}", "-extfile", extension, "-out", made)
        made.write_text(made.read_text() + key.read_text())
        return made


class Answer(BaseHTTPRequestHandler):
    """Answers with the version and the cipher of the connection."""

    def do_GET(self) -> None:  # noqa: N802 (the base class's name)
        body = f"{self.connection.version()} {self.connection.cipher()[0]}".encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serves in a thread until it is closed."""
    daemon_threads = True

    def __init__(self, certificate: Path, newest: Optional[ssl.TLSVersion] = None, curve: str = "",
                 ciphers: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if newest:
            self._context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
            self._context.maximum_version = newest
        if curve:
            self._context.set_ecdh_curve(curve)
        if ciphers:
            self._context.set_ciphers(ciphers)
        self._context.load_cert_chain(certificate)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def server_close(self) -> None:
        self.shutdown()
        super().server_close()

    def get_request(self):
        connection, address = super().get_request()
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, *_: object) -> None:
        """A client that turns away is what many tests are about."""

    def url(self, host: str = "localhost") -> str:
        return f"https://{host}:{self.server_port}/"
