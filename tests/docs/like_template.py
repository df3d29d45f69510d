"""What template.yaml makes, for a comparison with what the packages of other tools make."""

import re
from typing import Any, Dict, List, Mapping, Set

from cloudformation import KEY_ARN, Evaluation, parsed, resources

Values = Mapping[str, str]

AUTHORIZER = "arn:aws:lambda:eu-west-1:123456789012:function:session-authorizer"
OPEN = {"OpenToAnybody": "yes"}
NOTIFY = {"NotifyUrl": "https://app.example.com/stored", "NotifySecret": "n" * 32}
ALARMS = {"AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms"}
SCAN = {"MalwareScan": "on"}
KMS = {"UploadSse": "aws:kms", "UploadSseKmsKey": KEY_ARN}
# Each condition of the template is met in one of these, and not met in another.
CASES: Dict[str, Dict[str, str]] = {
    "open": OPEN,
    "jwt": {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "one,two", "UploadPage": "off"},
    "login": {
        "JwtIssuer": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example",
        "JwtAudience": "client,other",
        "UploadLoginOrigin": "https://my-app.auth.eu-west-1.amazoncognito.com",
    },
    "login of a client": {"JwtIssuer": "https://issuer.example.com/", "JwtAudience": "api,page", "UploadLoginClientId": "page"},
    "iam": {"IamAuth": "on", "UploadKey": "{claim:cognitoIdentityId}/{id}", **SCAN},
    "authorizer": {"AuthorizerArn": f"{AUTHORIZER}:live", "AuthorizerIdentityHeader": "Cookie", "AuthorizerTtlSeconds": "60"},
    "bucket": {**OPEN, **NOTIFY, "BucketName": "photos", "UploadKey": "in/{date}-{name}", "CapSignatureAge": "off"},
    "region": {**OPEN, **KMS, "BucketName": "photos", "UploadRegion": "eu-north-1"},
    "notify": {**OPEN, **NOTIFY},
    "alarms": {**OPEN, **ALARMS},
    "all": {
        **OPEN, **NOTIFY, **ALARMS, **SCAN, **KMS,
        "Architecture": "x86_64",
        "MemorySize": "256",
        "LogRetentionDays": "7",
        "ThrottleRate": "5",
        "UploadAccelerate": "on",
        "UploadCredentials": "on",
        "UploadOrigins": "https://app.example.com,https://*.example.org",
        "UploadPageOrigin": "https://cdn.example.com",
        "UploadReceiptSecret": "r" * 32,
        "UploadSealSecret": "s" * 32,
        "UploadTags": "project=web",
    },
    "no cap": {**OPEN, "CapSignatureAge": "off", "UploadSealSecret": "off", "UploadDownloads": "on"},
    "profiles": {**OPEN, "UploadProfiles": '{"avatar":{"types":"image/*"}}', "UploadMaxBytes": "2097152"},
    "other store": {
        **OPEN,
        "BucketName": "photos",
        "EndpointUrl": "https://account.r2.example.com",
        "UploadRegion": "auto",
        "UploadAccessKeyId": "key",
        "UploadSecretAccessKey": "secret",
        "UploadForm": "put",
    },
}
# What one parameter alone may not be: for each kind of limit there is one.
OUT_OF_LIMITS = {
    "BucketName": "photos-s3alias",
    "UploadKey": "no-name",
    "MemorySize": "127",
    "UploadExpiresSeconds": "604801",
    "UploadRequire": "md5",
    "UploadProfiles": '{"a":{' + " " * 3072 + "}}",
}


def broken(values: Values) -> Set[str]:
    """What the template's rules say of these values."""
    template = parsed()
    evaluation = Evaluation(template, values)
    return {
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if evaluation.of(rule.get("RuleCondition", True))
        for assertion in rule["Assertions"]
        if not evaluation.of(assertion["Assert"])
    }


def broken_rules() -> Dict[str, Dict[str, str]]:
    """For each assertion of the template's rules, by its words, values that break it."""
    return {words: values for values in BREAKING for words in broken({**OPEN, **values})}


BREAKING: List[Dict[str, str]] = [
    {"UploadSseKmsKey": KEY_ARN},
    {"UploadCredentials": "on"},
    {"UploadAccelerate": "on", "EndpointUrl": "https://s3.example.com"},
    {"UploadAccelerate": "on", "UploadAddressing": "path"},
    {"UploadRegion": "auto"},
    {"UploadAccessKeyId": "key", "BucketName": "photos"},
    {"UploadAccessKeyId": "key", "UploadSecretAccessKey": "secret"},
    {"UploadSecretAccessKey": "secret"},
    {"OpenToAnybody": ""},
    {"JwtIssuer": "https://issuer.example.com"},
    {"JwtAudience": "one"},
    {"UploadLoginOrigin": "https://my-app.auth.eu-west-1.amazoncognito.com"},
    {"IamAuth": "on", "JwtIssuer": "https://issuer.example.com", "JwtAudience": "one"},
    {"AuthorizerArn": AUTHORIZER, "JwtIssuer": "https://issuer.example.com", "JwtAudience": "one"},
    {"AuthorizerArn": AUTHORIZER, "IamAuth": "on"},
    {"UploadAskUrl": "https://app.example.com/ask"},
    {"UploadReceiptSubject": "sub"},
    {"NotifyUrl": NOTIFY["NotifyUrl"]},
    {**NOTIFY, "UploadRegion": "eu-north-1", "BucketName": "photos"},
    {**NOTIFY, "EndpointUrl": "https://s3.example.com"},
    {"NotifySecret": "n" * 32},
    {**SCAN, "BucketName": "photos"},
]


def made(values: Values) -> Dict[str, Dict[str, Any]]:
    """The template's resources with these parameters, SAM's two as what they stand for."""
    template = parsed()
    evaluation = Evaluation(template, values)
    found = {
        name: plain({key: evaluation.of(part) for key, part in resource.items() if key not in ("Metadata", "Condition")})
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or evaluation.of({"Condition": resource["Condition"]})
    }
    function, api = found["UploadFunction"], found["UploadApi"]
    function["Type"] = "AWS::Lambda::Function"
    del function["Properties"]["CodeUri"]
    definition, stage = api["Properties"].pop("DefinitionBody"), api["Properties"]
    found["UploadApi"] = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": definition}}
    found["UploadApiApiGatewayDefaultStage"] = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {**stage, "ApiId": "UploadApi", "AutoDeploy": True},
    }
    return found


def outputs(values: Values) -> Dict[str, Any]:
    template = parsed()
    evaluation = Evaluation(template, values)
    return {
        name: evaluation.of(output["Value"])
        for name, output in template["Outputs"].items()
        if "Condition" not in output or evaluation.of({"Condition": output["Condition"]})
    }


def plain(value: Any) -> Any:
    """Numbers as texts, which is how CloudFormation hands on its parameters."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def named(words: str, name: Any) -> str:
    """The template's words, with its parameters named as another tool has them."""
    known = parsed()["Parameters"]
    return re.sub(r"\w+", lambda word: name(word[0]) if word[0] in known else word[0], words)


# ---- For docs/deploy.md's commands ----


def expected() -> Dict[str, Any]:
    return resources(UploadOrigins="https://app.example.com", UploadPage="off")


def cors() -> Dict[str, Any]:
    (rule,) = expected()["UploadBucket"]["CorsConfiguration"]["CorsRules"]
    return dict(rule)


def statement_for_key() -> Dict[str, Any]:
    """What lets the role use a KMS key."""
    policies = resources(**KMS)["UploadRole"]["Policies"]
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    (statement,) = [each for each in statements if each["Resource"] == KEY_ARN]
    return dict(statement)
