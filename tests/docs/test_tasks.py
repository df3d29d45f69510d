"""The pages of one task each: the settings that they name are there, and take the values that they give."""

import re

import guides
import pytest
from cloudformation import parsed
from sam_double import check_parameters

PAGES = (
    "../README.md", "cors.md", "downloads.md", "examples.md", "large-files.md", "limits.md", "quickstart.md", "run.md",
    "signature-does-not-match.md", "stores.md",
)
# They name errors as well, by words like a parameter's.
WITH_ERRORS = ("page.md", "uppy.md")
# A parameter's name begins with one of these words, and another word follows.
PARAMETER = r"`((?:Upload|Jwt|Iam|Authorizer|Notify|Endpoint|Throttle|Open)[A-Z][A-Za-z]+)(?:=([^`]*))?`"


@pytest.mark.parametrize("page", PAGES)
def test_parameters(page: str) -> None:
    known = parsed()["Parameters"]
    for name, value in re.findall(PARAMETER, guides.text_of(page)):
        assert name in known, name
        if value:
            check_parameters({name: value})


@pytest.mark.parametrize("page", [*PAGES, *WITH_ERRORS])
def test_variables(page: str) -> None:
    variables = set(re.findall(r"`(UPLOAD_[A-Z_0-9]+)", guides.text_of(page)))
    described = set(re.findall(r"^\| (`UPLOAD_.*?`) \|", guides.text_of("configuration.md"), re.M))
    assert variables <= set(re.findall(r"UPLOAD_[A-Z_0-9]+", " ".join(described)))


def test_limits_has_all_that_closes_the_door() -> None:
    """What the template names where nobody is asked who uploads."""
    said = [
        assertion["AssertDescription"] for rule in parsed()["Rules"].values() for assertion in rule["Assertions"]
    ]
    (closing,) = [each for each in said if "OpenToAnybody" in each]
    wanted = {name for name in parsed()["Parameters"] if re.search(rf"\b{name}\b", closing)}
    assert len(wanted) > 3
    assert wanted <= {name for name, _ in re.findall(PARAMETER, guides.text_of("limits.md"))}
