"""The keys that requests are signed with."""

from dataclasses import dataclass
from typing import Any, Dict

import boto3
import botocore.session
from botocore.config import Config

REGION = "us-east-1"


@dataclass(frozen=True)
class Credentials:
    """Keep these out of messages and logs."""

    access_key_id: str
    secret_access_key: str
    session_token: str = ""

    def __repr__(self) -> str:
        return "Credentials(...)"

    def variables(self) -> Dict[str, str]:
        """As the environment of a function has them."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
        }

    def client(self, service: str, endpoint: str, region: str = REGION) -> Any:
        """A boto3 client that signs with these, whatever the user's own AWS profile and
        proxies are."""
        session = botocore.session.Session({"profile": (None, None, None, None)})
        return boto3.Session(botocore_session=session).client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            aws_session_token=self.session_token or None,
            config=Config(
                signature_version="s3v4" if service == "s3" else None,
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 2},
                proxies={},
            ),
        )
