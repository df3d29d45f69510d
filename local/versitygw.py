"""The S3 server: versitygw, a test tool here and no part of what is deployed.

It was chosen because it verifies what S3 verifies: signatures in the query and in forms, session
tokens, what a role's policy allows, signed headers and that no x-amz header is unsigned,
checksums, expiry, If-None-Match, and it has a bucket's CORS rules. tests/service/test_store.py
proves it.

Where it differs from S3:
- Objects are files: a key can't be where another's folder is, and there are at most 255 bytes
  between the slashes of a key.
- Pages may read an ETag whatever the bucket's CORS rules say.
- It has no encryption, and takes a URL that was signed in the future.
- An upload in parts that is gone counts as joined when its key has an object.
- Whoever uploads by a form must be allowed to s3:PutObject on the bucket, too. Here a role may
  that which may put objects.
- Its STS takes a web identity from an issuer at a public address alone. So sessions are written
  into the file that its IAM service keeps them in.
"""

import contextlib
import datetime
import http.client
import json
import secrets
import socket
import subprocess
from pathlib import Path
from typing import Any, Dict, Iterator, List

from .credentials import REGION, Credentials
from .data_folder import data_folder
from .processes import free_port, stop
from .store import CREDENTIALS_SECONDS, Store, launch, wait_until

EXECUTABLE = "versitygw"
HEALTH = "/healthz"
ACCOUNT = "000000000000"
# It writes its file only to note when a role was used last, and never earlier than the last time.
# So no write of its own can undo one of ours.
ALWAYS = {"LastUsedDate": "9999-01-01T00:00:00Z", "Region": REGION}


class VersityGateway(Store):
    def __init__(
        self, processes: "List[subprocess.Popen[bytes]]", url: str, root: Credentials, roles: Path
    ) -> None:
        super().__init__(processes, url, root)
        self._roles = roles

    def session(self, policy: str) -> Credentials:
        role = f"Role{secrets.token_hex(8)}"
        key = f"ASIA{secrets.token_hex(8).upper()}"
        made = Credentials(key, secrets.token_urlsafe(30), secrets.token_urlsafe(200))
        kept = json.loads(self._roles.read_text("utf-8"))
        kept["roles"][role] = _role(role, _with_forms(json.loads(policy)))
        kept["sessions"][key] = _session(role, made)
        new = self._roles.with_suffix(".new")
        new.write_text(json.dumps(kept), "utf-8")
        new.replace(self._roles)
        return made


def _with_forms(policy: Dict[str, Any]) -> str:
    allowed = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    for each in [each for each in allowed if "s3:PutObject" in each["Action"]]:
        bucket = each["Resource"].partition("/")[0]
        policy["Statement"].append({**each, "Action": "s3:PutObject", "Resource": bucket})
    return json.dumps(policy)


def _arn(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{role}"


def _now(more_seconds: float = 0) -> str:
    time = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=more_seconds)
    return time.isoformat()


def _role(name: str, policy: str) -> Dict[str, Any]:
    entry = {"PolicyName": name, "PolicyDocument": policy, "CreateDate": _now(), "UpdateDate": _now()}
    return {
        "Path": "/",
        "RoleName": name,
        "RoleID": name,
        "Arn": _arn(name),
        "CreateDate": _now(),
        "RoleLastUsed": ALWAYS,
        "Policies": {"inline": [entry]},
    }


def _session(role: str, made: Credentials) -> Dict[str, Any]:
    return {
        "accessKeyId": made.access_key_id,
        "secretAccessKey": made.secret_access_key,
        "sessionToken": made.session_token,
        "roleArn": _arn(role),
        "roleName": role,
        "roleId": role,
        "roleSessionName": "UploadFunction",
        "createDate": _now(),
        "expiration": _now(CREDENTIALS_SECONDS),
    }


@contextlib.contextmanager
def start(folder: Path, work: Path, *options: str) -> Iterator[VersityGateway]:
    """Starts the server whose executable is in `folder`, with its data and its log
    in a new folder under `work`, and stops it and deletes the data at the end. Call
    it from the main thread: the server ends with the thread that started it."""
    executable = str((folder / EXECUTABLE).absolute())
    root = Credentials(secrets.token_hex(10), secrets.token_urlsafe(30))
    with data_folder(work) as data, contextlib.ExitStack() as running:
        for name in ("objects", "versions", "metadata", "roles"):
            (data / name).mkdir()
        # Of an abstract name, since a path may be longer than a socket's can be.
        channel = f"@countersign-{secrets.token_hex(8)}"
        iam = _iam(executable, data, root, channel)
        running.callback(stop, iam)
        wait_until(lambda: _listens(channel), iam, data / "log")
        port = free_port()
        gateway = _gateway(executable, data, root, channel, port, *options)
        running.callback(stop, gateway)
        wait_until(lambda: _answers(port), gateway, data / "log")
        url = f"http://127.0.0.1:{port}"
        yield VersityGateway([iam, gateway], url, root, data / "roles" / "iam.json")


def _as_root(root: Credentials) -> Dict[str, str]:
    return {
        "ROOT_ACCESS_KEY_ID": root.access_key_id,
        "ROOT_SECRET_ACCESS_KEY": root.secret_access_key,
        "VGW_REGION": REGION,
    }


def _iam(
    executable: str, data: Path, root: Credentials, channel: str
) -> "subprocess.Popen[bytes]":
    """Knows who there is, and what each may do."""
    options = ["--quiet", "--dir", str(data / "roles"), "--private-ports", channel]
    command = [executable, "--port", f"{channel}-api", "iam", *options]
    return launch(command, _as_root(root), data / "log")


def _gateway(
    executable: str, data: Path, root: Credentials, channel: str, port: int, *more: str
) -> "subprocess.Popen[bytes]":
    """Has the objects. Not every file system keeps what is said of a file, so that has a folder."""
    options = ["--port", f"127.0.0.1:{port}", "--health", HEALTH, "--quiet"]
    options += ["--iam-standalone-endpoint", channel, *more]
    folders = ["--versioning-dir", str(data / "versions"), "--sidecar", str(data / "metadata")]
    command = [executable, *options, "posix", *folders, str(data / "objects")]
    return launch(command, _as_root(root), data / "log")


def _listens(channel: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(channel.replace("@", "\0", 1)) == 0


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
