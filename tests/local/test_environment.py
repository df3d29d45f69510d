"""What of the user's environment the function gets."""

from local.environment import passed_through


def test_settings_but_for_the_store_s() -> None:
    """`make run` has a store and keys of its own, or those of STORE."""
    found = passed_through(
        {
            "UPLOAD_TYPES": "image/*",
            "UPLOAD_REGION": "auto",
            "UPLOAD_ACCESS_KEY_ID": "key",
            "UPLOAD_SECRET_ACCESS_KEY": "secret",
            "HOME": "/root",
        }
    )
    assert found == {"UPLOAD_TYPES": "image/*"}
