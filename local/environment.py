"""The environment that the function's process gets, as on Lambda."""

import os
from pathlib import Path
from typing import Dict, Mapping

from .credentials import REGION, Credentials

FUNCTION_NAME = "UploadFunction"
MEMORY_MB = 128
# The user's own settings; where the files go is decided by what `make run` starts.
PASSED_THROUGH = ("UPLOAD_", "AWS_LAMBDA_LOG_")
DEFAULT_KEY = "uploads/{id}/{name}"
OF_THE_STORE = {"UPLOAD_REGION", "UPLOAD_ACCESS_KEY_ID", "UPLOAD_SECRET_ACCESS_KEY"}


def passed_through(environment: Mapping[str, str]) -> Dict[str, str]:
    """The part of the caller's environment that is meant for the function."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(PASSED_THROUGH) and name not in OF_THE_STORE
    }


def fixed_part(environment: Mapping[str, str]) -> str:
    """What the key of each upload begins with."""
    template = environment.get("UPLOAD_KEY", "").strip() or DEFAULT_KEY
    return template.partition("{")[0]


def function_environment(
    bootstrap: Path,
    credentials: Credentials,
    bucket: str,
    endpoint: str,
    extra: Mapping[str, str],
    region: str = REGION,
) -> Dict[str, str]:
    """`extra` goes before the defaults, and the store goes before `extra`."""
    folder = str(bootstrap.resolve().parent)
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "LAMBDA_TASK_ROOT": folder,
        "LAMBDA_RUNTIME_DIR": folder,
        "_HANDLER": "bootstrap",
        "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{FUNCTION_NAME}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_LOG_FORMAT": "Text",
        **extra,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        **credentials.variables(),
        "AWS_ENDPOINT_URL_S3": endpoint,
        "UPLOAD_BUCKET": bucket,
    }
