"""docs/terraform.md: its configuration parses, names what it refers to, and makes what template.yaml makes.

Whether the provider takes it can't be seen without the provider: what the tests compare
is each value that the template has too, under the provider's name for it."""

import json
import re
from typing import Any, Dict, List

import guides
import hcl2
import like_template
import pytest

Block = Dict[str, Any]


def plain(value: Any) -> Any:
    """Without the parser's marks: quotes around texts, and what it adds to objects."""
    if isinstance(value, dict):
        return {plain(name): plain(each) for name, each in value.items() if not name.startswith("__")}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


@pytest.fixture(scope="module")
def source() -> str:
    return guides.block("terraform.md", "hcl")


@pytest.fixture(scope="module")
def made(source: str) -> Dict[str, Block]:
    """The resources by their type, of which the guide has one each."""
    parsed = plain(hcl2.loads(source))
    found: Dict[str, Block] = {}
    for resource in parsed["resource"]:
        ((kind, named),) = resource.items()
        ((_, body),) = named.items()
        assert kind not in found
        found[kind] = body
    return found


def one(blocks: List[Block]) -> Block:
    (block,) = blocks
    return block


def statements(source: str, resource: str) -> List[Block]:
    """Those of a policy, which is an expression that only Terraform evaluates; what is compared is written plainly."""
    body = re.search(rf'resource "{resource}".*?\n}}\n', source, re.S)
    assert body
    name = r"(\[.*?\]|\".*?\")"
    pattern = rf'Effect\s+= "(\w+)"\s+Action\s+= {name}\s+Resource\s+= {name}.*?\n(?:\s+Condition = (.*?)\n)?'
    return [
        {"Effect": effect, "Action": re.findall(r'"(.*?)"', action), "Resource": resource, **condition_of(condition)}
        for effect, action, resource, condition in re.findall(pattern, body[0])
    ]


def condition_of(written: str) -> Block:
    """None, or what `{ Null = { "key" = "value" } }` says."""
    as_json = re.sub(r"(\w+) = \{", r'"\1": {', written).replace(" = ", ": ")
    return {"Condition": json.loads(as_json)} if written else {}


def test_it_refers_only_to_what_it_has(source: str, made: Dict[str, Block]) -> None:
    declared = set(re.findall(r'^resource "(\w+)" "(\w+)"', source, re.M))
    referred = set(re.findall(r"\b(aws_\w+)\.(\w+)\.\w+", source))
    assert referred <= declared
    assert set(re.findall(r"\bvar\.(\w+)", source)) == set(re.findall(r'^variable "(\w+)"', source, re.M))


def test_function(made: Dict[str, Block]) -> None:
    function, template = made["aws_lambda_function"], like_template.expected()["UploadFunction"]
    names = {"handler": "Handler", "runtime": "Runtime", "timeout": "Timeout", "architectures": "Architectures"}
    for ours, theirs in names.items():
        assert function[ours] == template[theirs], ours
    assert function["memory_size"] == int(template["MemorySize"])
    assert one(function["logging_config"])["log_format"] == template["LoggingConfig"]["LogFormat"]
    variables, known = one(function["environment"])["variables"], template["Environment"]["Variables"]
    assert variables["UPLOAD_KEY"] == known["UPLOAD_KEY"]
    assert set(variables) <= set(known)
    assert (guides.ROOT / function["filename"]).exists()
    assert function["filename"] in function["source_code_hash"]


def test_role_may_do_no_more(source: str) -> None:
    def suffix(resource: str) -> str:
        return like_template.suffix(resource.strip('"'))

    found = statements(source, "aws_iam_role_policy")
    assert like_template.allowed(found, suffix) == like_template.template_allows()


def test_bucket(source: str, made: Dict[str, Block]) -> None:
    template = like_template.expected()["UploadBucket"]
    access = {name: value for name, value in made["aws_s3_bucket_public_access_block"].items() if name != "bucket"}
    public = template["PublicAccessBlockConfiguration"]
    assert {name.replace("_", ""): value for name, value in access.items()} == {
        name.lower(): value for name, value in public.items()
    }
    ownership = one(made["aws_s3_bucket_ownership_controls"]["rule"])
    assert ownership["object_ownership"] == one(template["OwnershipControls"]["Rules"])["ObjectOwnership"]
    rule, known = one(made["aws_s3_bucket_cors_configuration"]["cors_rule"]), like_template.cors()
    assert rule == {
        "allowed_methods": known["AllowedMethods"],
        "allowed_origins": "${var.origins}",
        "allowed_headers": known["AllowedHeaders"],
        "expose_headers": known["ExposedHeaders"],
        "max_age_seconds": known["MaxAge"],
    }
    rule = one(made["aws_s3_bucket_lifecycle_configuration"]["rule"])
    known = one(template["LifecycleConfiguration"]["Rules"])
    assert (rule["id"], rule["status"]) == (known["Id"], known["Status"])
    days = known["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
    assert one(rule["abort_incomplete_multipart_upload"]) == {"days_after_initiation": days}
    assert 'Condition = { Bool = { "aws:SecureTransport" = "false" } }' in source


def test_api(made: Dict[str, Block]) -> None:
    assert made["aws_apigatewayv2_route"]["route_key"] == "ANY /{proxy+}"
    assert made["aws_apigatewayv2_integration"]["payload_format_version"] == "2.0"
    stage = made["aws_apigatewayv2_stage"]
    assert (stage["name"], stage["auto_deploy"]) == ("$default", True)
    known = like_template.expected()["UploadApi"]["DefaultRouteSettings"]
    assert {name.replace("_", ""): str(value) for name, value in one(stage["default_route_settings"]).items()} == {
        name.lower(): value for name, value in known.items()
    }


def test_commands() -> None:
    build, deploy = guides.blocks("terraform.md", "sh")
    guides.make_knows(build)
    assert deploy.splitlines() == ["terraform init", "terraform apply"]
