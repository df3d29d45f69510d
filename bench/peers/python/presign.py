"""Prints the processor time of one URL by botocore, in nanoseconds of each round: what bench/presign.c signs."""

import os
import time

import botocore.session
from botocore.config import Config

ROUNDS, URLS = 20, 50

session = botocore.session.get_session()
# By itself it would take an older signature.
client = session.create_client("s3", region_name=os.environ["AWS_REGION"], config=Config(signature_version="s3v4"))


def sign(number: int) -> None:
    key = f"uploads/0123456789abcdef01234567{number:08}/photo.jpg"
    client.generate_presigned_url("put_object", ExpiresIn=300,
                                  Params={"Bucket": "uploads-example", "Key": key, "ContentType": "image/jpeg"})


def nanoseconds() -> int:
    before = time.process_time_ns()
    for number in range(URLS):
        sign(number)
    return (time.process_time_ns() - before) // URLS


nanoseconds()  # warms up
for _ in range(ROUNDS):
    print("presign", "url", nanoseconds(), sep="\t")
