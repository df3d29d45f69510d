"""botocore is the oracle: for the same clock, the same form, byte for byte."""

import datetime
import json
import os
import random
import string
import subprocess
from typing import Any, Dict, List
from unittest import mock

import botocore.auth
import botocore.session
import botocore.signers
import pytest
from test_botocore import BUCKETS, ROOT, client_for, random_place, random_text

POST = os.environ.get("COUNTERSIGN_POST", str(ROOT / "build/sanitize/post"))
FORMS = 800
SEED = 20261125
TEXT = string.ascii_letters + string.digits + string.punctuation + " " + "éñ日本שלום🙂\u2028"
TAGS = "<Tagging><TagSet><Tag><Key>a b</Key><Value>é&amp;</Value></Tag></TagSet></Tagging>"
# Fields that a form may have, and values for them.
FIELDS = {
    "Content-Type": ["text/plain", "image/svg+xml", "text/html; charset=utf-8"],
    "tagging": [TAGS],
    "x-amz-server-side-encryption": ["AES256", "aws:kms"],
    "x-amz-server-side-encryption-aws-kms-key-id": ["arn:aws:kms:eu-west-1:111122223333:key/1"],
    "x-amz-checksum-algorithm": ["SHA256"],
    "x-amz-checksum-sha256": ["LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="],
    "success_action_status": ["201"],
    "x-amz-meta-name": ["a.txt", "=?UTF-8?B?w6k=?=", 'q"uo\\te', "é"],
    "x-amz-meta-type": ["", "text/plain"],
}


def random_form(rng: random.Random) -> Dict[str, Any]:
    names = rng.sample(sorted(FIELDS), rng.randint(0, len(FIELDS)))
    size = rng.randint(0, 5 * 2**30)
    key = random_text(rng, TEXT, 1, 120).replace("./", "_/").replace("${filename}", "x")
    place = random_place(rng)
    if place["bucket"].startswith("arn:"):  # no form is made for these, here as there
        place["bucket"] = BUCKETS[0]
    return {
        **place,
        "key": "k" + key.rstrip("."),
        "fields": {name: rng.choice(FIELDS[name]) for name in names},
        "min_bytes": rng.choice([0, size]),
        "max_bytes": size,
        "access_key_id": "ASIA" + random_text(rng, string.ascii_uppercase, 16, 16),
        "secret_access_key": random_text(rng, string.ascii_letters + "/+", 40, 40),
        "session_token": random_text(
            rng, string.ascii_letters + string.digits + "/+=", 0, rng.choice([0, 16, 1024, 4096])
        ),
        "expires_seconds": rng.randint(1, 604800),
        "time_seconds": rng.randint(0, 4102444800),
    }


def botocore_form(client: Any, form: Dict[str, Any]) -> Dict[str, Any]:
    client._request_signer._credentials = botocore.credentials.Credentials(
        form["access_key_id"], form["secret_access_key"], form["session_token"] or None
    )
    now = datetime.datetime.fromtimestamp(form["time_seconds"], datetime.timezone.utc)
    clock = lambda **_: now.replace(tzinfo=None)  # noqa: E731
    conditions: List[Any] = [{name: value} for name, value in form["fields"].items()]
    conditions.append(["content-length-range", form["min_bytes"], form["max_bytes"]])
    with mock.patch.object(botocore.auth, "get_current_datetime", clock), mock.patch.object(
        botocore.signers, "get_current_datetime", clock
    ):
        made: Dict[str, Any] = client.generate_presigned_post(
            form["bucket"],
            form["key"],
            Fields=dict(form["fields"]),
            Conditions=conditions,
            ExpiresIn=form["expires_seconds"],
        )
    return made


def our_forms(forms: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    lines = "".join(json.dumps(form) + "\n" for form in forms)
    done = subprocess.run([POST], input=lines.encode(), capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().split("\n")[:-1]]


def test_botocore_makes_the_same_forms() -> None:
    rng = random.Random(SEED)
    session = botocore.session.Session()
    clients: Dict[Any, Any] = {}
    forms = [random_form(rng) for _ in range(FORMS)]
    ours = our_forms(forms)
    assert len(ours) == FORMS
    for form, made in zip(forms, ours):
        expected = botocore_form(client_for(session, form, clients), form)
        # Without its slash at the end a bucket's URL in path style is redirected by some stores.
        assert made.get("url") == expected["url"].rstrip("/") + "/", json.dumps(form)
        assert made["fields"] == [list(pair) for pair in expected["fields"].items()]


USUAL = {
    "region": "eu-west-1",
    "bucket": BUCKETS[0],
    "addressing": 0,
    "key": "a.txt",
    "fields": {},
    "min_bytes": 0,
    "max_bytes": 1,
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "expires_seconds": 60,
    "time_seconds": 1369353600,
}


@pytest.mark.parametrize(
    "change, words",
    [
        ({"bucket": "arn:aws:s3:eu-west-1:111122223333:accesspoint/p-1"}, "access point"),
        ({"expires_seconds": 604801}, "lifetime"),
        ({"key": "a/../b"}, "key"),
        ({"key": "a/${filename}"}, "${filename}"),
        ({"fields": {"x-amz-meta-a": "a\r\nb"}}, "field"),
        ({"min_bytes": 2}, "sizes"),
        ({"fields": {f"x-{i}": "1" for i in range(26)}}, "too many"),
        ({"session_token": "t" * 9000}, "20480"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:50],
)
def test_what_could_not_work_is_refused(change: Dict[str, Any], words: str) -> None:
    (made,) = our_forms([{**USUAL, **change}])
    assert words in made["error"]
