"""What the app says of an upload, as a person reads it on the upload page."""

from typing import Any

import pytest
from asking import settings_of
from conftest import OpenPage
from fake_app import FakeApp, says
from stored import stored
from upload_page import SMALL

# As an app may write them: none of it is for the browser.
MESSAGES = {
    "plain": "You have 3 of 3 pictures. Delete one first.",
    "markup": "<b>No</b> <img src=x onerror=\"window.ran = 1\"> &amp; </p><script>ran = 1</script>",
    "other words": "Allowed: image/* (5 bytes at most): ${key} %s \\n",
    "Arabic": "لا يُسمح بهذا الملف: report.pdf!",
    "Polish": "Zażółć gęślą jaźń — najwyżej 5 plików 🐢",
    "long": "No. " * 127,
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_the_apps_message_is_shown_as_it_is(open_page: OpenPage, app: FakeApp, message: str) -> None:
    app.answer_now({"allow": False, "message": message})
    page = open_page(**settings_of(app))
    page.choose(SMALL)
    page.wait_for(SMALL.name, "failed")
    state = page.row(SMALL.name).locator(".state")
    assert state.evaluate("(said) => [said.textContent, said.childElementCount]") == [message, 0]
    assert page.news == f"{SMALL.name}: {message}"
    assert page.page.evaluate("window.ran") is None
    assert not page.row(SMALL.name).get_by_role("button", name="Try again").is_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(app.asked) == 1 and page.tab.sent("PUT", "") == []


@pytest.mark.parametrize(("message", "side"), [(MESSAGES["Arabic"], "right"), ("No.", "left")])
def test_a_message_is_read_from_its_own_side(
    open_page: OpenPage, app: FakeApp, message: str, side: str
) -> None:
    """A full stop stands where the sentence ends."""
    app.answer_now({"allow": False, "message": message})
    page = open_page(**settings_of(app))
    page.choose(SMALL)
    page.wait_for(SMALL.name, "failed")
    end = """(said) => {
      const range = document.createRange();
      range.setStart(said.firstChild, said.textContent.length - 1);
      range.setEnd(said.firstChild, said.textContent.length);
      const mark = range.getBoundingClientRect();
      range.selectNodeContents(said);
      const all = range.getBoundingClientRect();
      return mark.left + mark.right < all.left + all.right ? 'right' : 'left';
    }"""
    assert page.row(SMALL.name).locator(".state").evaluate(end) == side


def test_what_the_app_narrows_is_said_in_plain_words(open_page: OpenPage, app: FakeApp) -> None:
    page = open_page(**settings_of(app))
    app.answer_now({"allow": True, "types": "image/*"})
    page.choose(SMALL)
    words = "Files of this kind are not allowed. Allowed: images."
    assert page.wait_for(SMALL.name, "failed") == words
    page.press(SMALL.name, "Remove")
    app.answer_now({"allow": True, "max_bytes": 5})
    page.choose(SMALL)
    words = "The file is too large: it has 13 bytes, and 5 bytes are allowed."
    assert page.wait_for(SMALL.name, "failed") == words


def test_an_app_that_does_not_answer(open_page: OpenPage, s3: Any, app: FakeApp) -> None:
    """It is asked again for a while, and then a person may."""
    app.answer_now(says(b"", 500))
    page = open_page(**settings_of(app))
    page.page.clock.install()
    page.choose(SMALL)
    page.wait_for(SMALL.name, "running", r"the app that decides .* in a moment\. Trying again…$")
    for tries in range(2, 9):
        page.page.clock.run_for(25_000)
        page.tab.wait_until(lambda n=tries: len(app.asked) >= n, "the app is not asked")
    assert "the app that decides" in page.wait_for(SMALL.name, "failed")
    assert len(app.asked) == 8
    app.answer_now({"allow": True})
    page.press(SMALL.name, "Try again")
    assert stored(s3, page.key_of(SMALL.name))["Body"].read() == SMALL.body
