"""`countersign-doctor check`: on the real store, and on one that answers as S3 does."""

import json
import re
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping

import pytest
from doctor_program import Doctor, Said, doctor_of
from fake_store import CREATED, HEAD, FakeStore, Says, error, starting
from harness import ON_MINIO, LoopThread

from local.cors import RULE
from local.store import REGION, Credentials, Store

ORIGIN = "https://app.example"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0123"


@pytest.fixture
def doctor(tmp_path: Path, credentials: Credentials) -> Doctor:
    return doctor_of(tmp_path, [credentials.secret_access_key, credentials.session_token])


def lines(said: Said) -> Dict[str, List[str]]:
    """{"ok": [items], "change": [...], "unknown": [...], "note": [...]}"""
    found: Dict[str, List[str]] = {"ok": [], "change": [], "unknown": [], "note": []}
    for line in said.text.splitlines():
        verdict, _, rest = line.partition(" ")
        if verdict in found:
            found[verdict].append(rest.strip().partition(":")[0])
    return found


# ---- The real stores ----
# MinIO has lifecycle rules, encryption and object lock; versitygw CORS rules.


def check(doctor: Doctor, store: Store, bucket: str, *more: str, signer: Credentials) -> Said:
    options = ["--bucket", bucket, "--endpoint", store.url, "--region", REGION, *more]
    return doctor.run("check", *options, signer=signer)


@pytest.fixture
def root(store: Store) -> Credentials:
    return store.root


@ON_MINIO
def test_the_owner_of_a_real_bucket(
    doctor: Doctor, store: Store, bucket: str, root: Credentials
) -> None:
    said = check(doctor, store, bucket, "--origin", "http://app.example", signer=root)
    assert lines(said) == {
        "ok": [
            "region",
            "CORS for PUT",
            "CORS for signed headers",
            "CORS for forms",
            "CORS for signRequest",
            "exposed headers",
            "encryption",
            "object lock",
        ],
        "change": ["incomplete uploads"],
        "unknown": [],
        "note": ["unsigned headers"],
    }, said.text
    assert said.status == 1
    assert "aws s3api put-bucket-lifecycle-configuration" in said.text


@ON_MINIO
def test_those_who_may_only_upload(
    doctor: Doctor, store: Store, bucket: str, credentials: Credentials
) -> None:
    said = check(doctor, store, bucket, "--origin", ORIGIN, signer=credentials)
    assert lines(said)["unknown"] == ["incomplete uploads", "encryption", "object lock"], said.text
    assert "may not s3:GetLifecycleConfiguration" in said.text
    assert not lines(said)["change"]
    assert said.status == 1


@ON_MINIO
def test_a_real_bucket_in_another_region(
    doctor: Doctor, store: Store, bucket: str, root: Credentials
) -> None:
    said = check(doctor, store, bucket, "--region", "eu-west-1", signer=root)
    assert lines(said)["change"][0] == "region", said.text
    assert f"the bucket is in {REGION}, not in eu-west-1" in said.text
    assert "encryption" in lines(said)["ok"], "it goes on with the right region"


def test_a_bucket_that_is_not_there(doctor: Doctor, store: Store, root: Credentials) -> None:
    said = check(doctor, store, "no-such-bucket", signer=root)
    assert lines(said) == {"ok": [], "change": ["bucket"], "unknown": [], "note": []}, said.text


@ON_MINIO
def test_a_secret_that_is_wrong(
    doctor: Doctor, store: Store, bucket: str, root: Credentials
) -> None:
    wrong = Credentials(root.access_key_id, "not-the-secret-of-this-key")
    said = check(doctor, store, bucket, "--origin", ORIGIN, signer=wrong)
    assert "most likely AWS_SECRET_ACCESS_KEY is not the secret key of AWS_ACCESS_KEY_ID" in said.text
    assert "the store answered 403 SignatureDoesNotMatch: The request signature" in said.text
    assert lines(said)["unknown"] == ["incomplete uploads", "encryption", "object lock"], said.text


CORS_ITEMS = ["CORS for PUT", "CORS for signed headers", "CORS for forms", "CORS for signRequest"]


def test_the_template_s_cors_rules(
    doctor: Doctor, store: Store, bucket: str, root: Credentials
) -> None:
    said = check(doctor, store, bucket, "--origin", ORIGIN, signer=root)
    assert lines(said)["ok"] == ["region", *CORS_ITEMS, "exposed headers", "object lock"], said.text


def without(name: str, *values: str) -> Dict[str, List[str]]:
    return {name: [value for value in RULE[name] if value not in values]}


@pytest.mark.parametrize(
    "rule, change, note",
    [
        (without("AllowedMethods", "PUT"), CORS_ITEMS[:2], []),
        (without("AllowedMethods", "POST"), ["CORS for forms"], []),
        (without("AllowedMethods", "DELETE"), [], ["CORS for signRequest"]),
        (without("AllowedHeaders", "Content-Type"), CORS_ITEMS[:2], []),
        (without("AllowedHeaders", "If-None-Match"), ["CORS for signed headers"], []),
        (without("AllowedHeaders", "x-amz-*"), ["CORS for signed headers"], []),
        ({"AllowedOrigins": ["https://other.example"]}, CORS_ITEMS[:3], ["CORS for signRequest"]),
    ],
    ids=["PUT", "POST", "DELETE", "type", "once", "x-amz", "origin"],
)
def test_a_cors_rule_that_lacks_something(
    doctor: Doctor,
    store: Store,
    bucket: str,
    root: Credentials,
    rule: Dict[str, List[str]],
    change: List[str],
    note: List[str],
) -> None:
    store.allow(bucket, [ORIGIN], **rule)
    try:
        said = check(doctor, store, bucket, "--origin", ORIGIN, signer=root)
    finally:
        store.allow(bucket, ["*"])
    assert lines(said)["change"] == change, said.text
    assert lines(said)["note"] == [*note, "unsigned headers"], said.text


def test_without_credentials_and_origin(doctor: Doctor, store: Store, bucket: str) -> None:
    said = doctor.run("check", "--bucket", bucket, "--endpoint", store.url)
    assert lines(said)["unknown"] == ["region", "CORS", "incomplete uploads", "encryption", "object lock"]
    assert not lines(said)["ok"]
    assert said.status == 1


def test_a_store_that_does_not_answer(doctor: Doctor, root: Credentials) -> None:
    said = doctor.run("check", "--bucket", "bucket", "--endpoint", "http://127.0.0.1:1", signer=root)
    assert lines(said) == {"ok": [], "change": [], "unknown": ["bucket"], "note": []}, said.text
    assert said.status == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--bucket", "B/D"],
        ["--bucket", "bucket", "--region", "EU"],
        ["--bucket", "bucket", "--endpoint", "localhost"],
        ["--bucket", "bucket", "--origin", "https://app.example/"],
    ],
)
def test_wrong_use(doctor: Doctor, options: List[str]) -> None:
    assert doctor.run("check", *options).status == 2


# ---- A store that answers as S3 does ----

SIGNER = Credentials("AKIAIOSFODNN7EXAMPLE", "the-secret-of-nobody-at-all")


def xml(root: str, content: str) -> str:
    namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return f"{HEAD}<{root} {namespace}>{content}</{root}>"


def allowed(origin: str, methods: str, headers: str, exposed: str = "ETag, Location") -> Says:
    return Says(
        200,
        headers={
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": headers,
            "Access-Control-Expose-Headers": exposed,
        },
    )


def rule(content: str, status: str = "Enabled") -> str:
    return xml("LifecycleConfiguration", f"<Rule><Status>{status}</Status>{content}</Rule>")


def encryption(content: str) -> str:
    return xml(
        "ServerSideEncryptionConfiguration",
        f"<Rule><ApplyServerSideEncryptionByDefault>{content}"
        "</ApplyServerSideEncryptionByDefault></Rule>",
    )


ABORT = (
    "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
    "</AbortIncompleteMultipartUpload>"
)
ALL_HEADERS = "content-type, if-none-match, x-amz-checksum-sha256, x-amz-meta-name"
FORBIDDEN = Says(403, error("AccessForbidden"))
GOOD: Mapping[str, Says] = {
    "location": Says(200, xml("LocationConstraint", "eu-west-1")),
    "OPTIONS PUT": allowed("http://app.example", "PUT, POST, GET", ALL_HEADERS),
    "OPTIONS POST": allowed("http://app.example", "PUT, POST, GET", ""),
    "OPTIONS DELETE": allowed("http://app.example", "PUT, POST, GET, DELETE", ""),
    "lifecycle": Says(200, rule(f"<Filter><Prefix></Prefix></Filter>{ABORT}")),
    "encryption": Says(200, encryption("<SSEAlgorithm>AES256</SSEAlgorithm>")),
    "object-lock": Says(404, error("ObjectLockConfigurationNotFoundError")),
}

CheckFake = Callable[..., Said]


@pytest.fixture
def check_fake(doctor: Doctor, loop_thread: LoopThread) -> Iterator[CheckFake]:
    """check_fake(cors=Says(...), ...) -> what it says of a good bucket with these answers."""
    with starting(loop_thread) as start:

        def run(answers: Mapping[str, Says] = {}, *more: str, region: str = "eu-west-1") -> Said:
            store: FakeStore = start({**GOOD, **answers})
            said = doctor.run(
                *("check", "--bucket", "bucket", "--endpoint", store.url, "--path-style"),
                *(("--region", region) if region else ()),
                *("--origin", "http://app.example"),
                *more,
                signer=SIGNER,
            )
            said.requests.extend(store.requests)
            for request in store.requests:
                signature = request.partition("X-Amz-Signature=")[2]
                assert not signature or signature not in said.text + said.errors
            return said

        yield run


def assert_changes(said: Said, items: List[str], *words: str) -> None:
    assert lines(said)["change"] == items, said.text
    assert not lines(said)["unknown"], said.text
    for word in words:
        assert word in said.text
    assert said.status == 1


def test_a_good_bucket(check_fake: CheckFake) -> None:
    said = check_fake()
    assert said.status == 0, said.text
    assert not lines(said)["change"] + lines(said)["unknown"]
    assert len(lines(said)["ok"]) == 9


def test_a_bucket_without_cors(check_fake: CheckFake) -> None:
    said = check_fake(
        {
            "OPTIONS PUT": FORBIDDEN,
            "OPTIONS POST": FORBIDDEN,
            "cors": Says(404, error("NoSuchCORSConfiguration")),
        }
    )
    items = ["CORS for PUT", "CORS for signed headers", "CORS for forms"]
    assert_changes(
        said,
        items,
        "no CORS rules at all",
        "aws s3api put-bucket-cors --bucket bucket --cors-configuration '{\"CORSRules\":[{",
        '"AllowedOrigins":["http://app.example"],"AllowedMethods":["PUT","POST","GET","DELETE"]',
    )


def test_cors_for_another_origin(check_fake: CheckFake) -> None:
    rules = xml(
        "CORSConfiguration",
        "<CORSRule><AllowedOrigin>https://other.example</AllowedOrigin>"
        "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod></CORSRule>",
    )
    said = check_fake(
        {"OPTIONS PUT": FORBIDDEN, "OPTIONS POST": FORBIDDEN, "cors": Says(200, rules)}
    )
    items = ["CORS for PUT", "CORS for signed headers", "CORS for forms"]
    assert_changes(said, items, "origins https://other.example, the methods GET,PUT")
    assert_no_command(said, "put-bucket-cors")
    assert '{"AllowedOrigins":["http://app.example"]' in said.text


def assert_no_command(said: Said, call: str) -> None:
    """It would take the rules away that are there."""
    assert "aws s3api" not in said.text
    assert f"{call} replaces ALL of them" in said.text


def test_cors_rules_that_can_not_be_read(check_fake: CheckFake) -> None:
    denied = Says(403, error("AccessDenied"))
    said = check_fake({"OPTIONS PUT": FORBIDDEN, "cors": denied})
    assert_changes(said, ["CORS for PUT", "CORS for signed headers"])
    assert_no_command(said, "put-bucket-cors")


@pytest.mark.parametrize(
    "origin, methods, headers, items",
    [
        ("http://other.example", "PUT", ALL_HEADERS, ["CORS for PUT", "CORS for signed headers"]),
        ("http://app.example", "GET", ALL_HEADERS, ["CORS for PUT", "CORS for signed headers"]),
        ("*", "PUT", "Content-Type", ["CORS for signed headers"]),
        ("*", "PUT", "*", []),
    ],
    ids=["other origin", "other method", "no x-amz headers", "all"],
)
def test_what_a_preflight_lets_in(
    check_fake: CheckFake, origin: str, methods: str, headers: str, items: List[str]
) -> None:
    said = check_fake({"OPTIONS PUT": allowed(origin, methods, headers)})
    assert lines(said)["change"] == items, said.text


def test_a_bucket_that_takes_no_delete(check_fake: CheckFake) -> None:
    """Only one kind of client sends it, so the bucket is well for all others."""
    said = check_fake({"OPTIONS DELETE": FORBIDDEN})
    assert lines(said)["note"] == ["CORS for signRequest", "unsigned headers"], said.text
    assert "may not send a DELETE: only Uppy 6's signRequest does" in said.text
    assert not lines(said)["change"] + lines(said)["unknown"]
    assert said.status == 0


def test_an_etag_that_is_not_exposed(check_fake: CheckFake) -> None:
    hidden = allowed("*", "PUT, POST, DELETE", "*", exposed="Location")
    said = check_fake({f"OPTIONS {method}": hidden for method in ("PUT", "POST", "DELETE")})
    assert_changes(said, ["exposed headers"], '"ExposeHeaders":["ETag","Location"]')


@pytest.mark.parametrize(
    "answer",
    [
        Says(301, error("PermanentRedirect"), headers={"x-amz-bucket-region": "eu-west-1"}),
        Says(400, error("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")),
        Says(200, xml("LocationConstraint", "EU")),
    ],
    ids=["redirect", "malformed", "location"],
)
def test_a_bucket_in_another_region(check_fake: CheckFake, answer: Says) -> None:
    said = check_fake({"location": answer}, region="us-west-2")
    assert_changes(said, ["region"], "the bucket is in eu-west-1, not in us-west-2")


def test_without_a_region_it_takes_the_bucket_s(check_fake: CheckFake) -> None:
    said = check_fake(region="")
    assert said.status == 0, said.text
    assert "the bucket is in eu-west-1" in said.text


def test_a_redirected_preflight(check_fake: CheckFake) -> None:
    away = Says(307, headers={"Location": "http://elsewhere.example/"})
    said = check_fake({"OPTIONS PUT": away})
    assert_changes(said, ["CORS for PUT", "CORS for signed headers"], "is redirected")


@pytest.mark.parametrize(
    "answer",
    [
        Says(404, error("NoSuchLifecycleConfiguration")),
        Says(200, rule("<Expiration><Days>1</Days></Expiration>")),
        Says(200, rule(ABORT, status="Disabled")),
        Says(200, rule(f"<Filter><Prefix>logs/</Prefix></Filter>{ABORT}")),
        Says(200, rule(f"<Prefix>logs/</Prefix>{ABORT}")),
        Says(200, rule(f"<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>{ABORT}")),
    ],
    ids=["none", "no abort", "disabled", "some keys", "some keys, older form", "tag"],
)
def test_incomplete_uploads_that_stay(check_fake: CheckFake, answer: Says) -> None:
    said = check_fake({"lifecycle": answer})
    assert_changes(said, ["incomplete uploads"], '"DaysAfterInitiation":7')
    if answer.status == 404:
        assert "aws s3api put-bucket-lifecycle-configuration --bucket bucket" in said.text
    else:
        assert_no_command(said, "put-bucket-lifecycle-configuration")


@pytest.mark.parametrize("algorithm", ["aws:kms", "aws:kms:dsse"])
@pytest.mark.parametrize("key", [KEY_ARN, "alias/my-key", "0123", KEY_ARN.replace("key/0123", "alias/my-key")])
def test_a_key_that_the_signer_must_be_able_to_use(
    check_fake: CheckFake, algorithm: str, key: str
) -> None:
    content = f"<SSEAlgorithm>{algorithm}</SSEAlgorithm><KMSMasterKeyID>{key}</KMSMasterKeyID>"
    said = check_fake({"encryption": Says(200, encryption(content))})
    assert said.status == 0, "nothing shows that it is wrong"
    assert lines(said)["note"] == ["encryption", "unsigned headers"], said.text
    assert f"the KMS key {key} ({algorithm})" in said.text and "kms:GenerateDataKey" in said.text
    arn = key if key == KEY_ARN else f"(the ARN of {key}: aws kms describe-key --key-id {key} "
    assert f"UploadSse={algorithm} UploadSseKmsKey={arn}" in said.text


def test_the_key_of_s3_itself(check_fake: CheckFake) -> None:
    said = check_fake({"encryption": Says(200, encryption("<SSEAlgorithm>aws:kms</SSEAlgorithm>"))})
    assert said.status == 0, said.text


@pytest.mark.parametrize(
    "answer, why",
    [
        (Says(403, error("AccessDenied")), "most likely the credentials may not s3:Get"),
        (
            Says(501, error("NotImplemented")),
            "most likely the store does not have this call: it answered 501 NotImplemented: private words",
        ),
        (Says(400, "no xml"), "the store answered 400"),
        (Says(400, error("InvalidRequest")), "the store answered 400 InvalidRequest: private words"),
        (Says(200, "<Other/>"), "the store answered 200"),
    ],
    ids=["no permission", "not implemented", "no xml", "its words", "another answer"],
)
def test_what_can_not_be_checked_is_not_well(
    check_fake: CheckFake, answer: Says, why: str
) -> None:
    said = check_fake({"lifecycle": answer, "encryption": answer})
    assert lines(said)["unknown"] == ["incomplete uploads", "encryption"], said.text
    assert said.text.count(f"could not be checked, because {why}") == 2
    assert said.status == 1


# ---- Object Lock ----


def object_lock(rule: str) -> Says:
    return Says(
        200, xml("ObjectLockConfiguration", f"<ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}")
    )


RETENTION = (
    "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>1</Years></DefaultRetention></Rule>"
)


def test_a_bucket_that_locks_what_is_uploaded(check_fake: CheckFake) -> None:
    said = check_fake({"object-lock": object_lock(RETENTION)}, "--try-uploads", "uploads/")
    assert lines(said)["note"] == ["object lock"], said.text
    assert "a default retention, COMPLIANCE" in said.text
    assert "UploadRequire=sha256" in said.text
    assert lines(said)["unknown"] == ["unsigned copy"], "what is locked could not be deleted"
    assert not [request for request in said.requests if request.startswith("PUT ")]


def test_object_lock_without_a_retention(check_fake: CheckFake) -> None:
    said = check_fake({"object-lock": object_lock("")})
    assert "object lock" in lines(said)["ok"], said.text


def test_object_lock_that_can_not_be_read(check_fake: CheckFake) -> None:
    said = check_fake({"object-lock": Says(403, error("AccessDenied"))})
    assert lines(said)["unknown"] == ["object lock"], said.text
    assert "may not s3:GetBucketObjectLockConfiguration" in said.text


@ON_MINIO
def test_a_real_bucket_with_object_lock(doctor: Doctor, store: Store, root: Credentials) -> None:
    name = "countersign-locked"
    store.s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    assert "object lock" in lines(check(doctor, store, name, signer=root))["ok"]
    said = check(doctor, store, name, "--try-uploads", "", signer=root)
    assert "x-amz-object-lock-legal-hold" in said.text, "this store acts on it"
    versions = store.s3.list_object_versions(Bucket=name)
    assert not versions.get("Versions") and not versions.get("DeleteMarkers"), said.text
    retention = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    store.s3.put_object_lock_configuration(
        Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
    )
    assert "object lock" in lines(check(doctor, store, name, signer=root))["note"]


# ---- What a signed URL lets in ----

COPY_ITEMS = ["unsigned copy", "unsigned copy into a part"]
DENY_COPIES = {
    "Effect": "Deny",
    "Action": "s3:PutObject",
    "Condition": {"Null": {"s3:x-amz-copy-source": "false"}},
}


def signer_with(store: Store, bucket: str, actions: List[str], *more: Dict[str, object]) -> Credentials:
    """Credentials that may do this with the bucket's objects, and what else is stated."""
    resource = f"arn:aws:s3:::{bucket}/*"
    allow = {"Effect": "Allow", "Action": [f"s3:{action}" for action in actions]}
    statements = [{"Resource": resource, **statement} for statement in (allow, *more)]
    return store.session(json.dumps({"Version": "2012-10-17", "Statement": statements}))


def try_uploads(doctor: Doctor, store: Store, bucket: str, signer: Credentials) -> Said:
    return check(doctor, store, bucket, "--try-uploads", "tried/", signer=signer)


def left(store: Store, bucket: str) -> List[str]:
    """What is there still of what was written."""
    listed = store.s3.list_objects_v2(Bucket=bucket, Prefix="tried/").get("Contents", [])
    return [one["Key"] for one in listed]


ALL_ACTIONS = ["PutObject", "GetObject", "DeleteObject", "AbortMultipartUpload"]


def test_a_real_store_that_refuses_what_is_not_signed(
    doctor: Doctor, store: Store, bucket: str
) -> None:
    said = try_uploads(doctor, store, bucket, signer_with(store, bucket, ALL_ACTIONS))
    assert lines(said)["ok"][-3:] == [*COPY_ITEMS, "other unsigned headers"], said.text
    assert "other unsigned headers: none is taken" in said.text
    assert not left(store, bucket)


@ON_MINIO
def test_a_real_store_that_copies_unsigned(doctor: Doctor, store: Store, bucket: str) -> None:
    said = try_uploads(doctor, store, bucket, signer_with(store, bucket, ALL_ACTIONS))
    assert lines(said)["change"] == COPY_ITEMS, said.text
    statement = {**DENY_COPIES, "Resource": f"arn:aws:s3:::{bucket}/*"}
    told = [line for line in said.text.splitlines() if "to the signer's policy: " in line]
    assert [json.loads(line.partition(": ")[2]) for line in told] == [statement, statement]
    assert "other unsigned headers" in lines(said)["note"]
    assert "x-amz-tagging, x-amz-storage-class, x-amz-acl" in said.text
    assert "x-amz-meta-" not in said.text, "those it refuses"
    assert said.status == 1
    assert not left(store, bucket)


@ON_MINIO
def test_a_real_store_whose_policy_denies_copies(doctor: Doctor, store: Store, bucket: str) -> None:
    """The statement that it tells mends it."""
    said = try_uploads(doctor, store, bucket, signer_with(store, bucket, ALL_ACTIONS, DENY_COPIES))
    assert [item for item in lines(said)["ok"] if item in COPY_ITEMS] == COPY_ITEMS, said.text
    assert "is refused: the store answered 403 AccessDenied: Access Denied." in said.text
    assert not left(store, bucket)


@ON_MINIO
def test_a_real_signer_that_may_only_upload(doctor: Doctor, store: Store, bucket: str) -> None:
    """What it can't delete is named, and that it can't copy does not say that nobody can."""
    said = try_uploads(doctor, store, bucket, signer_with(store, bucket, ["PutObject"]))
    assert [item for item in lines(said)["note"] if item in COPY_ITEMS] == COPY_ITEMS, said.text
    assert "to these credentials, which may not read" in said.text
    assert lines(said)["change"] == ["left behind", "left behind"], said.text
    assert "could not be deleted: the store answered 403 AccessDenied" in said.text
    kept = left(store, bucket)
    folder = kept[0].rpartition("/")[0]
    assert f"aws s3 rm --recursive s3://{bucket}/{folder}/" in said.text
    assert {key.rpartition("/")[0] for key in kept} == {folder}
    parts = f"{folder}/parts"
    assert f"the multipart upload of {parts} could not be aborted" in said.text
    (upload,) = store.s3.list_multipart_uploads(Bucket=bucket, Prefix=parts)["Uploads"]
    store.s3.abort_multipart_upload(Bucket=bucket, Key=parts, UploadId=upload["UploadId"])
    for key in kept:
        store.s3.delete_object(Bucket=bucket, Key=key)


@ON_MINIO
def test_a_real_signer_that_may_not_upload(doctor: Doctor, store: Store, bucket: str) -> None:
    said = try_uploads(doctor, store, bucket, signer_with(store, bucket, ["GetObject"]))
    assert "unsigned copy" in lines(said)["unknown"], said.text
    assert "may not s3:PutObject: the store answered 403 AccessDenied" in said.text
    assert not left(store, bucket)


NOT_SIGNED = Says(403, error("HeadersNotSigned"))
LIKE_S3: Mapping[str, Says] = {
    "PUT source": Says(200, headers={"x-amz-version-id": "1"}),
    "PUT copy": NOT_SIGNED,
    "PUT parts": NOT_SIGNED,
    "uploads": Says(200, CREATED),
    "DELETE parts": Says(204),
    "DELETE source": Says(204),
    **{f"PUT x-amz-{name}": NOT_SIGNED for name in (
        "tagging", "storage-class", "acl", "website-redirect-location", "server-side-encryption",
        "meta-countersign-doctor", "object-lock-legal-hold",
    )},
}
TRY = ("--try-uploads", "uploads/")


def paths(said: Said, method: str) -> List[str]:
    """The paths of what was asked, without a folder's fresh part, and the calls' own parameters."""
    found = []
    for request in said.requests:
        sent_method, _, target = request.partition(" ")
        path, _, query = target.partition("?")
        own = [part for part in query.split("&") if not part.startswith("X-Amz-")]
        if sent_method == method and "countersign-doctor-" in path:
            assert re.fullmatch(r"/bucket/uploads/countersign-doctor-[0-9a-f]{16}/.*", path)
            found.append("?".join([path.rpartition("/")[2], *own]))
    return found


def test_a_store_that_refuses_what_is_not_signed(check_fake: CheckFake) -> None:
    said = check_fake(LIKE_S3, *TRY)
    assert said.status == 0, said.text
    assert lines(said)["ok"][-3:] == [*COPY_ITEMS, "other unsigned headers"]
    assert not lines(said)["note"]
    assert paths(said, "DELETE") == ["parts?uploadId=upload-1", "source?versionId=1"]
    assert "since it is not signed: the store answered 403 HeadersNotSigned: private words" in said.text


def test_a_store_that_refuses_in_words_of_its_own(check_fake: CheckFake) -> None:
    refused = {"PUT copy": Says(400, error("InvalidRequest")), "PUT parts": Says(400, error("InvalidRequest"))}
    said = check_fake({**LIKE_S3, **refused, "GET source": Says(200, "countersign-doctor")}, *TRY)
    assert said.status == 0, said.text
    assert said.text.count("is refused: the store answered 400 InvalidRequest: private words") == 2


@pytest.mark.parametrize("answer", [Says(404, error("NoSuchKey")), Says(501, error("NotImplemented"))], ids=["404", "501"])
def test_a_copy_that_failed_for_another_reason_is_not_refused(check_fake: CheckFake, answer: Says) -> None:
    said = check_fake({**LIKE_S3, "PUT copy": answer, "DELETE copy": Says(204)}, *TRY)
    assert lines(said)["unknown"] == ["unsigned copy"], said.text
    assert said.status == 1


def test_a_store_that_does_not_know_the_header(check_fake: CheckFake) -> None:
    """It stores what was sent: nothing."""
    stored = {"PUT copy": Says(200), "DELETE copy": Says(204), "PUT parts": Says(200)}
    said = check_fake({**LIKE_S3, **stored}, *TRY)
    assert said.status == 0, said.text
    assert said.text.count("the store does not act on the header") == 2
    assert paths(said, "DELETE") == ["parts?uploadId=upload-1", "source?versionId=1", "copy"]


@pytest.mark.parametrize("failing", ["PUT copy", "PUT parts", "uploads", "PUT x-amz-acl"])
@pytest.mark.parametrize("answer", [Says(500, error("InternalError")), Says(0, hang_up=True)], ids=["500", "none"])
def test_what_was_written_is_deleted_when_a_step_fails(
    check_fake: CheckFake, failing: str, answer: Says
) -> None:
    gone = {"DELETE copy": Says(204), "DELETE x-amz-acl": Says(404, error("NoSuchKey"))}
    said = check_fake({**LIKE_S3, **gone, failing: answer}, *TRY)
    assert len(lines(said)["unknown"]) == 1, said.text
    assert said.status == 1
    deleted = paths(said, "DELETE")
    assert "source?versionId=1" in deleted
    assert ("parts?uploadId=upload-1" in deleted) == (failing != "uploads")
    name = failing.partition(" ")[2]
    assert (name in deleted) == (name in ("copy", "x-amz-acl")), "it may have been stored"
    assert "left behind" not in said.text


def test_a_first_object_that_may_be_stored(check_fake: CheckFake) -> None:
    said = check_fake({**LIKE_S3, "PUT source": Says(500, error("InternalError"))}, *TRY)
    assert lines(said)["unknown"] == ["unsigned copy"], said.text
    assert paths(said, "DELETE") == ["source"]
    assert len(paths(said, "PUT")) == 1


@pytest.mark.parametrize("prefix", ["/uploads/", "../", "a/./", "x" * 1010])
def test_a_prefix_that_no_key_has(doctor: Doctor, prefix: str) -> None:
    said = doctor.run("check", "--bucket", "bucket", "--try-uploads", prefix, signer=SIGNER)
    assert said.status == 2, said.text
    assert "prefix" in said.text
