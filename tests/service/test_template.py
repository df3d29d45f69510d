"""template.yaml: the linters pass, and what it promises holds for its parameters."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Dict, List

import pytest

from cloudformation import KEY_ARN, NOTIFY, Evaluation, parsed, resources
from event_pattern import matches as event_matches
from http_api_routes import route_of
from product import VERSION
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
FILES = re.findall(r'PAGE_ROUTE\("(/[^"]*)"', (ROOT / "function/routes/routes.c").read_text("utf-8"))
PAGE = sorted(path for path in FILES if path != "/index.html")
# The page of a profile is asked for by its name, for no route's path can end with a slash.
PAGE_OF_PROFILE = sorted("/{profile}" + path for path in FILES if path != "/")
STORE_KEYS = {"UploadAccessKeyId": "k", "UploadSecretAccessKey": "s", "BucketName": "photos"}
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example"
AUTHORIZER = "arn:aws:lambda:eu-west-1:123456789012:function:session-authorizer"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
PROFILES = '{"avatar":{"types":"image/*","max_bytes":2097152},"video":{"types":"video/*"}}'
WEBHOOK_SECRET = "whsec_" + "A" * 32
ASK = {"UploadAskUrl": "https://app.example.com/ask", "UploadWebhookSecret": WEBHOOK_SECRET}
RECEIPTS = {"UploadReceiptSecret": "r" * 32}
OPEN = {"OpenToAnybody": "yes"}


def statements(**parameters: str) -> List[Dict[str, Any]]:
    policies = resources(**parameters)["UploadRole"]["Policies"]
    return [s for policy in policies for s in policy["PolicyDocument"]["Statement"]]


def actions(found: List[Dict[str, Any]]) -> List[str]:
    return sorted(action for statement in found for action in statement["Action"])


# ---- The linters ----


@pytest.mark.parametrize(
    "command",
    [
        ["cfn-lint", "--include-checks", "W", "I", "--", "template.yaml"],
        ["sam", "validate", "--lint", "--template", "template.yaml"],
    ],
    ids=["cfn-lint", "sam validate"],
)
def test_linter_passes(command: List[str], tmp_path: Path) -> None:
    environment = {
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "SAM_CLI_TELEMETRY": "0",
    }
    run = [str(TOOLS / command[0]), *command[1:]]
    result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


# ---- The function's settings ----


def test_every_setting_of_the_function_can_be_set() -> None:
    """The function reads what the template sets, and the template sets all it reads."""
    sources = "".join(path.read_text() for path in (ROOT / "function").rglob("*.c"))
    read = set(re.findall(r'"(UPLOAD_[A-Z_]+)"', sources))
    set_here = resources()["UploadFunction"]["Environment"]["Variables"]
    assert {name for name in set_here if name.startswith("UPLOAD_")} == read


def test_parameters_reach_the_function() -> None:
    template = parsed()
    given = {
        name: f"value-of-{name}" for name in template["Parameters"] if name.startswith("Upload")
    }
    variables = resources(**given, BucketName="photos")["UploadFunction"]["Environment"]
    for name, value in given.items():
        variable = re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()
        assert variables["Variables"][variable] == value
    assert variables["Variables"]["UPLOAD_BUCKET"] == "photos"


def variables(**parameters: str) -> Dict[str, str]:
    return dict(resources(**parameters)["UploadFunction"]["Environment"]["Variables"])


def test_a_stack_makes_its_own_seal_secret() -> None:
    assert parsed()["Resources"]["SealSecret"]["Type"] == "AWS::SecretsManager::Secret"
    generated = resources()["SealSecret"]["GenerateSecretString"]
    # Of 62 characters each, by Secrets Manager's own count: more than the 32 bytes that HMAC-SHA-256 takes.
    assert generated == {"PasswordLength": 64, "ExcludePunctuation": True}
    reference = variables()["UPLOAD_SEAL_SECRET"]
    assert reference == "{{resolve:secretsmanager:SealSecret:SecretString:::}}"
    assert matches("UploadSealSecret", "aA0" * 21 + "z")
    assert starts(UPLOAD_SEAL_SECRET="aA0" * 21 + "z")


@pytest.mark.parametrize("given, sealed_by", [("off", ""), ("s" * 32, "s" * 32), ("s" * 32 + "," + "t" * 32,) * 2])
def test_no_secret_is_made_where_one_is_given_or_none_wanted(given: str, sealed_by: str) -> None:
    made = resources(UploadSealSecret=given)
    assert "SealSecret" not in made
    assert made["UploadFunction"]["Environment"]["Variables"]["UPLOAD_SEAL_SECRET"] == sealed_by


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the SAM CLI's own
def test_sam_local_gives_the_function_what_it_starts_with() -> None:
    """The SAM CLI resolves the template, but no secret: what it leaves there must do."""
    (stack,), _ = SamLocalStackProvider.get_stacks(str(ROOT / "template.yaml"))
    given = SamFunctionProvider([stack]).get("UploadFunction").environment["Variables"]
    assert "resolve:secretsmanager" in given["UPLOAD_SEAL_SECRET"]
    assert starts(UPLOAD_SEAL_SECRET=given["UPLOAD_SEAL_SECRET"])


def test_the_function_has_nearly_as_long_as_the_api_waits() -> None:
    """Joining parts can take S3 that long; after 30 s API Gateway would answer in its place."""
    assert resources()["UploadFunction"]["Timeout"] == 29


# ---- What the role may do ----


def test_role_by_default() -> None:
    logs, uploads, copies = statements()
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert "FunctionLogGroup" in str(logs["Resource"])
    assert actions([uploads]) == [
        "s3:AbortMultipartUpload",
        "s3:GetObjectTagging",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    ]
    assert (copies["Effect"], copies["Action"], copies["Resource"]) == ("Deny", ["s3:PutObject"], "*")
    assert copies["Condition"] == {"Null": {"s3:x-amz-copy-source": "false"}}


@pytest.mark.parametrize(
    "key, allowed",
    [
        ("uploads/{id}/{name}", "uploads/*"),
        ("in/{date}-{name}", "in/*"),
        ("a/b-{id}", "a/b-*"),
        ("{id}/{name}", "*"),
    ],
)
def test_role_is_limited_to_the_prefix_of_the_keys(key: str, allowed: str) -> None:
    uploads = statements(BucketName="photos", UploadKey=key)[1]
    assert uploads["Resource"] == f"arn:aws:s3:::photos/{allowed}"


@pytest.mark.parametrize(
    "parameters",
    [{"UploadTags": "project=web"}, {"UploadProfiles": PROFILES}, ASK],
    ids=["tags", "profiles", "asking"],
)
def test_what_may_give_tags_adds_only_the_right_to_them(parameters: Dict[str, str]) -> None:
    added = set(actions(statements(**parameters))) - set(actions(statements()))
    assert added == {"s3:PutObjectTagging"}
    assert len(statements(**parameters)) == len(statements())


def test_kms_adds_only_its_own_rights() -> None:
    with_key = statements(UploadSse="aws:kms", UploadSseKmsKey=KEY_ARN)
    added = [s for s in with_key if s["Resource"] == KEY_ARN]
    assert actions(added) == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert len(with_key) == len(statements()) + 1


@pytest.mark.parametrize("region, where", [("", "eu-west-1"), ("us-west-2", "us-west-2")])
def test_the_key_is_used_by_s3_of_the_buckets_region(region: str, where: str) -> None:
    found = statements(
        UploadSse="aws:kms", UploadSseKmsKey=KEY_ARN, BucketName="photos", UploadRegion=region
    )
    (kms,) = [each for each in found if actions([each])[0].startswith("kms:")]
    assert kms["Condition"] == {"StringEquals": {"kms:ViaService": f"s3.{where}.amazonaws.com"}}


@pytest.mark.parametrize("parameters", [{}, {"UploadProfiles": PROFILES}, ASK, NOTIFY])
def test_nothing_else_lets_it_read(parameters: Dict[str, str]) -> None:
    assert "s3:GetObject" not in actions(statements(**parameters))


@pytest.mark.parametrize(
    "parameters", [{"UploadDownloads": "on"}, RECEIPTS], ids=["downloads", "receipts"]
)
def test_downloads_and_receipts_add_only_the_right_to_read_the_same_keys(
    parameters: Dict[str, str],
) -> None:
    uploads = statements(BucketName="photos", **parameters)[1]
    assert "s3:GetObject" in uploads["Action"]
    assert uploads["Resource"] == "arn:aws:s3:::photos/uploads/*"
    assert len(uploads["Action"]) == 5


def test_a_new_bucket_is_accelerated_where_that_is_asked_for() -> None:
    assert "AccelerateConfiguration" not in resources()["UploadBucket"]
    found = resources(UploadAccelerate="on")["UploadBucket"]["AccelerateConfiguration"]
    assert found == {"AccelerationStatus": "Enabled"}


def test_secrets_are_not_shown() -> None:
    parameters = parsed()["Parameters"]
    shown = [name for name, each in parameters.items() if "Secret" in name and not each.get("NoEcho")]
    assert shown == []
    assert sum("Secret" in name for name in parameters) == 5


def test_secrets_go_nowhere_but_where_they_are_used() -> None:
    secrets = {name: f"secret-of-{name}" for name in parsed()["Parameters"] if "Secret" in name}
    made = resources(**secrets, NotifyUrl=NOTIFY["NotifyUrl"])
    variables = made["UploadFunction"].pop("Environment")["Variables"]
    connection = made["NotifyConnection"].pop("AuthParameters")["ApiKeyAuthParameters"]
    assert connection["ApiKeyValue"] == secrets.pop("NotifySecret")
    assert set(secrets.values()) <= set(variables.values())
    template = parsed()
    evaluation = Evaluation(template, secrets)
    outputs = [evaluation.of(output["Value"]) for output in template["Outputs"].values()]
    assert "secret-of" not in str([made, outputs])


def test_with_keys_of_another_store_the_role_may_only_log() -> None:
    (logs,) = statements(UploadAccessKeyId="key", UploadSecretAccessKey="s", BucketName="photos")
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.mark.parametrize("tags", ["", "project=web"])
@pytest.mark.parametrize("key", ["", KEY_ARN])
def test_role_has_no_wildcard(tags: str, key: str) -> None:
    for statement in statements(UploadTags=tags, UploadSseKmsKey=key):
        assert not [action for action in statement["Action"] if "*" in action]
        assert statement["Effect"] == "Deny" or statement["Resource"] != "*"


# ---- The bucket ----


def test_bucket_keeps_its_files_and_is_private() -> None:
    declared = parsed()["Resources"]["UploadBucket"]
    assert declared["DeletionPolicy"] == declared["UpdateReplacePolicy"] == "Retain"
    bucket = resources()["UploadBucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rule = bucket["LifecycleConfiguration"]["Rules"][0]
    assert rule["Status"] == "Enabled"
    assert rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] > 0
    # A rule with ExpirationInDays would delete what people uploaded.
    assert "ExpirationInDays" not in rule


@pytest.mark.parametrize(
    "header",
    [
        "content-type",
        "if-none-match",
        "x-amz-checksum-sha256",
        "x-amz-tagging",
        "x-amz-meta-name",
    ],
)
def test_bucket_cors_lets_browsers_send_what_a_reply_names(header: str) -> None:
    (rule,) = resources()["UploadBucket"]["CorsConfiguration"]["CorsRules"]
    assert any(fnmatchcase(header, allowed.lower()) for allowed in rule["AllowedHeaders"])
    assert {"PUT", "POST", "GET", "DELETE"} == set(rule["AllowedMethods"])
    assert {"ETag", "Location"} <= set(rule["ExposedHeaders"])


def test_origins_reach_function_and_bucket() -> None:
    origins = "https://a.example.com,https://b.example.com:8443"
    made = resources(UploadOrigins=origins)
    (rule,) = made["UploadBucket"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == origins.split(",")
    assert made["UploadFunction"]["Environment"]["Variables"]["UPLOAD_ORIGINS"] == origins


def test_the_page_may_upload_from_where_the_deployment_says_that_it_is() -> None:
    page = "https://upload.example.com,https://d1.cloudfront.example"
    made = resources(UploadOrigins=ORIGIN, UploadPageOrigin=page)
    (rule,) = made["UploadBucket"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == [ORIGIN, *page.split(",")]
    variables = made["UploadFunction"]["Environment"]["Variables"]
    assert (variables["UPLOAD_ORIGINS"], variables["UPLOAD_PAGE_ORIGIN"]) == (ORIGIN, page)


@pytest.mark.parametrize(
    "parameters, caller",
    [
        ({}, "any"),
        ({"JwtIssuer": ISSUER, "JwtAudience": "one"}, "required"),
        ({"IamAuth": "on"}, "required"),
        ({"AuthorizerArn": AUTHORIZER}, "required"),
    ],
)
def test_nobody_gets_past_the_authorizer(parameters: Dict[str, str], caller: str) -> None:
    """Whatever else calls the function: the API's authorizer is the only way in."""
    made = resources(**parameters)["UploadFunction"]["Environment"]["Variables"]
    assert made["UPLOAD_CALLER"] == caller
    assert bool(schemes(**parameters)) == (caller == "required")


def test_bucket_policy_caps_the_age_of_signatures() -> None:
    def conditions(**parameters: str) -> List[Dict[str, Any]]:
        policy = resources(**parameters)["UploadBucketPolicy"]["PolicyDocument"]
        assert {statement["Effect"] for statement in policy["Statement"]} == {"Deny"}
        return [statement["Condition"] for statement in policy["Statement"]]

    plain = {"Bool": {"aws:SecureTransport": "false"}}
    assert conditions(CapSignatureAge="off") == [plain]
    capped = conditions(UploadExpiresSeconds="120")
    assert capped[0] == plain
    assert capped[1]["NumericGreaterThan"] == {"s3:signatureAge": "120000"}


# ---- The API ----


def routes(**parameters: str) -> Dict[str, Any]:
    """Each path's methods."""
    paths: Dict[str, Any] = resources(**parameters)["UploadApi"]["DefinitionBody"]["paths"]
    return paths


def schemes(**parameters: str) -> Dict[str, Any]:
    components = resources(**parameters)["UploadApi"]["DefinitionBody"]["components"]
    return dict(components.get("securitySchemes", {}))


def test_every_route_calls_the_function() -> None:
    integrations = [
        operation["x-amazon-apigateway-integration"]
        for methods in routes().values()
        for name, operation in methods.items()
        if name != "parameters"
    ]
    assert len(integrations) == len(PAGE) + len(PAGE_OF_PROFILE) + 2
    assert all(each == integrations[0] for each in integrations)
    assert "UploadFunction.Arn/invocations" in integrations[0]["uri"]
    assert integrations[0]["payloadFormatVersion"] == "2.0"


def test_api_is_open_by_default() -> None:
    guarded = routes()["/{proxy+}"]
    assert not schemes()
    assert not guarded["x-amazon-apigateway-any-method"]["security"]


GUARDS = {
    "jwt": {"JwtIssuer": ISSUER, "JwtAudience": "one,two"},
    "iam": {"IamAuth": "on"},
    "lambda": {"AuthorizerArn": AUTHORIZER},
}


@pytest.mark.parametrize("scheme, parameters", GUARDS.items(), ids=list(GUARDS))
def test_an_authorizer_guards_all_but_the_preflight_and_the_page(
    scheme: str, parameters: Dict[str, str]
) -> None:
    assert list(schemes(**parameters)) == [scheme]
    found = routes(**parameters)
    rest = found.pop("/{proxy+}")
    assert rest["x-amazon-apigateway-any-method"]["security"] == [{scheme: []}]
    assert "security" not in rest["options"]
    # A browser loads these without a token, and only GETs them.
    assert sorted(found) == sorted(PAGE + PAGE_OF_PROFILE)
    for methods in found.values():
        assert [name for name in methods if name != "parameters"] == ["get"]
        assert "security" not in methods["get"]


@pytest.mark.parametrize(
    "method, path, guarded",
    [
        ("GET", "/", False),
        ("GET", "/page.css", False),
        ("GET", "/avatar/index.html", False),
        ("GET", "/avatar/countersign.js", False),
        ("OPTIONS", "/avatar/signed_url", False),
        ("OPTIONS", "/avatar/page.js", False),
        ("GET", "/signed_url", True),
        ("GET", "/avatar/signed_url", True),
        ("GET", "/s3/params", True),
        ("GET", "/avatar/s3/params", True),
        ("POST", "/avatar/confirm", True),
        ("POST", "/avatar/page.css", True),
        ("GET", "/prod/avatar/page.css", True),
        ("GET", "/avatar/", True),
    ],
)
def test_which_requests_meet_the_authorizer(method: str, path: str, guarded: bool) -> None:
    route = route_of(routes(AuthorizerArn=AUTHORIZER), method, path)
    assert bool(route.get("security")) == guarded


def test_no_route_ends_with_a_slash() -> None:
    """API Gateway has no such routes, and leaves them out of what it imports without a word."""
    assert [path for path in routes() if path.endswith("/")] == ["/"]


def test_jwt() -> None:
    made = schemes(**GUARDS["jwt"])["jwt"]
    settings = made["x-amazon-apigateway-authorizer"]["jwtConfiguration"]
    assert settings == {"issuer": ISSUER, "audience": ["one", "two"]}


def test_iam() -> None:
    assert schemes(**GUARDS["iam"])["iam"]["x-amazon-apigateway-authtype"] == "awsSigv4"


@pytest.mark.parametrize(
    "parameters, header, seconds",
    [
        ({}, "Authorization", "0"),
        ({"AuthorizerIdentityHeader": "Cookie", "AuthorizerTtlSeconds": "60"}, "Cookie", "60"),
    ],
)
def test_a_lambda_authorizer(parameters: Dict[str, str], header: str, seconds: str) -> None:
    made = schemes(AuthorizerArn=AUTHORIZER, **parameters)["lambda"]
    assert (made["type"], made["in"], made["name"]) == ("apiKey", "header", header)
    uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{}/invocations"
    assert made["x-amazon-apigateway-authorizer"] == {
        "type": "request",
        "authorizerPayloadFormatVersion": "2.0",
        "enableSimpleResponses": True,
        "identitySource": f"$request.header.{header}",
        "authorizerResultTtlInSeconds": seconds,
        "authorizerUri": uri.format(AUTHORIZER),
    }


def test_this_apis_authorizers_may_call_that_function_and_nothing_else() -> None:
    assert "AuthorizerPermission" not in resources(IamAuth="on")
    assert resources(AuthorizerArn=AUTHORIZER)["AuthorizerPermission"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": AUTHORIZER,
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:UploadApi/authorizers/*",
    }


@pytest.mark.parametrize("page", ["on", "off"])
def test_page_is_told_of_only_when_it_is_on(page: str) -> None:
    template = parsed()
    evaluation = Evaluation(template, {"UploadPage": page})
    output = template["Outputs"]["PageUrl"]
    assert evaluation.of(template["Conditions"][output["Condition"]]) == (page == "on")
    assert evaluation.of(output["Value"]).endswith(".amazonaws.com/")


def test_access_log_is_json_without_the_query() -> None:
    line = json.loads(resources()["UploadApi"]["AccessLogSettings"]["Format"])
    assert line["path"] == "$context.path"
    assert not [value for value in line.values() if "query" in value.lower()]


# ---- Telling the app what was stored ----

TELLING = {
    "NotifyRule",
    "NotifyDestination",
    "NotifyConnection",
    "NotifyRole",
    "NotifyFailures",
    "NotifyFailuresPolicy",
    "NotifyAlarm",
}
# As S3 sends it by EventBridge.
STORED: Dict[str, Any] = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "account": "123456789012",
    "time": "2026-11-30T12:00:00Z",
    "region": "eu-west-1",
    "resources": ["arn:aws:s3:::photos"],
    "detail": {
        "version": "0",
        "bucket": {"name": "photos"},
        "object": {
            "key": "uploads/avatar/5f0c/a b.jpg",
            "size": 7,
            "etag": "321c3cf486ed509164edec1e1981fec8",
            "sequencer": "00617F08299329D189",
        },
        "request-id": "N4N7GDK58NMKJ12R",
        "requester": "123456789012",
        "source-ip-address": "192.0.2.7",
        "reason": "PutObject",
    },
}


def changed(**parts: Any) -> Dict[str, Any]:
    """That event with these parts: detail__object={...} is within detail."""
    event: Dict[str, Any] = json.loads(json.dumps(STORED))
    for path, value in parts.items():
        *parents, last = path.replace("detail_type", "detail-type").split("__")
        place = event
        for name in parents:
            place = place[name]
        place[last] = value
    return event


def target(**parameters: str) -> Dict[str, Any]:
    (found,) = resources(**NOTIFY, **parameters)["NotifyRule"]["Targets"]
    return dict(found)


@pytest.mark.parametrize(
    "event, told",
    [
        (STORED, True),
        (changed(detail__reason="CompleteMultipartUpload"), True),
        (changed(detail__object={"key": "uploads/"}), True),
        (changed(detail__object={"key": "upload"}), False),
        (changed(detail__object={"key": "uploads2/a.jpg"}), False),
        (changed(detail__object={"key": "old/uploads/a.jpg"}), False),
        (changed(detail__object={"key": "Uploads/a.jpg"}), False),
        (changed(detail__bucket={"name": "photos-2"}), False),
        (changed(detail_type="Object Deleted"), False),
        (changed(source="my.app"), False),
        (changed(detail={}), False),
    ],
)
def test_which_events_are_told(event: Dict[str, Any], told: bool) -> None:
    rule = resources(BucketName="photos", **NOTIFY)["NotifyRule"]
    assert event_matches(rule["EventPattern"], event) == told
    assert "ScheduleExpression" not in rule and "State" not in rule


@pytest.mark.parametrize(
    "key, told, not_told",
    [
        ("in/{date}-{name}", "in/2026", "inn"),
        ("a/b-{id}", "a/b-1", "a/c-1"),
        ("{id}/{name}", "anything", None),
    ],
)
def test_told_are_the_keys_that_the_role_may_write(key: str, told: str, not_told: Any) -> None:
    parameters = {"BucketName": "photos", "UploadKey": key}
    pattern = resources(**NOTIFY, **parameters)["NotifyRule"]["EventPattern"]
    assert event_matches(pattern, changed(detail__object={"key": told}))
    assert not_told is None or not event_matches(pattern, changed(detail__object={"key": not_told}))
    (prefix,) = pattern["detail"]["object"]["key"]
    assert statements(**parameters)[1]["Resource"] == f"arn:aws:s3:::photos/{prefix['prefix']}*"


def test_a_new_bucket_tells_where_that_is_asked_for() -> None:
    assert "NotificationConfiguration" not in resources()["UploadBucket"]
    made = resources(**NOTIFY)
    told = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert made["UploadBucket"]["NotificationConfiguration"] == told
    assert made["NotifyRule"]["EventPattern"]["detail"]["bucket"] == {"name": ["UploadBucket"]}


def test_nothing_is_made_for_telling_nobody() -> None:
    assert TELLING.isdisjoint(resources())
    assert TELLING <= set(resources(**NOTIFY))
    # For a bucket that is there already the same.
    assert TELLING <= set(resources(**NOTIFY, BucketName="photos"))


def test_the_app_is_told_with_the_secret() -> None:
    made = resources(**NOTIFY, NotifyHeader="x-app-secret")
    assert made["NotifyDestination"] == {
        "ConnectionArn": "NotifyConnection.Arn",
        "HttpMethod": "POST",
        "InvocationEndpoint": NOTIFY["NotifyUrl"],
    }
    assert made["NotifyConnection"] == {
        "AuthorizationType": "API_KEY",
        "AuthParameters": {
            "ApiKeyAuthParameters": {
                "ApiKeyName": "x-app-secret",
                "ApiKeyValue": NOTIFY["NotifySecret"],
            }
        },
    }
    assert target()["Arn"] == "NotifyDestination.Arn"


def test_telling_is_tried_for_a_day_and_then_kept() -> None:
    made = resources(**NOTIFY)
    assert target()["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert target()["DeadLetterConfig"] == {"Arn": "NotifyFailures.Arn"}
    assert made["NotifyFailures"] == {"MessageRetentionPeriod": 14 * 86400, "SqsManagedSseEnabled": True}
    # The whole event: nothing of it is left out or changed on the way to the app.
    assert not {"Input", "InputPath", "InputTransformer"} & set(target())


def test_only_this_rule_may_fill_the_queue() -> None:
    policy = resources(**NOTIFY)["NotifyFailuresPolicy"]
    assert policy["Queues"] == ["NotifyFailures"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["sqs:SendMessage"],
            "Resource": "NotifyFailures.Arn",
            "Condition": {"ArnEquals": {"aws:SourceArn": "NotifyRule.Arn"}},
        }
    ]


def test_the_rules_role_may_only_tell_the_app() -> None:
    role = resources(**NOTIFY)["NotifyRole"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": ["events:InvokeApiDestination"],
        "Resource": "NotifyDestination.Arn",
    }
    assert "ManagedPolicyArns" not in role
    assert target()["RoleArn"] == "NotifyRole.Arn"


def test_an_alarm_tells_of_what_was_not_told() -> None:
    alarm = resources(**NOTIFY)["NotifyAlarm"]
    assert "AlarmActions" not in alarm
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": "NotifyFailures.QueueName"}]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    # One event is one too many, and an idle queue is no alarm.
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)
    assert (alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (1, "notBreaching")
    assert resources(**NOTIFY, AlarmTopicArn=TOPIC)["NotifyAlarm"]["AlarmActions"] == [TOPIC]


# ---- Alarms ----

ALARMS = {
    "FunctionErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "UploadFunction"}),
    "FunctionThrottlesAlarm": ("AWS/Lambda", "Throttles", {"FunctionName": "UploadFunction"}),
    "ApiErrorsAlarm": ("AWS/ApiGateway", "5xx", {"ApiId": "UploadApi"}),
}


def alarms(**parameters: str) -> Dict[str, Any]:
    kinds = {name: each["Type"] for name, each in parsed()["Resources"].items()}
    made = resources(**parameters)
    return {name: each for name, each in made.items() if kinds[name] == "AWS::CloudWatch::Alarm"}


def test_without_a_topic_there_is_no_alarm_but_that_of_what_was_not_told() -> None:
    assert not alarms()
    assert list(alarms(**NOTIFY)) == ["NotifyAlarm"]
    assert set(alarms(**NOTIFY, AlarmTopicArn=TOPIC)) == {"NotifyAlarm", *ALARMS}


def test_a_topic_hears_of_the_function_and_the_api() -> None:
    made = alarms(AlarmTopicArn=TOPIC)
    found = {
        name: (each["Namespace"], each["MetricName"], {d["Name"]: d["Value"] for d in each["Dimensions"]})
        for name, each in made.items()
    }
    assert found == ALARMS
    for each in made.values():
        assert each["AlarmActions"] == [TOPIC]
        # One is one too many, and silence is no alarm.
        assert (each["Statistic"], each["ComparisonOperator"], each["Threshold"]) == ("Sum", "GreaterThanThreshold", 0)
        assert (each["EvaluationPeriods"], each["TreatMissingData"]) == (1, "notBreaching")


# ---- Parameters that are refused ----

ORIGIN, ALIAS = "https://a.example.com", KEY_ARN.replace("key/", "alias/")
ACCEPTED = [
    ("BucketName", ["", "photos", "my.photos-2", "Photos_2012.Old", "x" * 255, "1.2.3", "1.2.3.4.5"]),
    ("UploadKey", ["uploads/{id}/{name}", "{date}/{id}", "..a/{name}"]),
    ("UploadKey", ["uploads/{claim:sub}/{id}/{name}", "{claim:custom:team}/{claim:sub}/{id}"]),
    ("UploadSealSecret", ["", "off", "a" * 32, "a" * 32 + "," + "b" * 64]),
    ("UploadMaxBytes", ["", "1", "5368709120", "9999999999999", "54975581388800"]),
    ("UploadTypes", ["", "*/*", "image/*", "image/png, application/vnd.api+json", "a/b,*/*,c/*"]),
    ("UploadTypes", ["x-a/b!#$%&'+.^_`|~-"]),
    ("UploadOrigins", ["*", ORIGIN, f"{ORIGIN},http://localhost:3000", "https://*.a.example"]),
    ("UploadPageOrigin", ["", ORIGIN, f"{ORIGIN},http://127.0.0.1:8080"]),
    ("UploadTags", ["", "project=web", "a=1&b=", "a%20b=c+d", "a=b=c", "%C3%A9=%c3%a9"]),
    ("UploadCacheControl", ["", "no-store", "private, max-age=3600", "public,max-age=60,immutable"]),
    ("UploadSseKmsKey", ["", KEY_ARN]),
    ("EndpointUrl", ["", "http://127.0.0.1:9000/base", "https://a-b.example.com/a.b/~c/"]),
    ("EndpointUrl", ["http://[::1]:9000", "http://my_minio:9000", "https://1.example.com/..."]),
    ("UploadRegion", ["", "auto", "us-west-004"]),
    ("UploadAccessKeyId", ["", "0123456789abcdef"]),
    ("UploadSecretAccessKey", ["", "a+b/c=="]),
    ("UploadProfiles", ["", PROFILES, '{ "a-1_b" : {} }', '{\n  "avatar": {\n    "require": "size"\n  }\n}\n']),
    ("UploadAskUrl", ["", ASK["UploadAskUrl"], "https://app.example.com:8443/ask?tenant=a&b=%20"]),
    ("UploadAskUrl", ["https://app.example.com", "https://a?b", "https://a:443?b"]),
    ("UploadAskUrl", ["https://[2001:db8::1]/ask", "http://127.0.0.1:9000/ask", "http://localhost/", "http://[::1]/a"]),
    ("UploadWebhookSecret", ["", WEBHOOK_SECRET, f"whsec_{'a' * 85}g==", f"whsec_{'A' * 35}="]),
    ("UploadWebhookSecret", [f"{WEBHOOK_SECRET},whsec_{'+/' * 16}+w=="]),
    ("UploadReceiptSecret", ["", "a" * 32, "a" * 32 + "," + "b" * 64]),
    ("UploadReceiptSubject", ["", "sub", "custom:team", "https.id"]),
    ("AuthorizerArn", ["", AUTHORIZER, f"{AUTHORIZER}:live", AUTHORIZER.replace("aws", "aws-us-gov", 1)]),
    ("AuthorizerIdentityHeader", ["Authorization", "Cookie", "x-api-token"]),
    ("NotifyUrl", ["", NOTIFY["NotifyUrl"], "https://app.example.com", "https://a.example:8443/b/c?d=e%20f"]),
    ("NotifyHeader", ["x-notify-secret", "X-Secret", "authorization", "Authorization"]),
    ("NotifySecret", ["", "n" * 16, "n" * 512, "a+b/c==, and no space".replace(" ", "")]),
    ("AlarmTopicArn", ["", TOPIC]),
    ("JwtIssuer", ["", ISSUER, "https://example.eu.auth0.com/"]),
    ("JwtAudience", ["", "one", "one,two"]),
]
REFUSED = [
    (
        "BucketName",
        ["Pho/tos", "ab", "x" * 256, "192.168.5.4", "arn:aws:s3:::photos", "photos-abc-s3alias", "b--use1-az4--x-s3"],
    ),
    ("UploadKey", ["", "/a/{name}", "a/*/{name}", "a/${name}", "a?{name}", "a {name}"]),
    (
        "UploadKey",
        ["a/{nmae}", "a/{date}", "fixed.txt", "../{name}", "a/./{name}", "{name}/.."],
    ),
    ("UploadKey", ["{claim:sub}-{id}", "u{claim:sub}/{id}", "{id}/{claim:sub}", "{claim:}/{id}"]),
    ("UploadSealSecret", ["on", "off,off", "a" * 31, "a" * 32 + ",", "a" * 20 + " " + "a" * 20]),
    ("UploadMaxBytes", ["0", "-1", "5GB", "1.5"]),
    ("UploadTypes", ["image", "image/png;image/gif", "image/png,"]),
    ("UploadTypes", ["*/png", "im*ge/png", "image/p*", "image/**", "*", "a/(b)"]),
    ("UploadOrigins", ["", "example.com", f"{ORIGIN}/", f"{ORIGIN}, http://b", "https://*.*"]),
    ("UploadPageOrigin", ["*", "https://*.a.example", "example.com", f"{ORIGIN}/", f"{ORIGIN},"]),
    ("UploadTags", ["project", "=web", "a=1&", "&".join(f"t{i}=v" for i in range(11))]),
    ("UploadTags", ["a=%", "a=%2", "%zz=b", "a=b c", "a=<b>"]),
    ("UploadCacheControl", ["private,  max-age=1", "a b", "=1", "max-age=", "a,", ",a", "a;b", "a=\"b\""]),
    ("UploadCacheControl", ["a" * 257, "a=b=c"]),
    ("UploadSseKmsKey", [ALIAS, "12345678-1234-1234-1234-123456789012"]),
    ("EndpointUrl", ["minio:9000", "http://minio?x", "http://me@minio", "http://me:it@minio:9000"]),
    ("EndpointUrl", ["http://a/b c", "http://a/%20", "http://a//b", "http://a/../b", "http://a/."]),
    ("EndpointUrl", ["http://a:0", "http://a..b", "http://a.1", "http://1.2.3", "http://a:", "http://", "http:///a"]),
    ("UploadRegion", ["EU", "-a", "a-", "eu west"]),
    ("UploadAccessKeyId", ["a b", "a" * 129]),
    ("UploadSecretAccessKey", ["a b", "a" * 257]),
    ("UploadProfiles", ["avatar", "[]", "{}", '{"avatar":1}', '{"Avatar":{}}', '{"":{}}', '{"a b":{}}']),
    ("UploadProfiles", ['{"' + "a" * 33 + '":{}}', "{avatar:{}}", '{"avatar":{}']),
    ("UploadAskUrl", ["http://app.example.com/ask", "http://10.0.0.1/ask", "http://localhost.example.com/"]),
    ("UploadAskUrl", ["https://me:it@app.example.com/ask", "https://app.example.com/ask#a", "https://a/b c"]),
    ("UploadAskUrl", ["app.example.com", "https:///ask", "https://a:0/ask", "ftp://a/ask"]),
    ("UploadWebhookSecret", ["A" * 32, "whsec_", f"whsec_{'A' * 28}", f"whsec_{'A' * 31}=", f"whsec_{'A' * 87}="]),
    ("UploadWebhookSecret", [f"whsec_{'a' * 86}==", f"whsec_{'A' * 34}B="]),
    ("UploadWebhookSecret", [f"whsec_{'A' * 33}", f"whsec_{'-_' * 16}", f"{WEBHOOK_SECRET},", f"{WEBHOOK_SECRET},A"]),
    ("UploadReceiptSecret", ["a" * 31, "a" * 32 + ",", "a" * 20 + " " + "a" * 20]),
    ("UploadReceiptSubject", ["a b", "a" * 65, "{sub}"]),
    ("AuthorizerArn", ["session-authorizer", f"{AUTHORIZER}:", AUTHORIZER.replace("lambda", "iam"), f"{AUTHORIZER}*"]),
    ("AuthorizerIdentityHeader", ["", "a b", "Authorization,Cookie", "$request.header.Cookie"]),
    ("NotifyUrl", ["http://app.example.com/", "https://me:it@a.example/", "https://a.example/*", "https://a.example/#b"]),
    ("NotifyUrl", ["https://a.example/b c", "https://", "https://a.example/?", "https://a.example/%2"]),
    ("NotifyHeader", ["", "Host", "Content-Length", "x-", "x-a b"]),
    ("NotifySecret", ["n" * 15, "n" * 513, "a secret with spaces", "a-secret:with-a-colon"]),
    ("AlarmTopicArn", ["alarms", TOPIC.replace("sns", "sqs"), f"{TOPIC}:1"]),
    ("JwtIssuer", ["http://example.com", "example.com"]),
    ("JwtAudience", ["one, two", ","]),
]


def matches(name: str, value: str) -> bool:
    return bool(re.fullmatch(parsed()["Parameters"][name]["AllowedPattern"], value))


@pytest.mark.parametrize("name, values", ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_pattern_accepts(name: str, values: List[str]) -> None:
    assert [value for value in values if not matches(name, value)] == []


@pytest.mark.parametrize("name, values", REFUSED, ids=[name for name, _ in REFUSED])
def test_pattern_refuses(name: str, values: List[str]) -> None:
    assert [value for value in values if matches(name, value)] == []


def starts(**environment: str) -> bool:
    """Whether the function takes this configuration. It says so before it misses a Runtime API."""
    usual = {
        "UPLOAD_BUCKET": "photos",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    bootstrap = os.environ.get("COUNTERSIGN_BOOTSTRAP") or ROOT / "build/bootstrap"
    done = subprocess.run([bootstrap], env={**usual, **environment}, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert "AWS_LAMBDA_RUNTIME_API is not set" in said
    return "Function.InvalidConfiguration" not in said


def variable_of(parameter: str) -> str:
    """The function's variable that a parameter's value becomes; empty when there is none."""
    found = variables(**{parameter: "the-value"}).items()
    return next((name for name, value in found if value == "the-value"), "")


def made_of(parameter: str, value: str) -> Dict[str, str]:
    """The variable of a parameter, as the template makes it of this value."""
    variable = variable_of(parameter)
    made = variables(**{parameter: value}).get(variable) if value else ""
    return {variable: made} if made else {}


@pytest.mark.parametrize("name, values", ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_the_function_starts_with_what_a_pattern_accepts(name: str, values: List[str]) -> None:
    others = {
        "UPLOAD_SSE": "aws:kms",
        "UPLOAD_ACCESS_KEY_ID": "k",
        "UPLOAD_SECRET_ACCESS_KEY": "s",
        "UPLOAD_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "UPLOAD_RECEIPT_SECRET": "r" * 32,
    }
    assert [v for v in values if not starts(**{**others, **made_of(name, v)})] == []


# Of the others the template refuses more, for the role's policy or the bucket must take them too.
ALIKE = {
    "UploadMaxBytes",
    "UploadTypes",
    "UploadPageOrigin",
    "UploadTags",
    "UploadCacheControl",
    "EndpointUrl",
    "UploadRegion",
    "UploadProfiles",
    "UploadAskUrl",
    "UploadWebhookSecret",
    "UploadReceiptSecret",
}


@pytest.mark.parametrize("name, values", [each for each in REFUSED if each[0] in ALIKE])
def test_the_function_refuses_what_a_pattern_refuses(name: str, values: List[str]) -> None:
    others = {"UPLOAD_WEBHOOK_SECRET": WEBHOOK_SECRET}
    assert [v for v in values if starts(**{**others, variable_of(name): v})] == []


def test_defaults_are_accepted() -> None:
    for name, parameter in parsed()["Parameters"].items():
        default = parameter["Default"]
        assert "AllowedPattern" not in parameter or matches(name, default), name
        assert default in parameter.get("AllowedValues", [default]), name


@pytest.mark.parametrize(
    "broken, parameters",
    [
        (None, OPEN),
        ("OpenMustBeSaid", {}),
        ("OpenMustBeSaid", {"OpenToAnybody": ""}),
        (None, {"JwtIssuer": ISSUER, "JwtAudience": "one", **OPEN}),
        (None, {"UploadSse": "aws:kms"}),
        (None, {"UploadSse": "aws:kms", "UploadSseKmsKey": KEY_ARN}),
        (None, {"UploadSse": "aws:kms:dsse", "UploadSseKmsKey": KEY_ARN}),
        (None, {"JwtIssuer": ISSUER, "JwtAudience": "one"}),
        ("KmsKeyNeedsKms", {"UploadSseKmsKey": KEY_ARN}),
        ("KmsKeyNeedsKms", {"UploadSseKmsKey": KEY_ARN, "UploadSse": "AES256"}),
        (None, {"UploadCredentials": "on", "UploadOrigins": ORIGIN}),
        ("CredentialsNeedOrigins", {"UploadCredentials": "on"}),
        (None, {"UploadAccelerate": "on", "UploadAddressing": "virtual"}),
        ("AccelerationIsOfS3", {"UploadAccelerate": "on", "EndpointUrl": "https://example.com"}),
        ("AccelerationIsOfS3", {"UploadAccelerate": "on", "UploadAddressing": "path"}),
        (None, {"UploadRegion": "us-west-2", "BucketName": "photos"}),
        ("RegionNeedsBucket", {"UploadRegion": "us-west-2"}),
        (None, STORE_KEYS),
        ("StoreKeyNeedsSecretAndBucket", {**STORE_KEYS, "BucketName": ""}),
        ("StoreKeyNeedsSecretAndBucket", {**STORE_KEYS, "UploadSecretAccessKey": ""}),
        ("StoreSecretNeedsKey", {**STORE_KEYS, "UploadAccessKeyId": ""}),
        ("JwtIssuerNeedsAudience", {"JwtIssuer": ISSUER}),
        ("JwtAudienceNeedsIssuer", {"JwtAudience": "one"}),
        (None, {"IamAuth": "on"}),
        ("IamAuthOrJwt", {"IamAuth": "on", "JwtIssuer": ISSUER, "JwtAudience": "one"}),
        (None, {"AuthorizerArn": AUTHORIZER}),
        ("AuthorizerAlone", {"AuthorizerArn": AUTHORIZER, "IamAuth": "on"}),
        ("AuthorizerAlone", {"AuthorizerArn": AUTHORIZER, "JwtIssuer": ISSUER, "JwtAudience": "one"}),
        (None, ASK),
        ("AskNeedsSecret", {"UploadAskUrl": "https://app.example.com/ask"}),
        (None, {"UploadReceiptSubject": "sub", **RECEIPTS}),
        ("ReceiptSubjectNeedsSecret", {"UploadReceiptSubject": "sub"}),
        (None, {**NOTIFY, "BucketName": "photos", "AlarmTopicArn": TOPIC}),
        ("NotifyNeedsSecretAndS3", {"NotifyUrl": NOTIFY["NotifyUrl"]}),
        ("NotifyNeedsSecretAndS3", {**NOTIFY, "UploadRegion": "us-west-2", "BucketName": "photos"}),
        ("NotifyNeedsSecretAndS3", {**NOTIFY, "EndpointUrl": "https://example.com"}),
        ("NotifySecretNeedsUrl", {"NotifySecret": NOTIFY["NotifySecret"]}),
        (None, {"AlarmTopicArn": TOPIC}),
        (None, {"MalwareScan": "on"}),
        ("MalwareScanNeedsOwnBucket", {"MalwareScan": "on", "BucketName": "photos"}),
    ],
)
def test_rules_refuse_what_does_not_fit_together(
    broken: str, parameters: Dict[str, str]
) -> None:
    template = parsed()
    about_that = "OpenToAnybody" in parameters or not parameters
    evaluation = Evaluation(template, parameters if about_that else {**OPEN, **parameters})
    failed = [
        name
        for name, rule in template["Rules"].items()
        if evaluation.of(rule["RuleCondition"])
        and not all(evaluation.of(assertion["Assert"]) for assertion in rule["Assertions"])
    ]
    assert failed == ([broken] if broken else [])


@pytest.mark.parametrize("parameters", [*GUARDS.values()], ids=list(GUARDS))
def test_an_authorizer_needs_no_open_door(parameters: Dict[str, str]) -> None:
    rule = parsed()["Rules"]["OpenMustBeSaid"]
    assert not Evaluation(parsed(), parameters).of(rule["RuleCondition"])
    (assertion,) = rule["Assertions"]
    for name in ("OpenToAnybody=yes", *GUARDS["jwt"], "IamAuth", "AuthorizerArn"):
        assert name in assertion["AssertDescription"]


# ---- What a person sees ----


def test_what_the_application_repository_is_told() -> None:
    told = parsed()["Metadata"]["AWS::ServerlessRepo::Application"]
    assert told["SemanticVersion"] == VERSION
    for name in ("LicenseUrl", "ReadmeUrl"):
        assert (ROOT / told[name]).is_file(), name
    assert told["SpdxLicenseId"] == "Apache-2.0" and "Apache License" in (ROOT / told["LicenseUrl"]).read_text()
    # What the repository takes.
    assert re.fullmatch(r"[a-zA-Z0-9-]{1,140}", told["Name"]) and 1 <= len(told["Description"]) <= 256
    assert re.fullmatch(r"[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?", told["Author"])
    assert len(told["Labels"]) <= 10 and all(re.fullmatch(r"[a-zA-Z0-9+_:/@-]{1,127}", each) for each in told["Labels"])


def test_the_console_groups_every_parameter_once() -> None:
    template = parsed()
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template["Parameters"])
    assert all(group["Label"]["default"] for group in groups)


def test_guide_lists_every_parameter_with_its_default() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (?:`([^`]*)`|empty) \|", (ROOT / "docs/deploy.md").read_text(), re.M
    )
    parameters = parsed()["Parameters"]
    assert dict(rows) == {name: str(p["Default"]) for name, p in parameters.items()}
