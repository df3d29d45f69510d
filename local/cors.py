"""What browsers may ask of the bucket."""

from typing import Any, Dict, Iterable, List, Mapping

# The template's rule, which a test compares, but for the origins.
RULE: Dict[str, Any] = {
    "AllowedMethods": ["PUT", "POST", "GET", "DELETE"],
    "AllowedHeaders": [
        "Content-Type",
        "Content-Disposition",
        "Cache-Control",
        "If-None-Match",
        "x-amz-*",
    ],
    "ExposeHeaders": ["ETag", "Location"],
    "MaxAgeSeconds": 3600,
}


def configuration(origins: Iterable[str], **changed: Any) -> Dict[str, Any]:
    """As PutBucketCors takes it."""
    return {"CORSRules": [{**RULE, "AllowedOrigins": list(origins), **changed}]}


def origins(settings: Mapping[str, str]) -> List[str]:
    """Whose pages may upload: those that may call the function, and its own."""
    named = [settings.get("UPLOAD_ORIGINS") or "*", settings.get("UPLOAD_PAGE_ORIGIN", "")]
    return [origin.strip() for origin in ",".join(named).split(",") if origin.strip()]
