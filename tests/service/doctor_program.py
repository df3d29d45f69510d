"""Running countersign-doctor, and what must be true of all that it prints."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence

from harness import built

from local.store import Credentials

SECONDS = 60


@dataclass(frozen=True)
class Doctor:
    """Runs it with secrets that it must never print."""

    executable: Path
    folder: Path
    secrets: Sequence[str] = field(repr=False)

    def run(
        self,
        *arguments: str,
        signer: Optional[Credentials] = None,
        environment: Mapping[str, str] = {},
        given: bytes = b"",
    ) -> "Said":
        """`signer`: whose credentials are in the environment."""
        who = environment_of(signer) if signer else {}
        done = subprocess.run(
            [str(self.executable), *arguments],
            env={"PATH": os.defpath, **who, **environment},
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
        text = done.stdout.decode()
        errors = done.stderr.decode()
        for secret in (*self.secrets, *secrets_of(arguments)):
            assert secret not in text + errors
        return Said(done.returncode, text, errors)

    def explain(
        self,
        url: str,
        error: bytes,
        *arguments: str,
        reply: Mapping[str, object] = {},
        signer: Optional[Credentials] = None,
    ) -> "Said":
        options: List[str] = []
        if reply:
            path = self.folder / "reply.json"
            path.write_text(json.dumps(reply), "utf-8")
            options = ["--reply", str(path)]
        return self.run("explain", *options, *arguments, url, "-", signer=signer, given=error)


@dataclass(frozen=True)
class Said:
    status: int
    text: str
    errors: str
    requests: List[str] = field(default_factory=list)  # that a store of a test got

    @property
    def causes(self) -> List[str]:
        """Those that it names, the likely ones too."""
        heads = ("Cause: ", "Most likely: ")
        return [
            line[len(head) :]
            for line in self.text.splitlines()
            for head in heads
            if line.startswith(head)
        ]


def secrets_of(arguments: Sequence[str]) -> List[str]:
    """Signatures and tokens of the URLs."""
    found = []
    for argument in arguments:
        for part in argument.replace("?", "&").split("&"):
            name, _, value = part.partition("=")
            if name in ("X-Amz-Signature", "X-Amz-Security-Token", "amp;X-Amz-Signature"):
                found.append(value)
    return [secret for secret in found if len(secret) >= 8]


def sent(method: str, headers: Mapping[str, str] = {}) -> List[str]:
    """The options that tell what was sent."""
    options = ["--method", method]
    for name, value in headers.items():
        options += ["--header", f"{name}: {value}"]
    return options


def doctor_of(folder: Path, secrets: Sequence[str]) -> Doctor:
    executable = built("COUNTERSIGN_DOCTOR", "build/sanitize/countersign-doctor")
    return Doctor(executable, folder, secrets)


def environment_of(credentials: Credentials) -> Dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
    }
