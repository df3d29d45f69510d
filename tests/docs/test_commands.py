"""The commands of docs/deploy.md, run as they stand there, in their order, with nothing there that it doesn't speak of.

`aws` is AWS's own CLI, and moto stands in for AWS; `curl` calls the function itself, which runs
with a real store; `sam` is sam_double.py; Auth0 is a server of a few lines. What each command
did is looked at afterwards."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple
from urllib.parse import parse_qsl

import botocore.session
import guides
import like_template
import made_stack
import pytest
from cloudformation import parsed, resources
from made_stack import REGION
from moto.server import ThreadedMotoServer
from product import VERSION
from sam_double import check_parameters, check_rules, read_options
from samcli.commands.deploy.deploy_context import DeployContext

BUCKET = "my-bucket"
GUIDE = "deploy.md"
# Those whose commands are run: here, in the other files of this folder, in tests/apps, in tests/release and in
# tests/cpp/test_docs.py.
RUN = {
    GUIDE, "app.md", "cdk.md", "doctor.md", "examples.md", "release.md", "run.md", "runtime.md", "terraform.md",
}
FILE = b"Hello, world!\n"
# What the guide says that the user has, and how it calls it.
GIVEN = {
    "MANAGEMENT_TOKEN": "management",
    "CLIENT_ID": "client",
    "CLIENT_SECRET": "only-the-tests",
    "R2_ACCOUNT": "account",
    "R2_ACCESS_KEY_ID": "key-of-r2",
    "R2_SECRET_ACCESS_KEY": "secret-of-r2",
}
# What the AWS CLI and SAM are configured with.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
    "AWS_SESSION_TOKEN": "tests",
    "AWS_DEFAULT_REGION": REGION,
}
TENANT = "https://TENANT.auth0.com"
SAVED = ("cors", "lifecycle-configuration", "encryption", "accelerate-configuration")


class Auth0(BaseHTTPRequestHandler):
    """Takes what it is asked, and gives a token to a client that has a grant for the API."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = self.server.asked  # type: ignore[attr-defined]
        status, reply = 201, b"{}"
        if self.path == "/oauth/token":
            status, reply = self.token(dict(parse_qsl(body)), asked)
        asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    @staticmethod
    def token(wanted: Dict[str, str], asked: List[Any]) -> Tuple[int, bytes]:
        granted = [json.loads(body) for path, _, body in asked if path == "/api/v2/client-grants"]
        pairs = [(grant["client_id"], grant["audience"]) for grant in granted]
        if (wanted["client_id"], wanted["audience"]) not in pairs:
            return 403, b'{"error": "access_denied"}'
        return 200, b'{"access_token": "token-of-auth0"}'

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Ran:
    folder: Path
    output: str
    sam: List[Dict[str, Any]]  # the command and the options of each call
    auth0: List[Any]  # path, authorization and body of each request
    aws_url: str

    def client(self, service: str, region: str = REGION) -> Any:
        return made_stack.client(service, self.aws_url, region)

    def saved(self, name: str) -> Dict[str, Any]:
        return dict(json.loads((self.folder / f"{name}.json").read_text()))

    def deployed(self, parameter: str) -> List[Dict[str, str]]:
        """The parameters of each `sam deploy` that sets this one."""
        given = [line["parameter_overrides"] or {} for line in self.sam if line["command"] == "deploy"]
        return [each for each in given if parameter in each]


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """An AWS that has what the guide says one has already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moto.settings.ACM_VALIDATION_WAIT", 0)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        url = "http://{}:{}".format(*server.get_host_and_port())
        place = {"LocationConstraint": REGION}
        made_stack.client("s3", url).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        made_stack.client("route53", url).create_hosted_zone(Name="example.com", CallerReference="tests")
        yield url
        server.stop()


@pytest.fixture(scope="module")
def ran(aws: str, api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("commands")
    auth0 = ThreadingHTTPServer(("127.0.0.1", 0), Auth0)
    auth0.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=auth0.serve_forever, daemon=True).start()
    auth0_url = f"http://127.0.0.1:{auth0.server_address[1]}"
    check_out(folder)
    programs(folder, auth0_url, api)
    environment = {
        **GIVEN,
        **CREDENTIALS,
        "PATH": f"{folder}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "SAM_CLI_TELEMETRY": "0",
        "AWS_ENDPOINT_URL": aws,
    }
    done = subprocess.run(
        ["sh", "-c", script()], cwd=folder, env=environment, capture_output=True, text=True
    )
    auth0.shutdown()
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (folder / "sam.jsonl").read_text().splitlines()
    asked = auth0.asked  # type: ignore[attr-defined]
    yield Ran(folder, done.stdout, [json.loads(line) for line in lines], asked, aws)


def check_out(folder: Path) -> None:
    """The repository, in whose root the guide's commands are run."""
    for path in guides.ROOT.iterdir():
        if path.name != "build" and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)


def programs(folder: Path, auth0_url: str, api: str) -> None:
    sam(folder, folder / "sam.jsonl", f'STACK_API="{api}"')
    # The real one; only that Auth0 is here.
    words = f"[word.replace('{TENANT}', '{auth0_url}') for word in sys.argv[1:]]"
    replaced = f"import os, sys; os.execv(sys.argv[1], {words})"
    curl = shutil.which("curl")
    program(folder / "bin/curl", f'exec "{sys.executable}" -c "{replaced}" "{curl}" "$@"')


def sam(folder: Path, record: Path, variables: str = "") -> None:
    double = Path(__file__).with_name("sam_double.py")
    program(folder / "bin/sam", f'{variables} exec "{sys.executable}" "{double}" "{record}" "$@"')


def program(path: Path, command: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


def script() -> str:
    """All commands but those for a release, in one shell; then what they set on a bucket is saved."""
    commands = [each for each in guides.blocks(GUIDE, "sh") if each != release_commands()]
    saving = [f"aws s3api get-bucket-{name} --bucket {BUCKET} >{name}.json" for name in SAVED]
    return "\n".join(["set -eu", *commands, *saving, 'printf %s "$password" >password'])


def test_what_the_user_has_is_told() -> None:
    """No variable comes out of nowhere: all others are unset, and the script stops at such."""
    prose = re.sub(r"^ *```.*?^ *```$", "", guides.text_of(GUIDE), flags=re.M | re.S)
    assert [name for name in GIVEN if f"`{name}`" not in prose] == []
    commands = "\n".join(guides.blocks(GUIDE, "sh"))
    assert [name for name in GIVEN if f"${name}" not in commands] == []


def test_the_file_to_try_is_stored(ran: Ran) -> None:
    (answer,) = re.findall(r"^HTTP/1.1 200.*?\n\n", ran.output.replace("\r", ""), re.M | re.S)
    assert f'etag: "{hashlib.md5(FILE).hexdigest()}"' in answer.lower()
    assert "Not stored" not in ran.output


@pytest.mark.parametrize("answer", ["nothing", "a refusal"])
def test_trying_fails_with_what_was_said(aws: str, api: str, tmp_path: Path, answer: str) -> None:
    """Without a stack, or with an API that lets nobody in."""
    said = {"nothing": "", "a refusal": "NotFound"}[answer]
    example = {"nothing": "", "a refusal": f"{api}/nothing"}[answer]
    program(tmp_path / "bin/aws", f"echo {example}")
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-u"], input=guides.blocks(GUIDE, "sh")[1], cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True
    )
    assert done.stdout.startswith("Not stored. ") and said in done.stdout
    assert "curl:" in done.stderr and "Traceback" not in done.stderr


def release_commands() -> str:
    return guides.block(GUIDE, "sh", "SHA256SUMS")


def released(folder: Path) -> None:
    """What is downloaded, as far as the commands look into it."""
    archive = folder / f"countersign-{VERSION}.tar.gz"
    folder.mkdir()
    with tarfile.open(archive, "w:gz") as packed:
        for name in ("template.yaml", "samconfig.toml", "LICENSE", "README.md"):
            packed.add(guides.ROOT / name, f"countersign-{VERSION}/{name}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  {archive.name}\n{'0' * 64}  another.zip\n")


@pytest.fixture
def deploy_release(tmp_path: Path) -> Callable[[], Tuple[int, List[Dict[str, Any]]]]:
    """Runs the guide's commands in the folder `downloads`, and gives their status and the calls of `sam`."""
    record = tmp_path / "sam.jsonl"
    sam(tmp_path, record)
    released(tmp_path / "downloads")
    environment = {**CREDENTIALS, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def deploy() -> Tuple[int, List[Dict[str, Any]]]:
        command = ["sh", "-euc", release_commands()]
        status = subprocess.run(command, cwd=tmp_path / "downloads", env=environment, capture_output=True).returncode
        lines = record.read_text().splitlines() if record.exists() else []
        return status, [json.loads(line) for line in lines]

    return deploy


def test_a_release_is_deployed_as_it_is(deploy_release: Callable[[], Any]) -> None:
    status, (line,) = deploy_release()
    assert status == 0
    assert (line["command"], line["parameter_overrides"]) == ("deploy", {"OpenToAnybody": "yes"})
    assert line["stack_name"] == "countersign"  # of the samconfig.toml in there


def test_a_release_that_was_changed_is_not_deployed(tmp_path: Path, deploy_release: Callable[[], Any]) -> None:
    (archive,) = (tmp_path / "downloads").glob("*.tar.gz")
    archive.write_bytes(archive.read_bytes() + b"x")
    status, called = deploy_release()
    assert status != 0 and not called


def test_sam_runs(ran: Ran) -> None:
    commands = [line["command"] for line in ran.sam]
    assert commands[:4] == ["build", "deploy", "invoke", "start-api"]
    assert commands[-2:] == ["logs", "delete"]
    stacks = {line["stack_name"] for line in ran.sam if line.get("stack_name")}
    assert stacks == {"countersign"}  # that of samconfig.toml, also where the guide names one


def test_parameters_stay_set(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later `sam deploy` sends nothing that undoes what the guide's commands set."""
    assert not any(line["guided"] for line in ran.sam if line["command"] == "deploy")
    monkeypatch.chdir(ran.folder)
    assert set(sent(options_of_deploy()).values()) == {None}
    (some,) = ran.deployed("UploadTags")
    told = {name: value for name, value in sent(some).items() if value is not None}
    assert told == {"ThrottleRate": "20", "LogRetentionDays": "90", "UploadTags": ""}


def sent(given: Dict[str, str]) -> Dict[str, Any]:
    """Each parameter's value, by the SAM CLI's own code; None is the one that the stack has."""
    merged = DeployContext.merge_parameters(parsed(), given)
    assert all(each.get("UsePreviousValue") or "ParameterValue" in each for each in merged)
    return {each["ParameterKey"]: each.get("ParameterValue") for each in merged}


def options_of_deploy() -> Dict[str, str]:
    """The parameters of a plain `sam deploy` in this folder."""
    return dict(read_options(["deploy"])[1]["parameter_overrides"] or {})


def test_saved_parameters_are_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of samconfig.toml, as the guide warns; its own line for there is read as it means it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(guides.ROOT / "template.yaml", tmp_path)
    ours = (guides.ROOT / "samconfig.toml").read_text()
    saved = tmp_path / "samconfig.toml"
    saved.write_text(ours + 'parameter_overrides = "JwtIssuer=\\"\\" JwtAudience=\\"\\""\n')
    assert options_of_deploy() == {"JwtIssuer": "", "JwtAudience": ""}
    saved.write_text(ours + guides.block(GUIDE, "toml"))
    found = options_of_deploy()
    assert found == {"JwtIssuer": TENANT + "/", "JwtAudience": "https://upload.example.com"}
    check_parameters(found)
    check_rules(found)


def test_bucket_gets_what_the_template_gives_one(ran: Ran) -> None:
    template = like_template.expected()["UploadBucket"]
    (rule,), known = ran.saved("cors")["CORSRules"], like_template.cors()
    assert rule == {
        "AllowedOrigins": known["AllowedOrigins"],
        "AllowedMethods": known["AllowedMethods"],
        "AllowedHeaders": known["AllowedHeaders"],
        "ExposeHeaders": known["ExposedHeaders"],
        "MaxAgeSeconds": known["MaxAge"],
    }
    (rule,) = ran.saved("lifecycle-configuration")["Rules"]
    (known,) = template["LifecycleConfiguration"]["Rules"]
    days = "AbortIncompleteMultipartUpload"
    assert (rule["ID"], rule["Status"], rule[days]) == (known["Id"], known["Status"], known[days])


def test_what_is_removed_is_the_stack_and_then_its_bucket(ran: Ran) -> None:
    assert not ran.client("cloudformation").describe_stacks()["Stacks"]
    assert [each["Name"] for each in ran.client("s3").list_buckets()["Buckets"]] == [BUCKET]


def test_the_seal_secret_is_changed_without_losing_uploads(ran: Ran) -> None:
    ((deployed),) = ran.deployed("UploadSealSecret")
    new, old = deployed["UploadSealSecret"].split(",")
    made = ran.client("lambda").get_function_configuration(FunctionName=made_stack.NAME)
    assert made["Environment"]["Variables"]["UPLOAD_SEAL_SECRET"] == old != new and len(new) == 64


def test_the_alarms_have_a_topic_that_somebody_hears(ran: Ran) -> None:
    (deployed,) = ran.deployed("AlarmTopicArn")
    topics = ran.client("sns").list_subscriptions_by_topic(TopicArn=deployed["AlarmTopicArn"])["Subscriptions"]
    assert [each["Protocol"] for each in topics] == ["email"]


def test_bucket_and_stack_are_accelerated(ran: Ran) -> None:
    assert ran.saved("accelerate-configuration")["Status"] == "Enabled"
    assert ran.deployed("UploadAccelerate") == [{"UploadAccelerate": "on"}]


def test_the_stack_tells_the_app(ran: Ran) -> None:
    template = like_template.resources(NotifyUrl="https://a.example/", NotifySecret="n" * 16)["UploadBucket"]
    assert template["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    (deployed,) = ran.deployed("NotifyUrl")
    assert len(deployed["NotifySecret"]) == 64


def test_profiles_reach_the_function_as_they_are_written(ran: Ran) -> None:
    (deployed,) = ran.deployed("UploadProfiles")
    variables = resources(**deployed)["UploadFunction"]["Environment"]["Variables"]
    assert variables["UPLOAD_PROFILES"] == (ran.folder / "profiles.json").read_text().strip()
    assert list(json.loads(variables["UPLOAD_PROFILES"])) == ["avatar", "video"]


def test_the_secrets_of_asking_and_receipts_have_their_form(ran: Ran) -> None:
    (asking,), (receipts,) = ran.deployed("UploadAskUrl"), ran.deployed("UploadReceiptSecret")
    assert len(base64.b64decode(asking["UploadWebhookSecret"].partition("_")[2])) == 32
    assert len(receipts["UploadReceiptSecret"]) == 64


def test_the_session_authorizer(ran: Ran) -> None:
    (deployed,) = ran.deployed("AuthorizerArn")
    assert deployed["AuthorizerIdentityHeader"] == "Cookie"
    made = ran.client("lambda").get_function(FunctionName=deployed["AuthorizerArn"])["Configuration"]
    module, _, handler = made["Handler"].partition(".")
    with zipfile.ZipFile(ran.folder / "authorizer.zip") as packed:
        assert packed.namelist() == [f"{module}.py"]
        source = packed.read(f"{module}.py").decode()
    assert f"def {handler}(" in source
    (variable,) = made["Environment"]["Variables"]
    assert f'os.environ["{variable}"]' in source
    table = ran.client("dynamodb").describe_table(TableName=made["Environment"]["Variables"][variable])["Table"]
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    policy = ran.client("iam").get_role_policy(RoleName="session-authorizer", PolicyName="sessions")
    reading, _ = policy["PolicyDocument"]["Statement"]
    assert (reading["Action"], reading["Resource"]) == ("dynamodb:GetItem", table["TableArn"])


def test_another_store_is_signed_for_with_its_keys(ran: Ran) -> None:
    (deployed,) = ran.deployed("UploadAccessKeyId")
    variables = resources(**deployed)["UploadFunction"]["Environment"]["Variables"]
    assert variables["AWS_ENDPOINT_URL_S3"] == "https://account.r2.cloudflarestorage.com"
    keys = ("UPLOAD_ACCESS_KEY_ID", "UPLOAD_SECRET_ACCESS_KEY", "UPLOAD_REGION", "UPLOAD_FORM")
    assert [variables[name] for name in keys] == ["key-of-r2", "secret-of-r2", "auto", "put"]


def test_cognitos_tokens_are_those_that_the_stack_takes(ran: Ran) -> None:
    deployed, with_login = [each for each in ran.deployed("JwtIssuer") if "cognito" in each["JwtIssuer"]]
    assert with_login["JwtIssuer"] == deployed["JwtIssuer"] and "UploadLoginOrigin" in with_login
    cognito = ran.client("cognito-idp")
    password = (ran.folder / "password").read_text()
    reply = cognito.initiate_auth(
        ClientId=deployed["JwtAudience"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": password},
    )
    claims = payload(reply["AuthenticationResult"]["AccessToken"])
    assert (claims["iss"], claims["client_id"]) == (deployed["JwtIssuer"], deployed["JwtAudience"])
    assert claims["sub"]
    assert payload(reply["AuthenticationResult"]["IdToken"])["aud"] == deployed["JwtAudience"]


def payload(token: str) -> Dict[str, Any]:
    middle = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))


def test_auth0(ran: Ran) -> None:
    (api, grant, program), (deployed,) = ran.auth0, [
        each for each in ran.deployed("JwtIssuer") if "cognito" not in each["JwtIssuer"]
    ]
    path, authorization, body = api
    assert (path, authorization) == ("/api/v2/resource-servers", "Bearer management")
    assert json.loads(body)["identifier"] == deployed["JwtAudience"]
    assert deployed["JwtIssuer"] == TENANT + "/"
    assert grant[:2] == ("/api/v2/client-grants", "Bearer management")
    assert json.loads(grant[2])["scope"] == []  # Auth0 wants it, empty as well
    assert program[0] == "/oauth/token"
    assert f"audience={deployed['JwtAudience']}" in program[2]


def test_iam(ran: Ran) -> None:
    assert [each["IamAuth"] for each in ran.deployed("IamAuth")] == ["on"]
    url = ran.client("lambda").get_function_url_config(FunctionName=made_stack.NAME)
    assert url["AuthType"] == "AWS_IAM"
    # Three calls with a token or a signature.
    assert len(re.findall(r'"expires_in":300', ran.output)) == 3


def test_role_is_assumed_under_ones_own_id_only(ran: Ran) -> None:
    role = ran.client("iam").get_role(RoleName="countersign-caller")["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    account = ran.client("sts").get_caller_identity()["Account"]
    assert statement == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": account},
        # Filled in by IAM, not by the shell.
        "Condition": {"StringEquals": {"sts:RoleSessionName": "${aws:userid}"}},
    }


def test_domain(ran: Ran) -> None:
    gateway = ran.client("apigatewayv2")
    (domain,) = gateway.get_domain_names()["Items"]
    assert domain["DomainName"] == "upload.example.com"
    (configuration,) = domain["DomainNameConfigurations"]
    assert configuration["EndpointType"] == "REGIONAL"
    mappings = gateway.get_api_mappings(DomainName=domain["DomainName"])["Items"]
    assert sorted(each.get("ApiMappingKey", "") for each in mappings) == ["", "uploads"]
    assert {each["Stage"] for each in mappings} == {"$default"}
    certificate = ran.client("acm").describe_certificate(CertificateArn=configuration["CertificateArn"])
    assert certificate["Certificate"]["Status"] == "ISSUED"
    proof = certificate["Certificate"]["DomainValidationOptions"][0]["ResourceRecord"]
    found = {each["Name"].rstrip("."): each for each in records(ran)}
    assert found[proof["Name"].rstrip(".")]["ResourceRecords"] == [{"Value": proof["Value"]}]
    assert found["upload.example.com"]["AliasTarget"]["EvaluateTargetHealth"] is False


def records(ran: Ran) -> List[Dict[str, Any]]:
    route53 = ran.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    return list(route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"])


def test_firewall(ran: Ran) -> None:
    (acl,) = ran.client("wafv2", "us-east-1").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    made = distribution(ran, "Countersign")
    assert made["WebACLId"] == acl["ARN"]
    (origin,) = made["Origins"]["Items"]
    assert origin["Id"] == made["DefaultCacheBehavior"]["TargetOriginId"]
    assert origin["DomainName"].split(".")[1:] == ["execute-api", REGION, "amazonaws", "com"]


def distribution(ran: Ran, comment: str) -> Dict[str, Any]:
    made = ran.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    (found,) = [each for each in made if each["Comment"] == comment]
    return dict(found)


def test_cloudfront_alone_reaches_the_function_url(ran: Ran) -> None:
    made = distribution(ran, "Countersign by its function URL")
    (origin,) = made["Origins"]["Items"]
    assert origin["Id"] == made["DefaultCacheBehavior"]["TargetOriginId"]
    functions, name = ran.client("lambda"), made_stack.NAME
    url = functions.get_function_url_config(FunctionName=name)
    assert url["FunctionUrl"].split("/")[2] == origin["DomainName"] and url["AuthType"] == "AWS_IAM"
    listed = ran.client("cloudfront").list_origin_access_controls()["OriginAccessControlList"]["Items"]
    fields = ("Name", "OriginAccessControlOriginType", "SigningBehavior", "SigningProtocol")
    assert [[each[field] for field in fields] for each in listed] == [["countersign", "lambda", "always", "sigv4"]]
    # moto keeps the control's id for origins in S3 alone.
    assert """"OriginAccessControlId": "'"$control"'",""" in guides.text_of(GUIDE)
    statements = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    assert [each["Action"] for each in statements] == ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]
    for each in statements:
        assert each["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert each["Condition"] == {"ArnLike": {"AWS:SourceArn": made["ARN"]}}


def test_key(ran: Ran) -> None:
    (deployed,) = ran.deployed("UploadSseKmsKey")
    key = deployed["UploadSseKmsKey"]
    assert ran.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    (rule,) = ran.saved("encryption")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BucketKeyEnabled"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}


def test_key_policy_gives_what_the_role_has() -> None:
    statement = json.loads(guides.block(GUIDE, "json"))
    document = like_template.statement_for_key()
    for name in ("Effect", "Action", "Condition"):
        assert statement[name] == document[name], name


# ---- The text itself ----


def test_another_accounts_bucket_allows_what_the_role_may() -> None:
    (told,) = re.findall(r"In another account(.*?)\n- ", guides.text_of(GUIDE), re.S)
    policies = like_template.resources(UploadTags="a=b", UploadDownloads="on")["UploadRole"]["Policies"]
    (uploads,) = [each for each in policies if each["PolicyName"] == "uploads"]
    statement, denied = uploads["PolicyDocument"]["Statement"]
    assert denied["Effect"] == "Deny"
    assert set(re.findall(r"`(s3:\w+)`", told)) == set(statement["Action"])


def test_every_guide_with_commands_is_run() -> None:
    with_commands = {path.name for path in (guides.ROOT / "docs").glob("*.md") if guides.blocks(path.name, "sh")}
    assert with_commands == RUN


def test_commands_in_the_text() -> None:
    """Those inside a sentence, of all guides."""
    texts = "\n".join(path.read_text() for path in (guides.ROOT / "docs").glob("*.md"))
    prose = re.sub(r"^ *```.*?^ *```$", "", texts, flags=re.M | re.S)
    found = [part for code in re.findall(r"`([^`\n]+)`", prose) for part in code.split(" && ")]
    checked = 0
    for command in (each.split() for each in found):
        if command[0] == "sam" and len(command) > 1 and command[1:] != ["local"]:
            name, options = read_options(command[1:])
            given = options.get("parameter_overrides") or {}
            check_parameters(given)
            check_rules({"OpenToAnybody": "yes", **given})
            checked += 1
        if command[0] == "aws" and len(command) > 2:
            model = botocore.session.Session().get_service_model(command[1].replace("s3api", "s3"))
            assert command[2].title().replace("-", "") in model.operation_names, command
            checked += 1
        if command[0] == "make" and len(command) > 1:
            guides.make_knows(" ".join(command))
            checked += 1
    assert checked > 5


def test_costs_add_up() -> None:
    tables = re.findall(r"\| what \| how much \| dollars \|\n\| --- .*\n((?:\|.*\n)+)", guides.text_of(GUIDE))
    assert len(tables) == 3
    for table in tables:
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        *costs, (_, _, together) = rows
        for what, how_much, dollars in costs:
            assert re.fullmatch(r"[0-9.,*/ ]+", how_much), what
            assert f"{eval(how_much.replace(',', '')):.2f}" == dollars, what
        assert f"{sum(float(dollars) for _, _, dollars in costs):.2f}" == together
