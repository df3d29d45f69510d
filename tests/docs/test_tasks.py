"""The pages of one task each: the settings that they name are there, and take the values that they give."""

import re

import guides
import pytest
from cloudformation import parsed
from sam_double import check_parameters

PAGES = ("cors.md", "downloads.md", "large-files.md", "limits.md", "quickstart.md", "stores.md")
# A parameter's name begins with one of these words, and another word follows.
PARAMETER = r"`((?:Upload|Jwt|Iam|Authorizer|Notify|Endpoint|Throttle|Open)[A-Z][A-Za-z]+)(?:=([^`]*))?`"


@pytest.mark.parametrize("page", PAGES)
def test_settings(page: str) -> None:
    text = guides.text_of(page)
    known = parsed()["Parameters"]
    for name, value in re.findall(PARAMETER, text):
        assert name in known, name
        if value:
            check_parameters({name: value})
    variables = set(re.findall(r"`(UPLOAD_[A-Z_]+)", text))
    described = set(re.findall(r"^\| (`UPLOAD_.*?`) \|", guides.text_of("configuration.md"), re.M))
    assert variables <= set(re.findall(r"UPLOAD_[A-Z_]+", " ".join(described)))


def test_limits_has_all_that_closes_the_door() -> None:
    """What the template names where nobody is asked who uploads."""
    said = [
        assertion["AssertDescription"] for rule in parsed()["Rules"].values() for assertion in rule["Assertions"]
    ]
    (closing,) = [each for each in said if "OpenToAnybody" in each]
    wanted = {name for name in parsed()["Parameters"] if re.search(rf"\b{name}\b", closing)}
    assert len(wanted) > 3
    assert wanted <= {name for name, _ in re.findall(PARAMETER, guides.text_of("limits.md"))}
