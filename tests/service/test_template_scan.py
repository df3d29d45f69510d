"""template.yaml with MalwareScan: what GuardDuty scans, what its role may do, and what the bucket's policy makes of it."""

from fnmatch import fnmatchcase
from typing import Any, Callable, Dict, List

import pytest

from cloudformation import KEY_ARN, NOTIFY, resources

SCANNING = {"MalwareScanPlan", "MalwareScanRole"}
SCAN = {"MalwareScan": "on"}
SCAN_TAG = "GuardDutyMalwareScanStatus"


def test_nothing_is_made_for_no_scan() -> None:
    assert SCANNING.isdisjoint(resources())
    assert SCANNING <= set(resources(**SCAN))
    # A rule refuses this one before.
    assert SCANNING.isdisjoint(resources(**SCAN, BucketName="photos"))


@pytest.mark.parametrize(
    "key, scanned",
    [
        ("uploads/{id}/{name}", {"ObjectPrefixes": ["uploads/"]}),
        ("a/b-{id}", {"ObjectPrefixes": ["a/b-"]}),
        ("{id}/{name}", {}),
    ],
)
def test_what_is_uploaded_is_scanned_and_tagged(key: str, scanned: Dict[str, Any]) -> None:
    plan = resources(**SCAN, UploadKey=key)["MalwareScanPlan"]
    assert plan["ProtectedResource"] == {"S3Bucket": {"BucketName": "UploadBucket", **scanned}}
    assert plan["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    assert plan["Role"] == "MalwareScanRole.Arn"


def test_the_bucket_sends_the_events_that_scans_start_from() -> None:
    made = resources(**SCAN)["UploadBucket"]
    assert made["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    # As where the app is told, so that neither turns them off for the other.
    assert resources(**SCAN, **NOTIFY)["UploadBucket"] == made == resources(**NOTIFY)["UploadBucket"]


def scan_statements(**parameters: str) -> List[Dict[str, Any]]:
    (policy,) = resources(**SCAN, **parameters)["MalwareScanRole"]["Policies"]
    return list(policy["PolicyDocument"]["Statement"])


def test_the_scans_role_may_do_what_guardduty_needs_and_no_more() -> None:
    (trust,) = resources(**SCAN)["MalwareScanRole"]["AssumeRolePolicyDocument"]["Statement"]
    guardduty = "malware-protection-plan.guardduty.amazonaws.com"
    assert (trust["Principal"], trust["Action"]) == ({"Service": guardduty}, "sts:AssumeRole")
    # By GuardDuty's own documentation of the role.
    rule = "arn:aws:events:eu-west-1:123456789012:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*"
    needed = {
        rule: "events:PutRule events:DeleteRule events:PutTargets events:RemoveTargets"
        " events:DescribeRule events:ListTargetsByRule",
        "UploadBucket.Arn": "s3:ListBucket s3:GetBucketNotification s3:PutBucketNotification",
        "UploadBucket.Arn/malware-protection-resource-validation-object": "s3:PutObject",
        "UploadBucket.Arn/*": "s3:GetObject s3:GetObjectVersion s3:GetObjectTagging s3:GetObjectVersionTagging"
        " s3:PutObjectTagging s3:PutObjectVersionTagging",
    }
    found: Dict[str, List[str]] = {}
    for statement in scan_statements():
        assert statement["Effect"] == "Allow"
        found.setdefault(statement["Resource"], []).extend(statement["Action"])
    assert found == {resource: names.split() for resource, names in needed.items()}
    changing = [each["Condition"] for each in scan_statements() if "events:PutRule" in each["Action"]]
    assert changing == [{"StringEquals": {"events:ManagedBy": guardduty}}]


def test_a_key_is_used_for_the_scan_by_s3_alone() -> None:
    without, (*others, key) = scan_statements(), scan_statements(UploadSse="aws:kms", UploadSseKmsKey=KEY_ARN)
    assert others == without
    assert (key["Resource"], key["Action"]) == (KEY_ARN, ["kms:GenerateDataKey", "kms:Decrypt"])
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def denied(action: str, principal: str, context: Dict[str, Any], **parameters: str) -> List[str]:
    """The statements of the bucket's policy that deny this request: of the operators, those that are there."""
    operators: Dict[str, Callable[[Any, Any], bool]] = {
        "Bool": lambda has, wanted: has == wanted,
        "StringEquals": lambda has, wanted: has == wanted,
        "ForAnyValue:StringEquals": lambda has, wanted: wanted in (has or []),
        "ArnNotEquals": lambda has, wanted: has != wanted,
        "NumericGreaterThan": lambda has, wanted: has is not None and int(has) > int(wanted),
    }
    has = {"aws:SecureTransport": "true", "aws:PrincipalArn": principal, **context}

    def of(statement: Dict[str, Any]) -> List[str]:
        """Its actions."""
        return [statement["Action"]] if isinstance(statement["Action"], str) else list(statement["Action"])

    return [
        statement["Sid"]
        for statement in resources(**parameters)["UploadBucketPolicy"]["PolicyDocument"]["Statement"]
        if any(fnmatchcase(action, each) for each in of(statement))
        and all(
            operators[operator](has.get(key), wanted)
            for operator, pairs in statement["Condition"].items()
            for key, wanted in pairs.items()
        )
    ]


TAGGED = f"s3:ExistingObjectTag/{SCAN_TAG}"
TELLS = "s3:RequestObjectTagKeys"


@pytest.mark.parametrize(
    "action, context, others, scans",
    [
        ("s3:GetObject", {TAGGED: "THREATS_FOUND"}, ["DenyMalware"], []),
        ("s3:GetObjectVersion", {TAGGED: "THREATS_FOUND"}, ["DenyMalware"], []),
        ("s3:GetObject", {TAGGED: "NO_THREATS_FOUND"}, [], []),
        ("s3:GetObject", {}, [], []),
        ("s3:PutObject", {}, [], []),
        ("s3:DeleteObject", {TAGGED: "THREATS_FOUND"}, [], []),
        # The tag can't be taken off, by other tags or by none.
        ("s3:PutObjectTagging", {TAGGED: "THREATS_FOUND", TELLS: ["project"]}, ["DenyMalware"], []),
        ("s3:DeleteObjectTagging", {TAGGED: "THREATS_FOUND"}, ["DenyMalware"], []),
        # Nor put on by those who did not scan.
        ("s3:PutObjectTagging", {TELLS: ["project", SCAN_TAG]}, ["DenyScanTagOfOthers"], []),
        ("s3:PutObjectTagging", {TELLS: ["project"]}, [], []),
        # What else the policy denies is no hindrance to a scan.
        ("s3:GetObject", {"s3:authType": "REST-HEADER", "s3:signatureAge": "900000"}, [], []),
        ("s3:GetObject", {"aws:SecureTransport": "false"}, ["DenyPlainHttp"], ["DenyPlainHttp"]),
    ],
)
def test_nobody_reads_malware_or_speaks_for_the_scan(
    action: str, context: Dict[str, Any], others: List[str], scans: List[str]
) -> None:
    assert denied(action, "UploadRole.Arn", context, **SCAN) == others
    assert denied(action, "MalwareScanRole.Arn", context, **SCAN) == scans
    without = [name for name in others if name == "DenyPlainHttp"]
    assert denied(action, "UploadRole.Arn", context) == without
