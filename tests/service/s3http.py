"""Plain HTTP to the store: exactly the headers that a test names, as a browser or
an attacker would send them."""

import base64
import contextlib
import hashlib
import http.client
import re
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Sequence, Tuple
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Dict[str, str]  # names in lower case
    body: bytes

    @property
    def code(self) -> str:
        """The <Code> of S3's XML error, or ""."""
        found = re.search(rb"<Code>([^<]*)</Code>", self.body)
        return found.group(1).decode() if found else ""


def send(
    method: str, url: str, body: bytes = b"", headers: Optional[Mapping[str, str]] = None
) -> Answer:
    """Sends these headers and Host and Content-Length, and nothing else."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body or method in ("PUT", "POST"):
            connection.putheader("Content-Length", str(len(body)))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.endheaders(body or None)  # who refuses it does not read on, but answers
        reply = connection.getresponse()
        named = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, named, reply.read())
    finally:
        connection.close()


def preflight(url: str, origin: str, method: str, headers: Sequence[str]) -> Answer:
    """What a browser asks before it sends a cross-origin request."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = ",".join(sorted(h.lower() for h in headers))
    return send("OPTIONS", url, headers=asked)


def allows(answer: Answer, origin: str, method: str, headers: Sequence[str]) -> bool:
    """Whether a browser would go on after this preflight."""

    def listed(name: str) -> Tuple[str, ...]:
        value = answer.headers.get("access-control-allow-" + name, "")
        return tuple(part.strip().lower() for part in value.split(","))

    wanted = {header.lower() for header in headers}
    return (
        answer.status in (200, 204)
        and listed("origin")[0] in ("*", origin.lower())
        and (method.lower() in listed("methods") or "*" in listed("methods"))
        and ("*" in listed("headers") or wanted <= set(listed("headers")))
    )


def sha256(body: bytes) -> str:
    """As x-amz-checksum-sha256 has it."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def form(fields: Mapping[str, str], file: bytes) -> Tuple[bytes, Dict[str, str]]:
    """A multipart/form-data body with the fields in this order and the file last."""
    boundary = "----countersign"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
