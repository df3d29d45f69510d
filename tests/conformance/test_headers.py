"""The headers of /next: which may be missing, and what becomes of odd ones."""

from __future__ import annotations

import json
import random
import time
from typing import Callable

import pytest
from conftest import Run
from runtime_api import INVOCATION_HEADERS, REQUEST_ID, Reply, invocation

Serve = Callable[..., Run]

ID = "Lambda-Runtime-Aws-Request-Id"
DEADLINE = "Lambda-Runtime-Deadline-Ms"
# The header of each text field of the invocation.
FIELDS = {
    "Content-Type": "content_type",
    ID: "request_id",
    "Lambda-Runtime-Invoked-Function-Arn": "function_arn",
    "Lambda-Runtime-Trace-Id": "trace_id",
    "Lambda-Runtime-Client-Context": "client_context",
    "Lambda-Runtime-Cognito-Identity": "cognito_identity",
    "Lambda-Runtime-Aws-Tenant-Id": "tenant_id",
}
OPTIONAL = [name for name in INVOCATION_HEADERS if name != ID]
NEVER = 2**63 - 1
AFTER = invocation(b"after", "id-after")
AFTER_POST = ("invocation/id-after/response", b"after")


def fields_of(run: Run) -> dict:
    assert run.goes_on(), run.logs
    ((path, body),) = run.posts
    assert path == f"invocation/{REQUEST_ID}/response"
    return json.loads(body)


def expected_fields(**changed: object) -> dict:
    fields: dict = {field: INVOCATION_HEADERS[name] for name, field in FIELDS.items()}
    return {**fields, "deadline_ms": int(INVOCATION_HEADERS[DEADLINE]), **changed}


def check_fields(fields: dict, **changed: object) -> None:
    expected = expected_fields(**changed)
    assert {name: fields[name] for name in expected} == expected


def empty_field(header: str) -> dict:
    return {"deadline_ms": 0} if header == DEADLINE else {FIELDS[header]: ""}


def odd_case(name: str) -> str:
    return "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(name))


@pytest.mark.parametrize("header", OPTIONAL)
def test_without(serve: Serve, header: str) -> None:
    check_fields(fields_of(serve(next=[invocation(b"!fields", without=[header])])), **empty_field(header))


@pytest.mark.parametrize("header", OPTIONAL)
def test_empty(serve: Serve, header: str) -> None:
    check_fields(fields_of(serve(next=[invocation(b"!fields", headers={header: ""})])), **empty_field(header))


def test_only_the_request_id(serve: Serve) -> None:
    fields = fields_of(serve(next=[invocation(b"!fields", without=OPTIONAL)]))
    check_fields(fields, **{**dict.fromkeys(FIELDS.values(), ""), "request_id": REQUEST_ID, "deadline_ms": 0})


NO_ID = {
    "missing": invocation(b"lost", without=[ID]),
    "empty": invocation(b"lost", headers={ID: ""}),
    "blank": invocation(b"lost", headers={ID: " \t "}),
}


@pytest.mark.parametrize("lost", NO_ID.values(), ids=NO_ID)
def test_request_id_once(serve: Serve, lost: Reply) -> None:
    run = serve(next=[lost, AFTER])
    assert run.goes_on(), run.logs
    assert run.posts == [AFTER_POST]
    assert "request id" in run.logs.lower() or ID.lower() in run.logs.lower(), run.logs


@pytest.mark.parametrize("lost", NO_ID.values(), ids=NO_ID)
def test_request_id_always(serve: Serve, lost: Reply) -> None:
    run = serve(next=[lost] * 50)
    assert run.exit_status == 1
    assert len(run.of("next")) == 3
    assert run.posts == []


@pytest.mark.parametrize("spelling", [str.lower, str.upper, odd_case, str], ids=["lower", "upper", "odd", "usual"])
def test_names_in_any_case(serve: Serve, spelling: Callable[[str], str]) -> None:
    check_fields(fields_of(serve(next=[invocation(b"!fields", spelling=spelling)])))


def test_white_space_around_a_value_is_not_part_of_it(serve: Serve) -> None:
    spaced = {name: f" \t{value}\t " for name, value in INVOCATION_HEADERS.items()}
    check_fields(fields_of(serve(next=[invocation(b"!fields", headers=spaced)])))


def test_a_name_that_only_begins_alike_is_another_header(serve: Serve) -> None:
    alike = {f"{name}-2": "wrong" for name in INVOCATION_HEADERS} | {name[:-1]: "wrong" for name in INVOCATION_HEADERS}
    check_fields(fields_of(serve(next=[invocation(b"!fields", headers=alike)])))


def test_headers_of_one_event_are_not_seen_by_the_next(serve: Serve) -> None:
    run = serve(next=[invocation(b"first", "id-first"), invocation(b"!fields", without=OPTIONAL)])
    fields = json.loads(run.posts[1][1])
    check_fields(fields, **{**dict.fromkeys(FIELDS.values(), ""), "request_id": REQUEST_ID, "deadline_ms": 0})


@pytest.mark.parametrize("deadline", ["0", "-5", "soon", "12soon", "0x10", "1e3", "", " ", "9" * 40])
def test_a_deadline_that_is_none(serve: Serve, deadline: str) -> None:
    fields = fields_of(serve(next=[invocation(b"!fields", headers={DEADLINE: deadline})]))
    assert fields["deadline_ms"] == 0
    assert fields["remaining_ms"] == NEVER


def test_a_deadline_to_come(serve: Serve) -> None:
    deadline = round(time.time() * 1000) + 60_000
    fields = fields_of(serve(next=[invocation(b"!fields", headers={DEADLINE: str(deadline)})]))
    assert fields["deadline_ms"] == deadline
    assert 30_000 < fields["remaining_ms"] <= 60_000


@pytest.mark.parametrize("deadline", ["1", "1500000000000"])
def test_a_deadline_that_has_passed(serve: Serve, deadline: str) -> None:
    fields = fields_of(serve(next=[invocation(b"!fields", headers={DEADLINE: deadline})]))
    assert fields["deadline_ms"] == int(deadline)
    assert fields["remaining_ms"] == 0


@pytest.mark.parametrize("header", [name for name in FIELDS if name != ID])
def test_16_kilobytes(serve: Serve, header: str) -> None:
    value = "".join(random.Random(1).choices("abcdefghij", k=16 * 1024))
    check_fields(fields_of(serve(next=[invocation(b"!fields", headers={header: value})])), **{FIELDS[header]: value})


def test_16_kilobytes_in_each(serve: Serve) -> None:
    value = "x" * 16 * 1024
    names = [name for name in FIELDS if name != ID]
    fields = fields_of(serve(next=[invocation(b"!fields", headers=dict.fromkeys(names, value))]))
    check_fields(fields, **{FIELDS[name]: value for name in names})


def test_bytes_beyond_ascii_are_kept(serve: Serve) -> None:
    context = '{"name":"Zoë 🙂"}'
    fields = fields_of(serve(next=[invocation(b"!fields", headers={"Lambda-Runtime-Client-Context": context})]))
    assert fields["client_context"] == context
