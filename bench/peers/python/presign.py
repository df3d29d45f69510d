"""Prints the processor time of one URL by botocore, in microseconds: what bench/presign.c signs."""

import os
import time

import botocore.session

URLS = 500

session = botocore.session.get_session()
client = session.create_client("s3", region_name=os.environ["AWS_REGION"])


def sign(number: int) -> None:
    key = f"uploads/0123456789abcdef01234567{number:08}/photo.jpg"
    client.generate_presigned_url("put_object", ExpiresIn=300,
                                  Params={"Bucket": "uploads-example", "Key": key, "ContentType": "image/jpeg"})


for warm_up in range(50):
    sign(warm_up)
before = time.process_time_ns()
for count in range(URLS):
    sign(count)
print((time.process_time_ns() - before) / URLS / 1e3)
