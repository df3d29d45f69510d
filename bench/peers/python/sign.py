"""Answers each event with a URL that boto3 signs, as a function that signs with it would."""

import json

import boto3
from botocore.config import Config

client = boto3.client("s3", config=Config(signature_version="s3v4"))  # it takes an older one by itself


def handler(event, context):
    asked = event["queryStringParameters"]
    key = f"uploads/{context.aws_request_id}/{asked['file_name']}"
    params = {"Bucket": "uploads-example", "Key": key, "ContentType": asked["file_type"]}
    url = client.generate_presigned_url("put_object", Params=params, ExpiresIn=300)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps({"url": url})}
