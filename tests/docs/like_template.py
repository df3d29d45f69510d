"""What template.yaml makes, for a comparison with what the guides of other tools make."""

import json
from typing import Any, Dict, List, Set, Tuple

from cloudformation import KEY_ARN, resources

ORIGIN = "https://app.example.com"  # that of the guides
# What a statement allows or denies, the end of what it does that on, and on which condition.
Allowed = Set[Tuple[str, Tuple[str, ...], str, str]]


def expected() -> Dict[str, Any]:
    return resources(UploadOrigins=ORIGIN, UploadPage="off")


def allowed(statements: List[Dict[str, Any]], suffix_of: Any) -> Allowed:
    return {
        (
            each["Effect"],
            tuple(sorted([each["Action"]] if isinstance(each["Action"], str) else each["Action"])),
            suffix_of(each["Resource"]),
            json.dumps(each.get("Condition")).replace('\\"', ""),
        )
        for each in statements
    }


def template_allows() -> Allowed:
    policies = expected()["UploadRole"]["Policies"]
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    return allowed(statements, suffix)


def suffix(resource: str) -> str:
    """`/uploads/*` of a bucket's keys, and nothing of a log group, whose ARN each tool ends in its own way."""
    return "/uploads/*" if resource.endswith("/uploads/*") else ""


def cors() -> Dict[str, Any]:
    (rule,) = expected()["UploadBucket"]["CorsConfiguration"]["CorsRules"]
    return dict(rule)


def statement_for_key() -> Dict[str, Any]:
    """What lets the role use a KMS key."""
    policies = resources(UploadSse="aws:kms", UploadSseKmsKey=KEY_ARN)["UploadRole"]["Policies"]
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    (statement,) = [each for each in statements if each["Resource"] == KEY_ARN]
    return dict(statement)
