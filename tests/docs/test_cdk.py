"""docs/cdk.md: its app is run, and makes what template.yaml makes."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, Dict, List

import guides
import like_template
import pytest

CDK = guides.ROOT / "build/cdk"
ZIP = "build/countersign-arm64.zip"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, List[Dict[str, Any]]]:
    """The resources of the synthesized stack, by their type."""
    folder = tmp_path_factory.mktemp("cdk")
    (folder / "node_modules").symlink_to(CDK / "node_modules")
    (folder / "build").symlink_to(guides.ROOT / "build")
    # Not the .mts of the guide, which is JavaScript all the same: a machine's own node may be too old for it.
    (folder / "countersign.mjs").write_text(guides.block("cdk.md", "ts"), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CDK_OUTDIR": str(folder / "out")}
    done = subprocess.run(
        [CDK / "node", "countersign.mjs"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    template = json.loads((folder / "out/Countersign.template.json").read_text())
    found: Dict[str, List[Dict[str, Any]]] = {}
    for resource in template["Resources"].values():
        found.setdefault(resource["Type"], []).append(resource)
    found["assets"] = [{"zip": path} for path in (folder / "out").glob("asset.*.zip")]
    return found


def only(made: Dict[str, List[Dict[str, Any]]], kind: str) -> Dict[str, Any]:
    (resource,) = made[kind]
    return resource


def properties(made: Dict[str, List[Dict[str, Any]]], kind: str) -> Dict[str, Any]:
    return dict(only(made, kind)["Properties"])


def test_function(made: Any) -> None:
    function = properties(made, "AWS::Lambda::Function")
    template = like_template.expected()["UploadFunction"]
    for name in ("Handler", "Runtime", "Timeout", "Architectures"):
        assert function[name] == template[name], name
    assert function["MemorySize"] == int(template["MemorySize"])
    assert function["LoggingConfig"]["LogFormat"] == template["LoggingConfig"]["LogFormat"]
    variables, known = function["Environment"]["Variables"], template["Environment"]["Variables"]
    for name in ("UPLOAD_KEY", "UPLOAD_ORIGINS"):
        assert variables[name] == known[name]
    assert set(variables) <= set(known)
    assert only(made, "assets")["zip"].read_bytes() == (guides.ROOT / ZIP).read_bytes()


def test_role_may_do_no_more(made: Any) -> None:
    def suffix(resource: Any) -> str:
        parts = [""] if resource == "*" else resource.get("Fn::Join", ["", [""]])[1]
        return like_template.suffix(str(parts[-1]))

    statements = properties(made, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert like_template.allowed(statements, suffix) == like_template.template_allows()
    assert "ManagedPolicyArns" not in properties(made, "AWS::IAM::Role")


def test_bucket(made: Any) -> None:
    bucket, template = properties(made, "AWS::S3::Bucket"), like_template.expected()["UploadBucket"]
    assert bucket["CorsConfiguration"]["CorsRules"] == [like_template.cors()]
    for name in ("PublicAccessBlockConfiguration", "OwnershipControls", "BucketEncryption"):
        assert bucket[name] == template[name], name
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    (known,) = template["LifecycleConfiguration"]["Rules"]
    assert {name: value for name, value in known.items() if name != "Id"} == rule
    resource = only(made, "AWS::S3::Bucket")
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    (denied,) = properties(made, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_api(made: Any) -> None:
    assert properties(made, "AWS::ApiGatewayV2::Route")["RouteKey"] == "ANY /{proxy+}"
    assert properties(made, "AWS::ApiGatewayV2::Integration")["PayloadFormatVersion"] == "2.0"
    stage = properties(made, "AWS::ApiGatewayV2::Stage")
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    known = like_template.expected()["UploadApi"]["DefaultRouteSettings"]
    assert {name: str(value) for name, value in stage["DefaultRouteSettings"].items()} == known


def test_commands_fit_the_app() -> None:
    app = guides.block("cdk.md", "ts")
    build, deploy = guides.blocks("cdk.md", "sh")
    guides.make_knows(build)
    install, *runs = deploy.splitlines()
    # The app has an asset, which is deployed through the bucket of a bootstrapped account.
    options = f"--app 'node {app.splitlines()[0].lstrip('/ ')}'"
    assert runs == [f"npx cdk {command} {options}" for command in ("bootstrap", "deploy")]
    imported = {name.split("/")[0] for name in re.findall(r"from '([^']+)'", app)}
    # The command itself, and what the library wants beside it.
    assert set(install.split()[2:]) == imported | {"aws-cdk", "constructs"}
