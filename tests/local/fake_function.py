"""A function for the tests here. What it does is told by the event's path, or by
FAKE_INIT before its first event."""

import http.client
import json
import os
import sys
import time
from typing import Any, Dict, Optional

API = "/2018-06-01/runtime"
connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def post(path: str, body: bytes, headers: Optional[Dict[str, str]] = None) -> int:
    connection.request("POST", API + path, body, headers or {})
    reply = connection.getresponse()
    reply.read()
    return reply.status


def handle(request_id: str, event: Dict[str, Any], headers: Dict[str, str]) -> None:
    does = event.get("rawPath", "")
    response = f"/invocation/{request_id}/response"
    if does == "/exit":
        sys.exit(7)
    elif does == "/error":
        body = json.dumps({"errorMessage": "as told", "errorType": "Function.InBody"})
        header = {"Lambda-Runtime-Function-Error-Type": "Function.AsTold"}
        assert post(f"/invocation/{request_id}/error", body.encode(), header) == 202
    elif does == "/sleep":
        time.sleep(30)
    elif does == "/malformed":
        assert post(response, b'{"statusCode": "no number"}') == 202
    elif does == "/binary":
        reply = {
            "statusCode": 201,
            "isBase64Encoded": True,
            "body": "AP8=",
            "cookies": ["a=1", "b=2"],
        }
        assert post(response, json.dumps(reply).encode()) == 202
    elif does == "/large":
        assert post(response, b"x" * 6_291_557) == 413
    elif does == "/twice":
        assert post(response, b'"first"') == 202
        assert post(response, b'"second"') == 400
    else:
        seen = {"headers": headers, "environment": dict(os.environ), "pid": os.getpid()}
        seen["event"] = len(json.dumps(event)) if does == "/size" else event
        reply = {"statusCode": 200, "body": json.dumps(seen)}
        assert post(response, json.dumps(reply).encode()) == 202


def main() -> None:
    init = os.environ.get("FAKE_INIT", "")
    if init == "exit":
        sys.exit(3)
    if init == "error":
        body = {"errorMessage": "UPLOAD_BUCKET is missing", "errorType": "Function.Configuration"}
        assert post("/init/error", json.dumps(body).encode()) == 202
        sys.exit(1)
    while True:
        connection.request("GET", API + "/invocation/next")
        reply = connection.getresponse()
        event = json.loads(reply.read())
        headers = {name.lower(): value for name, value in reply.getheaders()}
        handle(headers["lambda-runtime-aws-request-id"], event, headers)


main()
