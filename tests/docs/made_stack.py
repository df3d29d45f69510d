"""What `sam deploy` leaves in AWS, as far as the guides' commands look at it: moto can't deploy the template itself."""

import json
import secrets
from pathlib import Path
from typing import Any, Dict, Mapping

import botocore.session
from cloudformation import Evaluation, parsed, resources

ROOT = Path(__file__).resolve().parents[2]
NAME = "countersign"
REGION = "eu-west-1"
BUCKET = "countersign-uploadbucket-1example"
# CloudFormation wants a resource in a template; the outputs are what this one is for.
SHELL = {"Resources": {"Any": {"Type": "AWS::SQS::Queue"}}}


def client(service: str, url: str, region: str = REGION) -> Any:
    session = botocore.session.Session()
    session.set_credentials("tests", "tests")
    return session.create_client(service, region_name=region, endpoint_url=url)


def outputs(api: str, parameters: Mapping[str, str]) -> Dict[str, str]:
    """Those of the template; the API and the resources have the names of what stands for them here."""
    template = parsed()
    evaluation = Evaluation(template, parameters)
    stand_ins = {"https://UploadApi.execute-api.eu-west-1.amazonaws.com": api, "UploadBucket": BUCKET, "UploadFunction": NAME}
    made = {}
    for name, output in template["Outputs"].items():
        if "Condition" not in output or evaluation.of({"Condition": output["Condition"]}):
            value = evaluation.of(output["Value"])
            for logical, real in stand_ins.items():
                value = value.replace(logical, real)
            made[name] = value
    return made


def variables(parameters: Mapping[str, str]) -> Dict[str, str]:
    """The function's, with the secret in the place of its reference, as CloudFormation does it."""
    made = resources(**parameters)["UploadFunction"]["Environment"]["Variables"]
    return {name: secrets.token_hex(32) if "{{resolve:" in value else value for name, value in made.items()}


def make(url: str, api: str, parameters: Mapping[str, str]) -> None:
    place = {"LocationConstraint": REGION}
    client("s3", url).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    client("apigatewayv2", url).create_api(Name=NAME, ProtocolType="HTTP")
    trust = json.dumps(resources(**parameters)["UploadRole"]["AssumeRolePolicyDocument"])
    made = client("iam", url).create_role(RoleName="upload", AssumeRolePolicyDocument=trust)
    client("lambda", url).create_function(
        FunctionName=NAME,
        Role=made["Role"]["Arn"],
        Runtime="provided.al2023",
        Handler="bootstrap",
        Code={"ZipFile": (ROOT / "build/countersign-arm64.zip").read_bytes()},
        Environment={"Variables": variables(parameters)},
    )
    shown = {name: {"Value": value} for name, value in outputs(api, parameters).items()}
    body = json.dumps({**SHELL, "Outputs": shown})
    client("cloudformation", url).create_stack(StackName=NAME, TemplateBody=body)


def delete(url: str) -> None:
    """The stack; its bucket stays."""
    client("cloudformation", url).delete_stack(StackName=NAME)
