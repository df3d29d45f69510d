"""What docs/app.md says of telling the app: its commands, with moto for AWS, and its Worker, with Node for Cloudflare's."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, Dict, Iterator, List

import botocore.session
import guides
import pytest
from moto.server import ThreadedMotoServer
from told_app import ToldApp, told_app

REGION = "eu-west-1"
SECRET = "only-for-the-tests"
KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_DEFAULT_REGION": REGION}
STACK = """
Parameters: { Url: { Type: String } }
Resources: { Other: { Type: AWS::SQS::Queue } }
Outputs: { Other: { Value: no queue }, NotifyFailuresUrl: { Value: !Ref Url } }
"""
# By its option, for the CLI's first version heeds the variable everywhere but for queues.
AWS = 'aws() { command aws --endpoint-url "$AWS_URL" "$@"; }\n'
BATCH = """
import worker from './worker.mjs';
const input = JSON.parse(process.argv[2]);
const came = [];
const message = ({ id, attempts, body }) => ({
  id, attempts, body, ack: () => came.push([id, 'ack']), retry: (how) => came.push([id, how]),
});
await worker.queue({ messages: input.messages.map(message) }, input.env);
console.log(JSON.stringify(came));
"""


@pytest.fixture
def aws() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    yield url
    # It keeps what it has for the whole process.
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST"), timeout=60)
    server.stop()


def client(service: str, url: str) -> Any:
    session = botocore.session.Session()
    session.set_credentials("tests", "tests")
    return session.create_client(service, region_name=REGION, endpoint_url=url)


def run(block: str, folder: Path, aws: str, **more: str) -> str:
    """In the plain shell."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, **KEYS, "AWS_URL": aws, "PATH": path, **more}
    ran = subprocess.run(
        ["sh", "-uc", AWS + block], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def redrive(folder: Path, aws: str, app: ToldApp) -> str:
    return run(guides.blocks("app.md", "sh")[0], folder, aws, NOTIFY_URL=app.url, NOTIFY_SECRET=SECRET)


@pytest.fixture
def queue(aws: str) -> str:
    """The stack's."""
    client("sqs", aws).create_queue(QueueName="failures")
    url = f"{aws}/123456789012/failures"
    parameters = [{"ParameterKey": "Url", "ParameterValue": url}]
    client("cloudformation", aws).create_stack(StackName="countersign", TemplateBody=STACK, Parameters=parameters)
    return url


def left(aws: str, queue: str) -> List[str]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    got = client("sqs", aws).get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return [got[name] for name in names]


def event(key: str) -> Dict[str, Any]:
    return {"detail": {"object": {"key": key}}}


def test_what_waits_is_told_again(aws: str, queue: str, tmp_path: Path) -> None:
    keys = ["a", "ż 'ó' \"$HOME\" \\n"]
    for key in keys:
        body = json.dumps(event(key), ensure_ascii=False)
        client("sqs", aws).send_message(QueueUrl=queue, MessageBody=body)
    with told_app() as app:
        assert redrive(tmp_path, aws, app) == ""
        headers = [app.next()[1] for _ in keys]
        assert sorted(app.keys()) == sorted(keys)
    assert {each["x-notify-secret"] for each in headers} == {SECRET}
    assert left(aws, queue) == ["0", "0"]


@pytest.mark.parametrize("status", [503, 302])
def test_what_is_not_taken_stays(aws: str, queue: str, tmp_path: Path, status: int) -> None:
    client("sqs", aws).send_message(QueueUrl=queue, MessageBody=json.dumps(event("a")))
    with told_app(lambda event, number: status) as app:
        assert redrive(tmp_path, aws, app) == f"The app answered {status}\n"
        app.next()
    assert left(aws, queue) == ["0", "1"]


@pytest.mark.parametrize("had", [True, False])
def test_a_bucket_keeps_the_notifications_that_it_has(aws: str, tmp_path: Path, had: bool) -> None:
    s3, name = client("s3", aws), "NotificationConfiguration"
    s3.create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("sqs", aws).create_queue(QueueName="thumbnails")
    own = {
        "Id": "own",
        "QueueArn": f"arn:aws:sqs:{REGION}:123456789012:thumbnails",
        "Events": ["s3:ObjectRemoved:*"],
    }
    if had:
        s3.put_bucket_notification_configuration(Bucket="my-bucket", **{name: {"QueueConfigurations": [own]}})
    run(guides.blocks("app.md", "sh")[1], tmp_path, aws)
    has = s3.get_bucket_notification_configuration(Bucket="my-bucket")
    assert has.get("QueueConfigurations", []) == ([own] if had else [])
    # moto takes it, but does not show it.
    assert json.loads((tmp_path / "notifications.json").read_text())["EventBridgeConfiguration"] == {}


def change(key: str, action: str) -> Dict[str, Any]:
    """As Cloudflare documents a message."""
    return {
        "account": "3f4b7e3dcab231cbfdaa90a6a28bd548",
        "action": action,
        "bucket": "my-bucket",
        "object": {"key": key, "size": 65536, "eTag": "c846ff7a18f28c2e262116d6e8719ef0"},
        "eventTime": "2026-11-24T12:00:01.500Z",
    }


def test_the_worker(tmp_path: Path) -> None:
    (tmp_path / "worker.mjs").write_text(guides.block("app.md", "js", "export default"))
    (tmp_path / "batch.mjs").write_text(BATCH)
    messages = [
        {"id": "1", "attempts": 1, "body": change("uploads/1/ż.txt", "PutObject")},
        {"id": "2", "attempts": 1, "body": change("refused", "PutObject")},
        {"id": "3", "attempts": 4, "body": change("moved", "PutObject")},
        {"id": "4", "attempts": 30, "body": change("down", "CompleteMultipartUpload")},
    ]
    statuses = {"refused": 400, "down": 503, "moved": (302, {"Location": "/"})}

    def answers(event: Dict[str, Any], number: int) -> Any:
        return statuses.get(event["detail"]["object"]["key"], 204)

    with told_app(answers) as app:
        batch = {"messages": messages, "env": {"NOTIFY_URL": app.url, "NOTIFY_SECRET": SECRET}}
        ran = subprocess.run(
            ["node", "batch.mjs", json.dumps(batch)], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        came = dict(json.loads(ran.stdout))
        headers = [app.next()[1] for _ in messages]
    assert came == {"1": "ack", "2": {"delaySeconds": 30}, "3": {"delaySeconds": 240}, "4": {"delaySeconds": 3600}}
    assert {each["x-notify-secret"] for each in headers} == {SECRET}
    told = {event["id"]: event for event in app.events}
    detail = told["1"].pop("detail")
    assert detail["object"] == {
        "key": "uploads/1/ż.txt",
        "size": 65536,
        "etag": "c846ff7a18f28c2e262116d6e8719ef0",
        "sequencer": f"{1795521601500:x}",
    }
    assert (detail["reason"], told["4"]["detail"]["reason"]) == ("PutObject", "CompleteMultipartUpload")
    shown = json.loads(guides.block("app.md", "json", "Object Created"))
    assert set(told["1"]) | {"detail"} == set(shown)
    pauses = [min(30 * 2 ** (attempt - 1), 3600) for attempt in range(1, 31)]
    assert round(sum(pauses) / 3600) == 24
