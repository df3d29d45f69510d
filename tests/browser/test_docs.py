"""The JavaScript of the documents, run as it stands there."""

import re
from typing import Any, List

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from harness import ROOT
from receipts import FORBIDDEN, ON, Confirmations, proved

FILE = File("from the docs.txt", "text/plain", b"as documented")


def blocks(document: str) -> List[str]:
    return re.findall(r"^```js\n(.*?)^```$", (ROOT / document).read_text("utf-8"), re.M | re.S)


def run(tab: Tab, code: str, result: str, **values: Any) -> Any:
    """`result` is an expression over what the code defines."""
    script = """async ([code, values]) => {
      const [file] = document.getElementById('files').files;
      const bar = document.createElement('progress');
      const AsyncFunction = (async () => {}).constructor;
      return new AsyncFunction('file', 'bar', ...Object.keys(values), code)(
        file, bar, ...Object.values(values));
    }"""
    return tab.page.evaluate(script, [f"{code}\nreturn {result};", values])


def check_stored(s3: Any, key: str) -> None:
    stored = s3.get_object(Bucket=BUCKET, Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (FILE.body, FILE.type)


def test_readme(tab: Tab, deploy: Deploy, s3: Any) -> None:
    (code,) = blocks("README.md")
    tab.choose(FILE)
    check_stored(s3, run(tab, code, "signed.key", api=deploy()))


def test_a_form(tab: Tab, deploy: Deploy, s3: Any) -> None:
    (code,) = blocks("docs/http-api.md")
    tab.choose(FILE)
    ask = f"fetch('{deploy()}/signed_form?file_name=a.txt&file_type=text/plain').then(r => r.json())"
    reply = tab.page.evaluate(ask)
    run(tab, code, "true", reply=reply)
    check_stored(s3, reply["key"])


def of_the_module(number: int, api: str) -> str:
    """A block of docs/page.md, with the module and the API where they are here."""
    code = blocks("docs/page.md")[number]
    imported = re.sub(r"^import (\{.*?\}) from '\./", rf"const \1 = await import('{api}/", code)
    imported = imported.replace("countersign.js'", "countersign.js')", 1)
    assert imported != code
    return imported.replace("https://api.example.com", api)


@pytest.mark.parametrize(
    ("number", "result"), [(0, "key"), (2, "(await stored).key")], ids=["upload", "Upload"]
)
def test_the_module(tab: Tab, deploy: Deploy, s3: Any, number: int, result: str) -> None:
    tab.choose(FILE)
    key = run(tab, of_the_module(number, deploy(UPLOAD_PAGE="on")), result)
    check_stored(s3, key)


def test_a_receipt_that_comes_late(tab: Tab, deploy: Deploy) -> None:
    Confirmations(tab, FORBIDDEN)
    tab.choose(FILE)
    stored = run(tab, of_the_module(1, deploy(UPLOAD_PAGE="on", **ON)), "stored")
    assert proved(stored["receipt"]) == (stored["key"], len(FILE.body))
    assert len(tab.sent("PUT", BUCKET)) == 1
