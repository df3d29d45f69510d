"""botocore is the oracle: for the same clock, the same URL, byte for byte."""

import datetime
import json
import os
import platform
import random
import re
import string
import subprocess
from pathlib import Path
from unittest import mock

import botocore.auth
import botocore.session
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
PRESIGN = os.environ.get("COUNTERSIGN_PRESIGN", str(ROOT / "build/sanitize/presign"))
REQUESTS = 2500
SEED = 20261124

# One of each partition, and the region whose old endpoint is the global one.
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2", "il-central-1", "cn-north-1",
           "cn-northwest-1", "us-gov-west-1", "us-gov-east-1"]
ENDPOINT_URLS = ["http://127.0.0.1:9000", "http://localhost:9000", "https://store.example.com",
                 "https://store.example.com:8443/base/path", "https://minio.example.com/s3/",
                 "http://[::1]:9000"]
BUCKETS = ["my-bucket", "examplebucket", "a1b", "with.dots.in-it", "x" * 63, "0start",
           "my-point-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias",
           "Photos", "photos_2012", "_Old.-..Photos_", "X" * 255]
PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}  # by how a region's name begins
OPERATIONS = {  # what botocore calls it: the HTTP method
    "put_object": "PUT", "get_object": "GET", "upload_part": "PUT", "list_parts": "GET",
    "abort_multipart_upload": "DELETE", "create_multipart_upload": "POST",
    "complete_multipart_upload": "POST", "head_object": "HEAD", "delete_object": "DELETE"}
MULTIPART = {"upload_part", "list_parts", "abort_multipart_upload", "complete_multipart_upload"}
BYTE_CLASSES = [string.ascii_letters + string.digits, "-._~", "/", " ", "+%&=?#", "!*'()",
                "\"<>[]{}|\\^`", ":;@,$", "\x01\x09\x0a\x1f\x7f", "éñüß", "日本語", "שלום", "🙂🏳️‍🌈"]


def random_key(rng: random.Random) -> str:
    """A key of bytes of every class, without the segments that URL parsers drop."""
    classes = rng.sample(BYTE_CLASSES, rng.randint(1, len(BYTE_CLASSES)))
    text = "".join(rng.choice(rng.choice(classes)) for _ in range(rng.randint(1, 200)))
    segments = [s if s not in (".", "..") else "dot" for s in text.lstrip("/").split("/")]
    key = "/".join(segments) or "k"
    return key.encode()[:1024].decode(errors="ignore") or "k"


def random_text(rng: random.Random, alphabet: str, low: int, high: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def has_edges(place: dict) -> bool:
    """Whether Transfer Acceleration is there for this bucket. botocore knows less of its limits."""
    elsewhere = tuple(f"{start}-" for start in PARTITIONS)
    plain = re.fullmatch("[a-z0-9-]{3,63}", place["bucket"]) and not place["bucket"].endswith("-s3alias")
    return bool(plain) and not place["fips"] and not place["region"].startswith(elsewhere)


def random_access_point(rng: random.Random, client_region: str) -> dict:
    """An access point's ARN, mostly in the client's region, else in one of the same partition."""
    found = [name for start, name in PARTITIONS.items() if client_region.startswith(start + "-")]
    partition = found[0] if found else "aws"
    region = client_region
    if partition == "aws" and rng.random() < 0.3:
        region = "eu-central-1"
    arn = f"arn:{partition}:s3:{region}:111122223333:accesspoint{rng.choice('/:')}my-point"
    place = {"region": client_region, "bucket": arn, "addressing": 0}
    if rng.random() < 0.2:
        return {**place, "endpoint_url": "https://store.example.com:8443/base"}
    return {**place, "dualstack": rng.random() < 0.3,
            "fips": rng.random() < 0.3 and partition == "aws" and region == client_region}


def random_place(rng: random.Random) -> dict:
    """Region, bucket and kind of endpoint: only what exists."""
    if rng.random() < 0.2:
        return random_access_point(rng, rng.choice(REGIONS))
    place = {"region": rng.choice(REGIONS), "bucket": rng.choice(BUCKETS), "addressing": 0}
    if rng.random() < 0.3:
        return {**place, "endpoint_url": rng.choice(ENDPOINT_URLS)}
    place["dualstack"] = rng.random() < 0.3
    place["fips"] = rng.random() < 0.3 and not place["region"].startswith("cn-")
    if rng.random() < 0.3:
        place["addressing"] = 2
    elif has_edges(place):
        place["accelerate"] = rng.random() < 0.3
    return place


def random_headers(rng: random.Random, operation: str) -> tuple[dict, dict]:
    """The headers, and what botocore calls them."""
    headers: dict[str, str] = {}
    params: dict[str, object] = {}

    def maybe(header: str, param: str, value: object) -> None:
        if rng.random() < 0.5:
            headers[header] = str(value)
            params[param] = value

    if operation in ("put_object", "create_multipart_upload"):
        maybe("Content-Type", "ContentType", rng.choice(
            ["text/plain", "image/svg+xml", "text/html; charset=utf-8", "application/x-a.b+c"]))
        maybe("Cache-Control", "CacheControl", "max-age=60, private")
        maybe("Content-Disposition", "ContentDisposition", "attachment; filename=\"a b.txt\"")
        maybe("x-amz-tagging", "Tagging", "a=b&c=d%20e")
        maybe("x-amz-server-side-encryption", "ServerSideEncryption", "aws:kms")
        maybe("x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId",
              "arn:aws:kms:eu-west-1:111122223333:key/1234abcd")
        maybe("x-amz-storage-class", "StorageClass", "STANDARD_IA")
    if operation in ("put_object", "upload_part"):
        maybe("content-length", "ContentLength", rng.randint(0, 5 * 2**30))
        maybe("x-amz-checksum-sha256", "ChecksumSHA256",
              "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=")
    if operation in ("put_object", "complete_multipart_upload"):
        maybe("If-None-Match", "IfNoneMatch", "*")
    return headers, params


def random_query(rng: random.Random, operation: str) -> tuple[dict, dict]:
    query: dict[str, str] = {}
    params: dict[str, object] = {}
    if operation == "create_multipart_upload":
        query["uploads"] = ""
    if operation in MULTIPART:
        upload_id = random_text(rng, string.ascii_letters + string.digits + "-._~+/= ", 1, 128)
        query["uploadId"] = params["UploadId"] = upload_id
    if operation == "upload_part":
        params["PartNumber"] = rng.randint(1, 10000)
        query["partNumber"] = str(params["PartNumber"])
    if operation == "list_parts" and rng.random() < 0.5:
        params["PartNumberMarker"] = rng.randint(0, 9999)
        query["part-number-marker"] = str(params["PartNumberMarker"])
    if operation == "get_object" and rng.random() < 0.5:
        query["response-content-disposition"] = params["ResponseContentDisposition"] = \
            "attachment; filename*=UTF-8''%e2%82%ac.txt"
    return query, params


def random_request(rng: random.Random) -> tuple[dict, str, dict]:
    """A request for the signer, and botocore's operation and parameters for it."""
    operation = rng.choice(sorted(OPERATIONS))
    key = random_key(rng)
    headers, header_params = random_headers(rng, operation)
    query, query_params = random_query(rng, operation)
    request = {
        **random_place(rng), "method": OPERATIONS[operation], "key_hex": key.encode().hex(),
        "headers": headers, "query": query,
        "access_key_id": "AKIA" + random_text(rng, string.ascii_uppercase, 16, 16),
        "secret_access_key": random_text(rng, string.ascii_letters + "+/", 40, 40),
        "session_token": random_text(rng, string.ascii_letters + string.digits + "+/=", 0,
                                     rng.choice([0, 16, 1024, 4096])),
        "expires_seconds": rng.choice([1, 60, 300, 3600, 604800, rng.randint(1, 604800)]),
        "time_seconds": rng.randint(0, 4102444800)}
    params = {"Bucket": request["bucket"], "Key": key, **header_params, **query_params}
    return request, operation, params


def client_for(session: botocore.session.Session, request: dict, cache: dict):
    """Making a client takes botocore longer than a hundred signatures: keep them."""
    # Told to choose itself, botocore presigns for the global host, which redirects: here it is
    # told what our "auto" stands for.
    arn = request["bucket"].startswith("arn:")
    path = request["addressing"] == 2 or ("endpoint_url" in request and not arn)
    style = "path" if path else "virtual"
    settings = (request["region"], style, request.get("endpoint_url"),
                request.get("dualstack", False), request.get("fips", False),
                request.get("accelerate", False))
    if settings not in cache:
        region, style, url, dualstack, fips, accelerate = settings
        cache[settings] = session.create_client(
            "s3", region_name=region, endpoint_url=url, aws_access_key_id="placeholder",
            aws_secret_access_key="placeholder",
            config=Config(signature_version="s3v4", request_checksum_calculation="when_required",
                          use_dualstack_endpoint=dualstack, use_fips_endpoint=fips,
                          s3={"addressing_style": style, "use_accelerate_endpoint": accelerate,
                              "us_east_1_regional_endpoint": "regional"}))
    return cache[settings]


def botocore_url(client, request: dict, operation: str, params: dict) -> str:
    now = datetime.datetime.fromtimestamp(request["time_seconds"], datetime.timezone.utc)
    credentials = botocore.credentials.Credentials(
        request["access_key_id"], request["secret_access_key"], request["session_token"] or None)
    client._request_signer._credentials = credentials
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda **_: now.replace(
            tzinfo=None)):
        return client.generate_presigned_url(operation, Params=params,
                                             ExpiresIn=request["expires_seconds"])


def our_urls(requests: list[dict], command: list[str] = [PRESIGN]) -> list[str]:
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().splitlines()


def test_botocore_makes_the_same_urls():
    rng = random.Random(SEED)
    session = botocore.session.Session()
    clients: dict = {}
    generated = [random_request(rng) for _ in range(REQUESTS)]
    ours = our_urls([request for request, _, _ in generated])
    assert len(ours) == REQUESTS
    for (request, operation, params), url in zip(generated, ours):
        expected = botocore_url(client_for(session, request, clients), request, operation, params)
        assert url == expected, json.dumps(request)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="this machine's own is arm64")
def test_the_arm64_build_makes_the_same_urls():
    rng = random.Random(SEED)
    requests = [random_request(rng)[0] for _ in range(REQUESTS)]
    arm64 = ["qemu-aarch64-static", str(ROOT / "build/arm64/presign")]
    assert our_urls(requests, arm64) == our_urls(requests)


BASE = {"region": "us-east-1", "bucket": "examplebucket", "addressing": 0, "method": "GET",
        "key_hex": b"test.txt".hex(), "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "expires_seconds": 86400,
        "time_seconds": 1369353600}


@pytest.mark.parametrize("change,words", [
    ({"expires_seconds": 0}, "lifetime"),
    ({"expires_seconds": 604801}, "lifetime"),
    ({"expires_seconds": -5}, "lifetime"),
    ({"key_hex": ""}, "key"),
    ({"key_hex": b"a/../b".hex()}, "key"),
    ({"key_hex": b"./b".hex()}, "key"),
    ({"key_hex": b"a/.".hex()}, "key"),
    ({"key_hex": ("k" * 1025).encode().hex()}, "key"),
    ({"headers": {"Content-Type": "text/plain  two"}}, "header"),
    ({"headers": {"Content-Type": " text/plain"}}, "header"),
    ({"headers": {"Content-Type": "text/plain\r\nx: y"}}, "header"),
    ({"headers": {"Content-Type": "tëxt/plain"}}, "header"),
    ({"headers": {"Content Type": "text/plain"}}, "header"),
    ({"headers": {"a": "1", "A": "2"}}, "header"),
    ({"headers": {"Host": "elsewhere"}}, "header"),
    ({"headers": {f"x-{i}": "1" for i in range(33)}}, "too many"),
    ({"query": {f"q{i}": "1" for i in range(17)}}, "too many"),
    ({"method": "get"}, "method"),
    ({"method": "GET\nX"}, "method"),
    ({"time_seconds": -1}, "time"),
    ({"time_seconds": 253402300800}, "time"),
    ({"bucket": "My/Bucket"}, "bucket"),
    ({"bucket": "My_Bucket", "addressing": 1}, "need path style"),
    ({"bucket": "My_Bucket", "accelerate": True}, "Transfer Acceleration"),
    ({"bucket": "192.168.0.1"}, "bucket"),
    ({"bucket": "a b"}, "bucket"),
    ({"region": "eu-west-1.evil.example"}, "region"),
    ({"region": ""}, "region"),
    ({"endpoint_url": "ftp://x"}, "endpoint"),
    ({"endpoint_url": "http://user@x"}, "endpoint"),
    ({"endpoint_url": "http://x:0"}, "endpoint"),
    ({"endpoint_url": "http://x?y"}, "endpoint"),
    ({"endpoint_url": "http://x/../y"}, "endpoint"),
    ({"endpoint_url": "http://127.1"}, "endpoint"),
    ({"endpoint_url": "http://a..b"}, "endpoint"),
    ({"endpoint_url": "http://[aaaa]"}, "endpoint"),
    ({"endpoint_url": "http://[::1]", "addressing": 1}, "virtual"),
    ({"endpoint_url": "http://x", "fips": True}, "AWS's"),
    ({"bucket": "a.b", "addressing": 1}, "virtual"),
    ({"region": "cn-north-1", "fips": True}, "no FIPS"),
    ({"bucket": "arn:aws:s3:::my-bucket"}, "by its name"),
    ({"bucket": "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap"}, "multi-region"),
    ({"bucket": "mfzwi23gnjvgw.mrap"}, "multi-region"),
    ({"bucket": "my-bucket--usw2-az1--x-s3"}, "directory buckets"),
    ({"bucket": "arn:aws:s3express:us-east-1:111122223333:bucket/b--use1-az4--x-s3"},
     "directory buckets"),
    ({"bucket": "arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-1/accesspoint/p"},
     "Outposts"),
    ({"bucket": "p-o01ac5d28a6a232904e8xz5w8ijx1qzlbp3i3kuse10--op-s3"}, "Outposts"),
    ({"bucket": "arn:aws:s3-object-lambda:us-east-1:111122223333:accesspoint/p"},
     "Object Lambda"),
    ({"bucket": "p-1a4n8yjrb3kda96f67zwrwiiuse1a--ol-s3"}, "Object Lambda"),
    ({"bucket": "arn:aws-cn:s3:us-east-1:111122223333:accesspoint/p-1"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1:1111:accesspoint/p-1"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1:111122223333:accesspoint/p.1"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1:111122223333:accesspoint/../p"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1.evil:111122223333:accesspoint/p-1"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1:111122223333:bucket/p-1"}, "ARN"),
    ({"bucket": "arn:"}, "ARN"),
    ({"bucket": "arn:aws:s3:us-east-1:111122223333:accesspoint/p-1", "addressing": 2},
     "path-style"),
    ({"region": "us-iso-east-1", "dualstack": True}, "no dual-stack"),
    ({"bucket": "a.b", "accelerate": True}, "Transfer Acceleration"),
], ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:50])
def test_what_could_not_work_is_refused(change: dict, words: str):
    (line,) = our_urls([{**BASE, **change}])
    assert line.startswith("error: ") and words in line


def test_the_url_that_aws_documents():
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"""
    (line,) = our_urls([{**BASE, "endpoint_url": "https://s3.amazonaws.com", "addressing": 1}])
    assert line == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
