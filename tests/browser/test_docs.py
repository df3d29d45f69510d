"""The JavaScript of the documents, run as it stands there."""

import re
from pathlib import Path
from typing import Any, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy, Resume
from harness import ROOT
from receipts import FORBIDDEN, ON, Confirmations, proved

FILE = File("from the docs.txt", "text/plain", b"as documented")
# Of no bytes nothing is a fraction.
EMPTY = File("empty.txt", "text/plain", b"")


def blocks(document: str) -> List[str]:
    return re.findall(r"^```js\n(.*?)^```$", (ROOT / document).read_text("utf-8"), re.M | re.S)


def run(tab: Tab, code: str, result: str, **values: Any) -> Any:
    """`result` is an expression over what the code defines. A page's elements are there by the names that the documents
    have for them; the code is a block, which may have names like theirs."""
    script = """async ([code, values]) => {
      const element = (name) => document.createElement(name);
      const input = document.getElementById('files');
      const form = element('form');
      form.innerHTML = '<input type=file name=file><input type=hidden name=stored>';
      form.elements.file.files = input.files;
      form.submit = () => { form.sent = new FormData(form).get('stored'); };
      const names = { input, form, file: input.files[0], bar: element('progress'), said: element('output'),
        cancel: element('button'), ...values };
      const AsyncFunction = (async () => {}).constructor;
      return new AsyncFunction(...Object.keys(names), code)(...Object.values(names));
    }"""
    return tab.page.evaluate(script, [f"{{ {code}\nreturn {result}; }}", values])


def check_stored(s3: Any, key: str, file: File = FILE) -> None:
    stored = s3.get_object(Bucket=BUCKET, Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (file.body, file.type)


def imported(code: str, api: str) -> str:
    """With the module and the API where they are here. The function serves what the npm package has."""
    found = re.sub(
        r"^import (\{.*?\}) from '(?:\./countersign\.js|countersign)';",
        rf"const \1 = await import('{api}/countersign.js');",
        code,
    )
    assert found != code
    return found.replace("https://api.example.com", api)


def test_readme_with_fetch(tab: Tab, deploy: Deploy, s3: Any) -> None:
    _, code = blocks("README.md")
    tab.choose(FILE)
    check_stored(s3, run(tab, code, "signed.key", api=deploy()))


def test_readme_with_fetch_and_a_refusal(tab: Tab, deploy: Deploy) -> None:
    _, code = blocks("README.md")
    tab.choose(FILE)
    refused = f"try {{ {code} }} catch (error) {{ var message = error.message; }}"
    assert run(tab, refused, "message", api=deploy(UPLOAD_TYPES="image/*")) == "file_type must be one of: image/*"
    assert tab.sent("PUT", BUCKET) == []


def test_readme_with_fetch_and_a_refusal_of_the_store(tab: Tab, deploy: Deploy) -> None:
    """As when what is sent is not what was signed."""
    _, code = blocks("README.md")
    tab.choose(FILE)
    other = code.replace("headers: signed.headers", "headers: { 'Content-Type': 'image/png' }")
    assert other != code
    refused = f"try {{ {other} }} catch (error) {{ var message = error.message; }}"
    assert "SignatureDoesNotMatch" in run(tab, refused, "message", api=deploy())


# Chooses the file, and waits for what the page says of it in the end.
CHOSEN = "await input.onchange(), said.textContent"


@pytest.mark.parametrize("file", [FILE, EMPTY], ids=["file", "empty"])
def test_readme_with_the_module(tab: Tab, deploy: Deploy, s3: Any, file: File) -> None:
    code, _ = blocks("README.md")
    tab.choose(file)
    api = deploy(UPLOAD_PAGE="on")
    said = run(tab, imported(code, api), CHOSEN, api=api)
    check_stored(s3, said.removeprefix("Stored as "), file)


def test_readme_with_the_module_and_a_refusal(tab: Tab, deploy: Deploy) -> None:
    code, _ = blocks("README.md")
    tab.choose(FILE)
    api = deploy(UPLOAD_PAGE="on", UPLOAD_TYPES="image/*")
    assert "image/*" in run(tab, imported(code, api), CHOSEN, api=api)


@pytest.mark.parametrize(("file", "shown"), [(FILE, 1), (EMPTY, 0)], ids=["file", "empty"])
def test_quickstart(tab: Tab, deploy: Deploy, s3: Any, file: File, shown: int) -> None:
    code, _ = blocks("docs/quickstart.md")
    tab.choose(file)
    said, bar = run(tab, imported(code, deploy(UPLOAD_PAGE="on")), "[said.textContent, bar.value]")
    check_stored(s3, said.removeprefix("Stored as "), file)
    assert bar == shown


def test_quickstart_refused(tab: Tab, deploy: Deploy) -> None:
    code, _ = blocks("docs/quickstart.md")
    tab.choose(FILE)
    said = run(tab, imported(code, deploy(UPLOAD_PAGE="on", UPLOAD_TYPES="image/*")), "said.textContent")
    assert said == "file_type must be one of: image/*"  # and nothing of trying again


def test_quickstart_canceled(tab: Tab, deploy: Deploy) -> None:
    code, _ = blocks("docs/quickstart.md")
    tab.choose(FILE)
    clicked = code.replace("giveUp.abort();\n", "giveUp.abort();\ncancel.onclick();\n", 1)
    assert clicked != code
    assert run(tab, imported(clicked, deploy(UPLOAD_PAGE="on")), "said.textContent") == "Canceled"


@pytest.mark.parametrize("settings", [{}, ON], ids=["key", "receipt"])
def test_quickstart_in_a_form(tab: Tab, deploy: Deploy, s3: Any, settings: Any) -> None:
    _, code = blocks("docs/quickstart.md")
    tab.choose(FILE)
    submitted = "await form.onsubmit(new Event('submit')), form.sent"
    sent = run(tab, imported(code, deploy(UPLOAD_PAGE="on", **settings)), submitted)
    check_stored(s3, proved(sent)[0] if settings else sent)


def test_the_npm_packages_readme(tab: Tab, deploy: Deploy, s3: Any) -> None:
    code, _ = blocks("packaging/npm/README.md")
    tab.choose(FILE)
    with tab.page.expect_console_message(lambda said: said.text.startswith("stored as ")) as told:
        assert run(tab, imported(code, deploy(UPLOAD_PAGE="on")), "bar.value") == 1
    check_stored(s3, told.value.text.removeprefix("stored as "))


def test_downloads(tab: Tab, deploy: Deploy, s3: Any) -> None:
    (code,) = blocks("docs/downloads.md")
    s3.put_object(Bucket=BUCKET, Key="uploads/0123456789abcdef0123456789abcdef/a.pdf", Body=b"the file")
    values = {"key": "uploads/0123456789abcdef0123456789abcdef/a.pdf", "location": {}}
    with_api = code.replace("https://api.example.com", deploy(UPLOAD_DOWNLOADS="on"))
    url = run(tab, with_api, "location.href", **values)
    with tab.page.expect_download() as download:
        tab.page.evaluate("url => { location.href = url; }", url)
    assert download.value.suggested_filename == "invoice.pdf"
    assert Path(download.value.path()).read_bytes() == b"the file"


def test_a_form(tab: Tab, deploy: Deploy, s3: Any) -> None:
    (code,) = blocks("docs/http-api.md")
    tab.choose(FILE)
    ask = f"fetch('{deploy()}/signed_form?file_name=a.txt&file_type=text/plain').then(r => r.json())"
    reply = tab.page.evaluate(ask)
    run(tab, code, "true", reply=reply)
    check_stored(s3, reply["key"])


def of_the_module(number: int, api: str) -> str:
    """A block of docs/page.md."""
    return imported(blocks("docs/page.md")[number], api)


@pytest.mark.parametrize(
    ("number", "result", "file"),
    [(0, "key", FILE), (0, "key", EMPTY), (3, "(await stored).key", FILE)],
    ids=["upload", "upload of an empty file", "Upload"],
)
def test_the_module(tab: Tab, deploy: Deploy, s3: Any, number: int, result: str, file: File) -> None:
    tab.choose(file)
    key = run(tab, of_the_module(number, deploy(UPLOAD_PAGE="on")), result)
    check_stored(s3, key, file)


def test_what_is_unfinished(resuming: Resume, s3: Any, equal_parts: Path) -> None:
    here = resuming("unfinished/{id}/{name}")
    here.start_until(equal_parts, 3)
    here.reload()
    here.tab.choose_from_disk(equal_parts)
    with here.tab.page.expect_console_message() as said:
        run(here.tab, of_the_module(2, here.api), "1")
    assert said.value.text == "large.bin: 50 % is stored"
    (item,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="unfinished/")["Contents"]
    assert item["Size"] == equal_parts.stat().st_size
    assert here.unfinished() == []


def test_a_receipt_that_comes_late(tab: Tab, deploy: Deploy) -> None:
    Confirmations(tab, FORBIDDEN)
    tab.choose(FILE)
    stored = run(tab, of_the_module(1, deploy(UPLOAD_PAGE="on", **ON)), "stored")
    assert proved(stored["receipt"]) == (stored["key"], len(FILE.body))
    assert len(tab.sent("PUT", BUCKET)) == 1
