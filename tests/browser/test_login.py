"""The page's login, in a real browser with a real OpenID provider."""

import base64
import contextlib
import json
from pathlib import Path
from typing import Any, Callable, Dict, Iterator
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from browser import File, Tab
from conftest import OpenPage
from harness import LoopThread, built
from login_site import Site, site
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from upload_page import UploadPage
from upload_site import BUCKET, SEAL_SECRET

from local.environment import function_environment
from local.store import Store

FILE = File("hello.txt", "text/plain", b"Hello, world\n")
HOUR = 3600
SHORT = 20  # seconds: less than the page keeps before a token's end, so that it renews it each time
USER = "ann"

OpenSite = Callable[..., Site]


@pytest.fixture(scope="module")
def open_site(
    store: Store, loop_thread: LoopThread, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenSite]:
    """open_site(kind, seconds) -> the page and its provider; one of each."""
    bootstrap = built("COUNTERSIGN_BOOTSTRAP", "build/bootstrap")
    role = store.temporary_credentials(BUCKET, reads=False)
    settings = {
        "UPLOAD_PAGE": "on",
        "UPLOAD_CALLER": "required",
        "UPLOAD_ORIGINS": "https://app.example.com",
        "UPLOAD_SEAL_SECRET": SEAL_SECRET,
        "UPLOAD_KEY": "users/{claim:sub}/{id}/{name}",
    }
    environment = function_environment(bootstrap, role, BUCKET, store.url, settings)
    log = tmp_path_factory.mktemp("function") / "log"
    found: Dict[Any, Site] = {}
    with contextlib.ExitStack() as stack:

        def open_one(kind: str = "opaque", seconds: int = HOUR) -> Site:
            if (kind, seconds) not in found:
                made = site(loop_thread, bootstrap, environment, kind, seconds, log)
                found[kind, seconds] = stack.enter_context(made)
            found[kind, seconds].calls.clear()
            found[kind, seconds].bearers.clear()
            return found[kind, seconds]

        yield open_one


@pytest.fixture
def visitor(profile: BrowserContext) -> Iterator[BrowserContext]:
    """Nobody whom a provider knows."""
    browser = profile.browser
    assert isinstance(browser, Browser)
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def visit(visitor: BrowserContext) -> Callable[[Site], UploadPage]:
    return lambda opened: UploadPage(Tab(visitor.new_page()), opened.url)


def says(page: UploadPage, text: str) -> None:
    expect(page.page.locator(".login p")).to_have_text(text)


def begin(page: UploadPage) -> None:
    page.page.get_by_role("button", name="Sign in", exact=True).click()


def enter(page: Page, user: str = USER) -> None:
    """What the provider asks."""
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def sign_in(page: UploadPage, user: str = USER) -> None:
    begin(page)
    enter(page.page, user)
    says(page, f"The user {user}")


def upload(page: UploadPage, user: str = USER) -> None:
    page.choose(FILE)
    key = page.key_of(FILE.name)
    assert key.startswith(f"users/{user}/")


def stored_by_browser(page: UploadPage) -> str:
    return str(page.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"))


@pytest.mark.parametrize("kind", ["opaque", "jwt"])
def test_a_user_signs_in_and_uploads(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], store: Store, kind: str
) -> None:
    opened = open_site(kind)
    page = visit(opened)
    says(page, "Sign in to upload files.")
    assert not page.page.locator(".drop").is_visible()
    sign_in(page)
    assert page.page.url == f"{opened.url}/"
    upload(page)
    assert {claims["sub"] for claims in opened.calls} == {USER}
    # The access token where it is for the client, or else the ID token.
    assert {"client_id" in claims for claims in opened.calls} == {kind == "jwt"}


def test_tokens_go_to_the_api_alone(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], store: Store
) -> None:
    opened = open_site()
    page = visit(opened)
    sign_in(page)
    upload(page)
    assert stored_by_browser(page) == '[{},{},""]'
    (token,) = set(opened.bearers)
    for request in page.tab.requests:
        is_for_api = request.url.startswith(opened.url) and "authorization" in request.headers
        assert token not in request.url
        assert token not in (request.post_data or "") and (is_for_api or token not in str(request.headers))
    assert page.tab.sent("PUT", store.url) or page.tab.sent("POST", store.url)


def test_the_policy_names_the_issuer(open_site: OpenSite, visitor: BrowserContext, store: Store) -> None:
    opened = open_site()
    answer = visitor.request.get(f"{opened.url}/")
    assert answer.headers["content-security-policy"].endswith(f"connect-src 'self' {store.url} {opened.issuer}")


def test_it_is_for_everybody(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    axe = built("COUNTERSIGN_CLIENTS", "build/clients") / "axe.js"
    page = visit(open_site())
    says(page, "Sign in to upload files.")
    assert page.violations(axe) == []
    sign_in(page)
    assert page.violations(axe) == []


def test_it_speaks_the_pages_language(open_site: OpenSite, profile: BrowserContext) -> None:
    browser = profile.browser
    assert isinstance(browser, Browser)
    with contextlib.closing(browser.new_context(locale="de-DE")) as context:
        page = UploadPage(Tab(context.new_page()), open_site().url)
        says(page, "Melden Sie sich an, um Dateien hochzuladen.")
        page.page.get_by_role("button", name="Anmelden", exact=True).wait_for()


def test_a_page_without_a_login_does_not_load_it(open_page: OpenPage) -> None:
    page = open_page()
    page.choose(FILE)
    page.key_of(FILE.name)
    assert not page.tab.sent("GET", "/login.js") and page.tab.sent("GET", "/page.json")


@pytest.mark.parametrize("begun", [False, True])
def test_an_answer_that_was_not_asked_for(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], begun: bool
) -> None:
    opened = open_site()
    page = visit(opened)
    if begun:
        begin(page)
        page.page.wait_for_url(f"{opened.issuer}/**")
    page.page.goto(f"{opened.url}/?code=another&state=another")
    says(page, "That login was not begun in this tab. Sign in once more.")
    assert page.page.url == f"{opened.url}/" and stored_by_browser(page) == '[{},{},""]'
    assert not page.tab.sent("POST", "/token")
    sign_in(page)


def test_a_login_that_the_user_refuses(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    page = visit(open_site())
    begin(page)
    page.page.get_by_role("link", name="Cancel").click()
    says(page, "You were not signed in (access_denied).")
    sign_in(page)


def test_two_tabs(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    opened = open_site()
    first, second = visit(opened), visit(opened)
    for page in (first, second):
        begin(page)
        page.page.wait_for_url(f"{opened.issuer}/**")
    for page in (second, first):
        enter(page.page)
        says(page, f"The user {USER}")
    for page in (first, second):
        upload(page)


@pytest.mark.parametrize("kind", ["opaque", "jwt"])
def test_tokens_are_renewed(open_site: OpenSite, visit: Callable[[Site], UploadPage], kind: str) -> None:
    opened = open_site(kind, SHORT)
    page = visit(opened)
    sign_in(page)
    upload(page)
    grants = [parse_qs(request.post_data)["grant_type"] for request in page.tab.sent("POST", "/token")]
    assert grants[0] == ["authorization_code"] and ["refresh_token"] in grants


def test_a_user_signs_in_again_and_no_file_is_lost(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], visitor: BrowserContext
) -> None:
    opened = open_site(seconds=SHORT)
    page = visit(opened)
    sign_in(page)
    opened.forget()
    page.choose(FILE)
    said = page.page.get_by_text("You have been signed out. Sign in once more, and the uploads go on.")
    said.wait_for()
    assert opened.calls == []
    with visitor.expect_page() as window:
        begin(page)
    window.value.get_by_role("button", name="Continue").click()  # the provider knows the user
    page.tab.wait_until(window.value.is_closed, "the window stays")
    assert page.key_of(FILE.name).startswith(f"users/{USER}/")
    assert not said.is_visible()


def test_another_user_does_not_go_on(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], visitor: BrowserContext
) -> None:
    opened = open_site(seconds=SHORT)
    page = visit(opened)
    sign_in(page)
    opened.forget()
    visitor.clear_cookies()
    page.choose(FILE)
    for user, text in (("eve", "That was another user. Sign in as before, and the uploads go on."), (USER, "")):
        with visitor.expect_page() as window:
            begin(page)
        enter(window.value, user)
        if text:
            page.page.get_by_text(text).wait_for()
            assert opened.calls == []
            visitor.clear_cookies()
    assert page.key_of(FILE.name).startswith(f"users/{USER}/")


def test_a_user_signs_out(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    opened = open_site()
    page = visit(opened)
    sign_in(page)
    page.page.get_by_role("button", name="Sign out").click()
    page.page.get_by_role("button", name="Yes, sign me out").click()
    says(page, "Sign in to upload files.")
    assert page.page.url.split("?")[0] == f"{opened.url}/"
    sign_in(page, "another")  # the provider asks who it is


# ---- Answers of the provider that are not right -----------------------------------------


def with_claims(token: str, **others: Any) -> str:
    head, _, signature = token.split(".")
    claims = {**jwt.decode(token, options={"verify_signature": False}), **others}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{payload}.{signature}"


@pytest.mark.parametrize(
    "name, value",
    [("iss", "https://other.example.com"), ("aud", "another"), ("aud", ["upload-page", "more"]), ("exp", 1), ("nonce", "x")],
)
def test_an_id_token_that_is_not_right(
    open_site: OpenSite, visit: Callable[[Site], UploadPage], name: str, value: Any
) -> None:
    opened = open_site()
    page = visit(opened)
    others = {name: value, **({"azp": "more"} if isinstance(value, list) else {})}

    def change(route: Route) -> None:
        answer = route.fetch()
        tokens = answer.json()
        route.fulfill(response=answer, json={**tokens, "id_token": with_claims(tokens["id_token"], **others)})

    page.page.route(f"{opened.issuer}/token", change)
    begin(page)
    enter(page.page)
    says(page, f"The login’s answer is not right ({name}).")
    assert not page.page.locator(".drop").is_visible()


def test_a_provider_that_is_another(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    opened = open_site()
    page = visit(opened)

    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "issuer": "https://other.example.com"})

    page.page.route("**/.well-known/openid-configuration", change)
    begin(page)
    says(page, "The login’s answer is not right (issuer).")
    assert urlsplit(page.page.url).netloc == urlsplit(opened.url).netloc


def test_an_answer_of_another_provider(open_site: OpenSite, visit: Callable[[Site], UploadPage]) -> None:
    """RFC 9207: its code is not sent to the one that was asked."""
    opened = open_site()
    page = visit(opened)
    begin(page)
    page.page.wait_for_url(f"{opened.issuer}/**")
    (asked,) = page.tab.sent("GET", "/auth?")
    (state,) = parse_qs(urlsplit(asked.url).query)["state"]
    for answer in ("iss=https://other.example.com", ""):
        page.page.goto(f"{opened.url}/?code=a&state={state}&{answer}")
        says(page, "The login’s answer is not right (iss).")
        page.page.evaluate("kept => sessionStorage.setItem('countersign.login', kept)", json.dumps({"state": state}))
    assert not page.tab.sent("POST", "/token")
