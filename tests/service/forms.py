"""What a browser does with a form that the function made."""

from typing import Any, Dict, Mapping, Optional

from s3http import Answer, send

BOUNDARY = "countersign-test-boundary"


def encode(fields: Mapping[str, str], file: bytes, file_name: str) -> bytes:
    """multipart/form-data: the fields in their order, and the file last."""
    parts = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"'
    start = head.encode() + b"\r\nContent-Type: application/octet-stream\r\n\r\n"
    return parts + start + file + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(
    form: Dict[str, Any],
    file: bytes,
    changed: Optional[Mapping[str, str]] = None,
    file_name: str = "blob",
) -> Answer:
    """Sends the form, with some fields changed or added."""
    fields = {**form["fields"], **(changed or {})}
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return send("POST", form["url"], encode(fields, file, file_name), headers)
