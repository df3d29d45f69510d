"""The upload page in a person's language."""

from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from browser import File, Tab
from conftest import Deploy
from harness import built
from playwright.sync_api import BrowserContext
from upload_page import SMALL, UploadPage

SpeakTo = Callable[..., UploadPage]

# Each locale's title, and what is said of a text where only images of 5 MB are let in.
LANGUAGES = {
    "de-CH": ("Dateien hochladen", "Erlaubt: Bilder. Je höchstens 5 MB."),
    "fr-FR": ("Envoyer des fichiers", "Acceptés : images. 5 Mo au plus chacun."),
    "es-MX": ("Subir archivos", "Se admiten: imágenes. 5 MB como máximo cada uno."),
    "pt-BR": ("Enviar arquivos", "Permitidos: imagens. No máximo 5 MB cada."),
    "ja-JP": ("ファイルのアップロード", "使用できる種類: 画像。 1 件あたり 5 MB まで。"),
    "zh-CN": ("上传文件", "允许：图片。 每个最大 5 MB。"),
}
LIMITS = {"UPLOAD_TYPES": "image/*", "UPLOAD_MAX_BYTES": "5000000"}


@pytest.fixture
def speak_to(profile: BrowserContext, deploy: Deploy) -> Iterator[SpeakTo]:
    """speak_to("de-CH", ...) -> the page, as a browser of that language shows it."""
    contexts = []

    def open_one(locale: str, before: Any = None, **settings: str) -> UploadPage:
        assert profile.browser
        context = profile.browser.new_context(locale=locale)
        contexts.append(context)
        tab = Tab(context.new_page())
        if before:
            before(tab.page)
        return UploadPage(tab, deploy(UPLOAD_PAGE="on", UPLOAD_ORIGINS="*", **settings))

    yield open_one
    for context in contexts:
        context.close()


def has_loaded_others(page: UploadPage) -> bool:
    return bool(page.tab.sent("GET", "/messages.js"))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_page_speaks(speak_to: SpeakTo, locale: str) -> None:
    title, limits = LANGUAGES[locale]
    page = speak_to(locale, **LIMITS)
    told = page.page.locator("#limits:not(:empty)")
    told.wait_for()
    assert told.inner_text().replace("\u202f", " ").replace("\xa0", " ") == limits
    assert page.page.locator("h1").inner_text() == page.page.title() == title
    assert page.page.evaluate("document.documentElement.lang") == locale
    assert page.page.evaluate("document.documentElement.dir") == "ltr"
    page.choose(SMALL)
    page.wait_for(SMALL.name, "failed")
    assert "allowed" not in page.page.inner_text("body")
    assert page.tab.complaints == []


@pytest.mark.parametrize("locale", ["en-GB", "pl-PL"])
def test_english_needs_nothing_more(speak_to: SpeakTo, locale: str) -> None:
    """It is what those hear whose language the page does not speak."""
    page = speak_to(locale)
    page.choose(SMALL)
    assert page.wait_for(SMALL.name, "stored") == "Stored"
    assert not has_loaded_others(page)


def test_an_upload_in_another_language(speak_to: SpeakTo, tmp_path: Path) -> None:
    page = speak_to("de-DE")
    page.choose(SMALL)
    assert page.wait_for(SMALL.name, "stored") == "Gespeichert"
    assert page.news == f"{SMALL.name}: Gespeichert"
    page.page.get_by_role("button", name=f"Entfernen {SMALL.name}", exact=True).click()
    gone = tmp_path / "gone.txt"
    gone.write_text("here for now")
    page.page.route("**/signed_url?*", lambda route: (gone.unlink(), route.continue_()), times=1)
    page.choose(gone)
    words = "Die Datei kann nicht gelesen werden: Sie wurde geändert oder gelöscht oder ist ein Ordner."
    assert page.wait_for(gone.name, "failed") == words


def test_texts_that_do_not_load(speak_to: SpeakTo) -> None:
    page = speak_to("fr-FR", lambda page: page.route("**/messages.js", lambda route: route.abort()))
    page.choose(SMALL)
    assert page.wait_for(SMALL.name, "stored") == "Stored"
    assert page.page.evaluate("document.documentElement.lang") == "en"


# As one would add it: the page is French to the browser, and what it gets is read from the right.
HEBREW = "export const languages = { fr: { dir: 'rtl', choose: 'בחירת קבצים', stored: 'נשמר' } };"


def middle(page: UploadPage, selector: str) -> float:
    box = page.page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2


def test_from_right_to_left(speak_to: SpeakTo) -> None:
    answer = {"content_type": "text/javascript", "body": HEBREW}
    page = speak_to("fr-FR", lambda page: page.route("**/messages.js", lambda route: route.fulfill(**answer)))
    page.page.set_viewport_size({"width": 1000, "height": 700})
    page.choose(SMALL, File("other.txt", "text/plain", b"text"))
    assert page.wait_for(SMALL.name, "stored") == "נשמר"
    page.wait_for("other.txt", "stored")
    assert middle(page, "[for=folder]") < middle(page, "[for=files]")
    assert middle(page, "li:first-child .cancel") < middle(page, "li:first-child .name")
    assert page.page.evaluate("document.documentElement.scrollWidth") == 1000
    found = page.violations(built("COUNTERSIGN_CLIENTS", "build/clients") / "axe.js")
    assert found == []
