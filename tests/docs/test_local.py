"""`make run` allows what a stack does: what you try is what you get."""

import json
from typing import Any, Dict, List

import pytest
from cloudformation import resources

from local import cors
from local.target import role_policy

SETTINGS = [
    {},
    {"UploadDownloads": "on"},
    {"UploadReceiptSecret": "s" * 32},
    {"UploadTags": "a=b"},
    {"UploadKey": "in/{id}"},
    {"UploadProfiles": '{"avatar":{}}'},
    {"UploadProfiles": '{"avatar":{"downloads":"on"}}', "UploadDownloads": "on"},
]
VARIABLES = {
    "UploadDownloads": "UPLOAD_DOWNLOADS",
    "UploadReceiptSecret": "UPLOAD_RECEIPT_SECRET",
    "UploadTags": "UPLOAD_TAGS",
    "UploadKey": "UPLOAD_KEY",
    "UploadProfiles": "UPLOAD_PROFILES",
}


@pytest.mark.parametrize("origins", ["", "https://app.example.com,https://*.b.example"])
def test_the_bucket_s_cors_rules(origins: str) -> None:
    page = "http://127.0.0.1:8080"
    named = {"UploadOrigins": origins} if origins else {}
    made = resources(**named, UploadPageOrigin=page)["UploadBucket"]["CorsConfiguration"]
    (rule,) = made["CorsRules"]
    settings = {"UPLOAD_ORIGINS": origins, "UPLOAD_PAGE_ORIGIN": page}
    (ours,) = cors.configuration(cors.origins(settings))["CORSRules"]
    s3_calls_it = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    assert {s3_calls_it.get(name, name): value for name, value in rule.items()} == ours


def statements(parameters: Dict[str, str]) -> List[Dict[str, Any]]:
    policies = resources(**parameters)["UploadRole"]["Policies"]
    (policy,) = [each for each in policies if each["PolicyName"] == "uploads"]
    return list(policy["PolicyDocument"]["Statement"])


@pytest.mark.parametrize("parameters", SETTINGS, ids=lambda each: " ".join(each) or "default")
def test_the_role_s_policy(parameters: Dict[str, str]) -> None:
    settings = {VARIABLES[name]: value for name, value in parameters.items()}
    ours = json.loads(role_policy("UploadBucket", settings))["Statement"]
    assert ours == statements(parameters)
