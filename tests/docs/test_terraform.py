"""packaging/terraform makes what template.yaml makes: Terraform applies it, with providers that make nothing but take what the
real ones take (provider/), and the state that it leaves is compared with the template, value by value."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, List

import guides
import hcl2
import like_template
import pytest
from cloudformation import parsed
from like_template import CASES, OPEN, OUT_OF_LIMITS

MODULE = guides.ROOT / "packaging/terraform"
TERRAFORM = guides.ROOT / "build/terraform"
ZIPS = {name: guides.ROOT / f"build/countersign-{name}.zip" for name in ("arm64", "x86_64")}
# What the template has by the names of CloudFormation, and the module by what the provider tells.
SAME = {
    "aws_s3_bucket.upload.id": "UploadBucket",
    "aws_s3_bucket.upload.arn": "UploadBucket.Arn",
    "aws_iam_role.upload.arn": "UploadRole.Arn",
    "aws_iam_role.upload.id": "UploadRole",
    "aws_iam_role.notify.arn": "NotifyRole.Arn",
    "aws_iam_role.notify.id": "NotifyRole",
    "aws_iam_role.scan.arn": "MalwareScanRole.Arn",
    "aws_iam_role.scan.id": "MalwareScanRole",
    "aws_cloudwatch_log_group.function.arn:*": "FunctionLogGroup.Arn",
    "aws_cloudwatch_log_group.api.arn": "ApiLogGroup.Arn",
    "aws_lambda_function.upload.invoke_arn": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"
    "/UploadFunction.Arn/invocations",
    "aws_apigatewayv2_api.upload.execution_arn": "arn:aws:execute-api:eu-west-1:123456789012:UploadApi",
    "aws_apigatewayv2_api.upload.id": "UploadApi",
    "aws_cloudwatch_event_api_destination.notify.arn": "NotifyDestination.Arn",
    "aws_cloudwatch_event_connection.notify.arn": "NotifyConnection.Arn",
    "aws_cloudwatch_event_rule.notify.arn": "NotifyRule.Arn",
    "aws_cloudwatch_event_rule.notify.name": "NotifyRule",
    "aws_sqs_queue.failures.arn": "NotifyFailures.Arn",
    "aws_sqs_queue.failures.name": "NotifyFailures.QueueName",
    "aws_sqs_queue.failures.id": "NotifyFailures",
    "random_password.seal.result": "{{resolve:secretsmanager:SealSecret:SecretString:::}}",
}
# Where the template's words are of SAM, or of what Terraform has otherwise.
OTHER_WORDS = {
    "Architecture": (" Give `sam build` and `sam deploy` the same value.", ""),
    "UploadSealSecret": ("a random secret that the stack makes and keeps (Secrets Manager, 0.40 dollars a month). One of yours, "
                         "as openssl rand -hex 32 makes, costs nothing;",
                         "a random secret, which Terraform's state has. Or one of yours, as openssl rand -hex 32 makes;"),
}
State = Dict[str, Dict[str, Any]]


def variable_of(parameter: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", parameter).lower()


class Module:
    """A copy of the module, initialized."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in MODULE.glob("*.tf"):
            shutil.copy(path, folder)
        (folder / "rc").write_text(
            f'provider_installation {{\n filesystem_mirror {{\n  path = "{TERRAFORM}/mirror"\n }}\n}}\n'
            "disable_checkpoint = true\n"
        )
        assert self.run("init").returncode == 0

    def run(self, *command: object) -> "subprocess.CompletedProcess[str]":
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TF_CLI_CONFIG_FILE": str(self.folder / "rc")}
        return subprocess.run([TERRAFORM / "terraform", *command], cwd=self.folder, env=environment,
                              capture_output=True, text=True)

    def with_values(self, command: str, values: like_template.Values, *more: str) -> "subprocess.CompletedProcess[str]":
        given = {variable_of(name): value for name, value in values.items()}
        given["zip_path"] = str(ZIPS.get(values.get("Architecture", "arm64"), ZIPS["arm64"]))
        (self.folder / "values.json").write_text(json.dumps(given))
        return self.run(command, "-no-color", "-input=false", "-var-file=values.json", *more)

    def applied(self, values: like_template.Values) -> Dict[str, Any]:
        state = self.folder / "state.json"
        state.unlink(missing_ok=True)
        done = self.with_values("apply", values, "-auto-approve", "-state=state.json")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(state.read_text()))

    def refused(self, values: like_template.Values) -> str:
        """What is told, without the lines that it is broken into."""
        done = self.with_values("plan", values)
        assert done.returncode == 1
        return " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    return Module(tmp_path_factory.mktemp("terraform"))


def by_name(state: Dict[str, Any]) -> State:
    """The attributes of each resource, in which what the provider told has the template's names."""
    text, found = json.dumps(state), {}
    for resource in state["resources"]:
        for instance in resource["instances"]:
            name = f"{resource['type']}.{resource['name']}"
            told = instance["attributes"].get("id", "")
            if resource["mode"] == "managed" and re.fullmatch(r".*-\d+\.id", str(told)):
                text = re.sub(rf"\b{re.escape(told[:-3])}\.", f"{name}.", text)
    # Those that have no id of their own are named by their ARN.
    for told in set(re.findall(r"(aws_cloudwatch_event_api_destination)-\d+\.", text)):
        text = re.sub(rf"{told}-\d+\.", f"{told}.notify.", text)
    for ours, theirs in sorted(SAME.items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"{re.escape(ours)}(?![\w:])" if not ours.endswith("*") else re.escape(ours), theirs, text)
    for resource in json.loads(text)["resources"]:
        for instance in resource["instances"]:
            key = instance.get("index_key", 0)
            suffix = f".{key}" if isinstance(key, str) else ""
            if resource["mode"] == "managed":
                found[f"{resource['type']}.{resource['name']}{suffix}"] = instance["attributes"]
    return found


def one(values: List[Any]) -> Any:
    (value,) = values
    return value


def given(attributes: Dict[str, Any], *names: str) -> Dict[str, Any]:
    """These attributes by CloudFormation's way of writing names, without those that are not set."""
    found = {name: attributes[name] for name in names}
    return {"".join(part.title() for part in name.split("_")): value for name, value in found.items() if value is not None}


def function(state: State) -> Dict[str, Any]:
    made = state["aws_lambda_function.upload"]
    assert re.fullmatch(r"/.*/countersign-(arm64|x86_64)\.zip", made["filename"]) and made["source_code_hash"]
    return {
        **given(made, "handler", "runtime", "architectures", "memory_size", "timeout", "role"),
        "LoggingConfig": {"LogGroup": "FunctionLogGroup", "LogFormat": one(made["logging_config"])["log_format"]},
        "Environment": {"Variables": one(made["environment"])["variables"]},
    }


def role(name: str, *policies: str) -> Callable[[State], Dict[str, Any]]:
    def found(state: State) -> Dict[str, Any]:
        made = [state[f"aws_iam_role_policy.{each}"] for each in policies if f"aws_iam_role_policy.{each}" in state]
        assert {each["role"] for each in made} == {SAME[f"aws_iam_role.{name}.id"]}
        return {
            "AssumeRolePolicyDocument": json.loads(state[f"aws_iam_role.{name}"]["assume_role_policy"]),
            "Policies": [{"PolicyName": each["name"], "PolicyDocument": json.loads(each["policy"])} for each in made],
        }

    return found


def bucket(state: State) -> Dict[str, Any]:
    """What CloudFormation has in one resource."""
    def part(name: str) -> Dict[str, Any]:
        found = state[f"aws_s3_bucket_{name}.upload"]
        assert found["bucket"] == "UploadBucket"
        return found

    encryption = one(part("server_side_encryption_configuration")["rule"])
    default = one(encryption["apply_server_side_encryption_by_default"])
    cors = one(part("cors_configuration")["cors_rule"])
    lifecycle = one(part("lifecycle_configuration")["rule"])
    key = {"KMSMasterKeyID": default["kms_master_key_id"]} if default["kms_master_key_id"] else {}
    access = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    made = {
        "PublicAccessBlockConfiguration": given(part("public_access_block"), *access),
        "OwnershipControls": {"Rules": [given(one(part("ownership_controls")["rule"]), "object_ownership")]},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [{
            **given(encryption, "bucket_key_enabled"),
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": default["sse_algorithm"], **key},
        }]},
        "LifecycleConfiguration": {"Rules": [{
            **given(lifecycle, "id", "status"),
            "AbortIncompleteMultipartUpload": given(
                one(lifecycle["abort_incomplete_multipart_upload"]), "days_after_initiation"),
        }]},
        "CorsConfiguration": {"CorsRules": [{
            **given(cors, "allowed_methods", "allowed_origins", "allowed_headers"),
            "ExposedHeaders": cors["expose_headers"], "MaxAge": cors["max_age_seconds"],
        }]},
    }
    if "aws_s3_bucket_notification.upload" in state:
        made["NotificationConfiguration"] = {
            "EventBridgeConfiguration": {"EventBridgeEnabled": part("notification")["eventbridge"]}
        }
    if "aws_s3_bucket_accelerate_configuration.upload" in state:
        made["AccelerateConfiguration"] = {"AccelerationStatus": part("accelerate_configuration")["status"]}
    return made


def stage(state: State) -> Dict[str, Any]:
    made = state["aws_apigatewayv2_stage.upload"]
    log = one(made["access_log_settings"])
    limits = one(made["default_route_settings"])
    return {
        **given(made, "api_id", "auto_deploy"),
        "StageName": made["name"],
        "DefaultRouteSettings": given(limits, "throttling_rate_limit", "throttling_burst_limit"),
        "AccessLogSettings": given(log, "destination_arn", "format"),
    }


def log_group(name: str) -> Callable[[State], Dict[str, Any]]:
    def found(state: State) -> Dict[str, Any]:
        made = state[f"aws_cloudwatch_log_group.{name}"]
        return {"LogGroupName": made["name"].replace("countersign", "stack"), **given(made, "retention_in_days")}

    return found


def permission(name: str) -> Callable[[State], Dict[str, Any]]:
    def found(state: State) -> Dict[str, Any]:
        attributes = state[f"aws_lambda_permission.{name}"]
        made = given(attributes, "action", "function_name", "principal", "source_arn")
        # The real provider tells them apart when it reads them, whatever was given.
        *whole, alias = [made["FunctionName"].replace("countersign", "UploadFunction"), attributes["qualifier"]]
        assert whole[0].count(":") in (0, 6), "an alias is in the function's name"
        return {**made, "FunctionName": ":".join([*whole, alias] if alias else whole)}

    return found


def scan_plan(state: State) -> Dict[str, Any]:
    made = state["aws_guardduty_malware_protection_plan.upload"]
    scanned = one(one(made["protected_resource"])["s3_bucket"])
    # The provider makes a list of its own where none is given.
    prefixes = {"ObjectPrefixes": scanned["object_prefixes"]} if scanned["object_prefixes"] else {}
    return {
        "Role": made["role"],
        "ProtectedResource": {"S3Bucket": {"BucketName": scanned["bucket_name"], **prefixes}},
        "Actions": {"Tagging": {"Status": one(one(made["actions"])["tagging"])["status"]}},
    }


def rule(state: State) -> Dict[str, Any]:
    made, target = state["aws_cloudwatch_event_rule.notify"], state["aws_cloudwatch_event_target.notify"]
    assert target["rule"] == "NotifyRule"
    return {
        "Description": made["description"],
        "EventPattern": json.loads(made["event_pattern"]),
        "Targets": [{
            "Id": target["target_id"],
            **given(target, "arn", "role_arn"),
            "RetryPolicy": given(one(target["retry_policy"]), "maximum_event_age_in_seconds", "maximum_retry_attempts"),
            "DeadLetterConfig": given(one(target["dead_letter_config"]), "arn"),
        }],
    }


def connection(state: State) -> Dict[str, Any]:
    made = state["aws_cloudwatch_event_connection.notify"]
    key = one(one(made["auth_parameters"])["api_key"])
    return {
        **given(made, "authorization_type"),
        "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": key["key"], "ApiKeyValue": key["value"]}},
    }


def alarm(name: str) -> Callable[[State], Dict[str, Any]]:
    def found(state: State) -> Dict[str, Any]:
        made = state[f"aws_cloudwatch_metric_alarm.upload.{name}"]
        alike = ("alarm_description", "namespace", "metric_name", "statistic", "period", "evaluation_periods",
                 "comparison_operator", "threshold", "treat_missing_data")
        ((dimension, value),) = made["dimensions"].items()
        return {
            **given(made, *alike),
            "Dimensions": [{"Name": dimension, "Value": value.replace("countersign", "UploadFunction")}],
            **({"AlarmActions": made["alarm_actions"]} if made["alarm_actions"] else {}),
        }

    return found


def policy(kind: str, name: str, on: str) -> Callable[[State], Dict[str, Any]]:
    def found(state: State) -> Dict[str, Any]:
        made = state[f"{kind}.{name}"]
        holder = {"bucket": {"Bucket": made.get("bucket")}, "queue_url": {"Queues": [made.get("queue_url")]}}[on]
        return {**holder, "PolicyDocument": json.loads(made["policy"])}

    return found


# What is made of Terraform's resources, by the template's names: the first one named is there when the template's is.
MADE: Dict[str, Any] = {
    "UploadFunction": ("aws_lambda_function.upload", function),
    "UploadRole": ("aws_iam_role.upload", role("upload", "logs", "uploads")),
    "FunctionLogGroup": ("aws_cloudwatch_log_group.function", log_group("function")),
    "UploadApi": ("aws_apigatewayv2_api.upload", lambda state: {
        "Body": json.loads(state["aws_apigatewayv2_api.upload"]["body"].replace('"countersign"', '"stack"'))}),
    "UploadApiApiGatewayDefaultStage": ("aws_apigatewayv2_stage.upload", stage),
    "UploadApiPermission": ("aws_lambda_permission.api", permission("api")),
    "AuthorizerPermission": ("aws_lambda_permission.authorizer", permission("authorizer")),
    "ApiLogGroup": ("aws_cloudwatch_log_group.api", log_group("api")),
    "UploadBucket": ("aws_s3_bucket.upload", bucket),
    "UploadBucketPolicy": ("aws_s3_bucket_policy.upload", policy("aws_s3_bucket_policy", "upload", "bucket")),
    "MalwareScanPlan": ("aws_guardduty_malware_protection_plan.upload", scan_plan),
    "MalwareScanRole": ("aws_iam_role.scan", role("scan", "scan")),
    "NotifyRule": ("aws_cloudwatch_event_rule.notify", rule),
    "NotifyDestination": ("aws_cloudwatch_event_api_destination.notify", lambda state: given(
        state["aws_cloudwatch_event_api_destination.notify"], "connection_arn", "http_method", "invocation_endpoint")),
    "NotifyConnection": ("aws_cloudwatch_event_connection.notify", connection),
    "NotifyRole": ("aws_iam_role.notify", role("notify", "notify")),
    "NotifyFailures": ("aws_sqs_queue.failures", lambda state: {
        "MessageRetentionPeriod": state["aws_sqs_queue.failures"]["message_retention_seconds"],
        "SqsManagedSseEnabled": state["aws_sqs_queue.failures"]["sqs_managed_sse_enabled"]}),
    "NotifyFailuresPolicy": ("aws_sqs_queue_policy.failures", policy("aws_sqs_queue_policy", "failures", "queue_url")),
    "NotifyAlarm": ("aws_cloudwatch_metric_alarm.upload.notify", alarm("notify")),
    "FunctionErrorsAlarm": ("aws_cloudwatch_metric_alarm.upload.function-errors", alarm("function-errors")),
    "FunctionThrottlesAlarm": ("aws_cloudwatch_metric_alarm.upload.function-throttles", alarm("function-throttles")),
    "ApiErrorsAlarm": ("aws_cloudwatch_metric_alarm.upload.api-errors", alarm("api-errors")),
    # Terraform has a random text without Secrets Manager; of as many letters and digits.
    "SealSecret": ("random_password.seal", lambda state: {
        "PasswordLength": state["random_password.seal"]["length"],
        "ExcludePunctuation": not state["random_password.seal"]["special"]}),
}


def in_no_order(value: Any) -> Any:
    """Lists that are sets to who reads them, such as a policy's actions, sorted."""
    if isinstance(value, dict):
        return {name: in_no_order(each) for name, each in value.items()}
    if isinstance(value, list):
        inner = [in_no_order(each) for each in value]
        return sorted(inner) if all(isinstance(each, str) for each in inner) else inner
    return value


@pytest.mark.parametrize("case", CASES)
def test_it_makes_what_the_template_makes(module: Module, case: str) -> None:
    applied = module.applied(CASES[case])
    state = by_name(applied)
    expected = {name: each["Properties"] for name, each in like_template.made(CASES[case]).items()}
    if "SealSecret" in expected:
        expected["SealSecret"] = like_template.plain(expected["SealSecret"]["GenerateSecretString"])
    found = {name: like_template.plain(make(state)) for name, (first, make) in MADE.items() if first in state}
    for name, properties in expected.items():
        assert in_no_order(found[name]) == in_no_order(properties), name
    # Terraform makes one in any case, and may not use it.
    assert set(found) == {*expected, "SealSecret"}
    outputs = like_template.outputs(CASES[case])
    text = json.dumps({name: each["value"] for name, each in applied["outputs"].items() if each["value"] is not None})
    for ours in ("aws_apigatewayv2_api", "aws_s3_bucket", "aws_sqs_queue"):
        text = re.sub(rf"{ours}-\d+\.id", SAME.get(f"{ours}.upload.id", "NotifyFailures"), text)
    told = json.loads(text.replace('"countersign"', '"UploadFunction"'))
    del told["role_arn"]  # which the template does not tell
    assert told == {variable_of(name): value for name, value in outputs.items()}


def test_no_resource_is_left_out_of_the_comparison(module: Module) -> None:
    every = "".join(path.read_text("utf-8") for path in MODULE.glob("*.tf"))
    text = Path(__file__).read_text("utf-8")
    for kind, name in re.findall(r'^resource "(\w+)" "(\w+)"', every, re.M):
        short = kind.replace("aws_s3_bucket_", "").replace("aws_iam_role_policy", "policy")
        assert short in text and name in text, (kind, name)


def test_it_is_formatted_and_valid(module: Module) -> None:
    assert module.run("fmt", "-check", "-diff").stdout == ""
    done = module.run("validate", "-json")
    assert json.loads(done.stdout)["diagnostics"] == []


def variables() -> Dict[str, Dict[str, Any]]:
    found: Dict[str, Dict[str, Any]] = {}
    for path in MODULE.glob("*.tf"):
        for block in hcl2.loads(path.read_text("utf-8")).get("variable", []):
            found.update({name.strip('"'): body for name, body in block.items()})
    return found


def test_the_variables_are_the_templates_parameters() -> None:
    found, template = variables(), parsed()["Parameters"]
    assert set(found) == {*map(variable_of, template), "name", "zip_path"}
    for name, parameter in template.items():
        told = found[variable_of(name)]
        assert str(told["default"]).strip('"') == str(parameter["Default"]), name
        assert told["type"].strip("${}\"") == parameter["Type"].lower(), name
        theirs, ours = OTHER_WORDS.get(name, ("", ""))
        assert theirs in parameter["Description"], name
        described = like_template.named(parameter["Description"].replace(theirs, ours), variable_of)
        assert told["description"].strip('"').replace('\\"', '"') == described, name
        assert told.get("sensitive", False) == parameter.get("NoEcho", False), name
        assert told["nullable"] is False


def together(rules: Dict[str, Dict[str, str]]) -> List[Dict[str, str]]:
    """Fewer sets of values in which all these assertions are broken, for each costs a run of Terraform."""
    sets: List[Dict[str, str]] = []
    for values in rules.values():
        for index, others in enumerate(sets):
            union = {**OPEN, **others, **values}
            if {*like_template.broken({**OPEN, **others}), *like_template.broken({**OPEN, **values})} <= (
                like_template.broken(union)
            ):
                sets[index] = union
                break
        else:
            sets.append(values)
    return sets


def test_the_rules_are_the_templates_in_its_words(module: Module) -> None:
    rules = like_template.broken_rules()
    assert set(rules) == {each["AssertDescription"] for rule in parsed()["Rules"].values() for each in rule["Assertions"]}
    told_of = set()
    for values in together(rules):
        told, expected = module.refused({**OPEN, **values}), like_template.broken({**OPEN, **values})
        assert told.count("Resource precondition failed") == len(expected)
        for words in expected:
            assert f"{like_template.named(words, variable_of)}." in told
        told_of |= expected
    assert told_of == set(rules)


def test_the_limits_are_the_templates_in_its_words(module: Module) -> None:
    template = parsed()["Parameters"]
    told = module.refused({**OPEN, **OUT_OF_LIMITS, "LogRetentionDays": "2", "UploadPage": "yes", "Name": "-photos"})
    for name in ("BucketName", "UploadKey"):
        words = like_template.named(template[name]["ConstraintDescription"], variable_of)
        assert f"{variable_of(name)} {words}." in told
    for words in (
        "memory_size must be a whole number from 128 to 10240.",
        "upload_expires_seconds must be a whole number from 1 to 604800.",
        "upload_require must be one of '', 'size', 'sha256', 'size,sha256'.",
        "upload_profiles must have 3072 characters at most.",
        "log_retention_days must be one of '1', '3',",
        "upload_page must be one of 'on', 'off'.",
        "name must have 1 to 30 letters, digits and hyphens, and no hyphen first.",
    ):
        assert words in told
    assert told.count("Error: Invalid value for variable") == 9


# What Terraform makes in the same run, and knows only then; but for what docs/terraform.md says, of which it knows the name.
OF_THE_SAME_CONFIGURATION = """
resource "random_password" "secret" {
  length = 64
}
resource "aws_s3_bucket" "photos" {
  bucket = "photos"
}
resource "aws_lambda_function" "authorizer" {
  function_name = "session-authorizer"
  role          = "role"
}
module "countersign" {
  source                = "./module"
  zip_path              = "ZIP"
  bucket_name           = aws_s3_bucket.photos.bucket
  authorizer_arn        = "arn:aws:lambda:eu-west-1:123456789012:function:${aws_lambda_function.authorizer.function_name}"
  upload_origins        = aws_s3_bucket.photos.bucket_domain_name
  upload_sse            = "aws:kms"
  upload_sse_kms_key    = aws_s3_bucket.photos.arn
  upload_seal_secret    = random_password.secret.result
  upload_receipt_secret = random_password.secret.result
  upload_ask_url        = aws_s3_bucket.photos.bucket_domain_name
  upload_webhook_secret = random_password.secret.result
  notify_url            = "https://app.example.com/stored"
  notify_secret         = random_password.secret.result
}
"""


def test_values_that_are_not_known_yet(module: Module, tmp_path: Path) -> None:
    (tmp_path / "module").symlink_to(MODULE)
    (tmp_path / "main.tf").write_text(OF_THE_SAME_CONFIGURATION.replace("ZIP", str(ZIPS["arm64"])))
    assert module.run(f"-chdir={tmp_path}", "init").returncode == 0
    done = module.run(f"-chdir={tmp_path}", "plan", "-no-color")
    assert done.returncode == 0, done.stderr
    assert "module.countersign.aws_lambda_permission.authorizer[0] will be created" in done.stdout


# Where RE2 has no words for the template's pattern: what each refuses, and what it takes.
LOOKED_AHEAD = {
    "BucketName": (["photos", "Old_Bucket.Name", "a1b"],
                   ["x-s3alias", "x--ol-s3", "x--x-s3", "x.mrap", "192.168.1.1", "ab", "a/b"]),
    "UploadKey": (["{id}", "{date}/{name}", "a/{claim:sub}/{id}", "..a/{id}"],
                  ["a", "/{id}", "../{id}", "a/./{id}", "{id}/..", "a{claim:sub}/{id}", "{claim:sub}a/{id}", "*{id}"]),
    "UploadCacheControl": (["", "no-store", "private, max-age=3600", "a" * 256], ["a" * 257, "a b", ","]),
    "EndpointUrl": (["", "https://s3.example.com/path/", "http://127.0.0.1:9000", "https://[::1]/.a"],
                    ["https://s3.example.com/..", "https://s3.example.com/./a", "ftp://a", "https://a?b"]),
    "UploadSealSecret": (["", "off", "s" * 32, "s" * 1024, f"{'s' * 32},{'t' * 1024}"], ["s" * 31, "s" * 1025, "on"]),
    "UploadReceiptSecret": (["", "s" * 32, "s" * 1024], ["off", "s" * 31, "s" * 1025]),
}


def test_patterns_that_terraform_has_no_words_for(module: Module) -> None:
    """In the console, which tells for all values at once what the variable's own condition says of each."""
    template, conditions, expected = parsed()["Parameters"], {}, {}
    for name, values in LOOKED_AHEAD.items():
        variable = variable_of(name)
        source = re.search(rf'variable "{variable}" {{.*?condition\s+= (.*?)\n    error_message', VARIABLES, re.S)
        assert source
        for index, value in enumerate([*values[0], *values[1]]):
            takes = re.search(template[name]["AllowedPattern"], value) is not None
            assert takes == (index < len(values[0])), (name, value)
            key = f"{variable}_{index}"
            conditions[key] = re.sub(rf"var\.{variable}\b", json.dumps(value), source[1])
            expected[key] = takes
    (module.folder / "looked").mkdir()
    text = "".join(f'output "{key}" {{\n  value = {condition}\n}}\n' for key, condition in conditions.items())
    (module.folder / "looked/outputs.tf").write_text(text)
    done = module.run("-chdir=looked", "apply", "-auto-approve", "-no-color")
    assert done.returncode == 0, done.stderr
    state = json.loads((module.folder / "looked/terraform.tfstate").read_text())
    assert {key: each["value"] for key, each in state["outputs"].items()} == expected


VARIABLES = (MODULE / "variables.tf").read_text("utf-8")


def test_the_guides_configuration(module: Module, tmp_path: Path) -> None:
    source = guides.block("terraform.md", "hcl")
    assert "./packaging/terraform" in source and "build/countersign-arm64.zip" in source
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging/terraform").symlink_to(MODULE)
    (tmp_path / "build").symlink_to(guides.ROOT / "build")
    (tmp_path / "countersign.tf").write_text(source)
    build, deploy = guides.blocks("terraform.md", "sh")
    guides.make_knows(build)
    for command in deploy.splitlines():
        program, *words = command.split()
        assert program == "terraform"
        more = ["-auto-approve"] if words == ["apply"] else []
        done = module.run(f"-chdir={tmp_path}", *words, "-no-color", *more)
        assert done.returncode == 0, done.stderr
    state = json.loads((tmp_path / "terraform.tfstate").read_text())
    resources = {f"{each['type']}.{each['name']}" for each in state["resources"] if each["mode"] == "managed"}
    assert {"aws_lambda_function.upload", "aws_s3_bucket.upload", "random_password.seal"} <= resources
    assert set(state["outputs"]) == {"api_url"}
