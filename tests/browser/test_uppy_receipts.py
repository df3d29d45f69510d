"""How a page with stock Uppy gets at receipts: the code of docs/uppy.md, run as it stands there."""

import random
from pathlib import Path
from typing import Any, Dict

import pytest
from browser import Tab
from conftest import BUCKET, Deploy
from receipts import ON, proved
from test_docs import blocks
from uppy import CLIENTS, UppyPage

OPEN = """async ([client, inParts, code, API]) => {
  const { Uppy, AwsS3 } = await import(`/clients/${client}.js`);
  const uppy = new Uppy();
  const saved = [];
  const use = uppy.use.bind(uppy);
  uppy.use = (plugin, options) => use(plugin, { shouldUseMultipart: inParts, ...options });
  new Function('uppy', 'AwsS3', 'API', 'save', code)(
    uppy, AwsS3, API, (key, receipt) => saved.push({ key, receipt }));
  document.getElementById('files').onchange = ({ target: { files: [data] } }) =>
    uppy.addFile({ name: data.name, type: data.type, data });
  Object.assign(window, { uppy, saved });
}"""


def code(comment: str) -> str:
    """What the guide has for this version, behind what it has for all."""
    confirm, own = (
        next(block for block in blocks("docs/uppy.md") if all(word in block for word in words))
        for words in (["function confirm"], ["receipts.set", comment])
    )
    return confirm + own


def saved(tab: Tab, client: str, parts: bool, comment: str, api: str, path: Path) -> Dict[str, Any]:
    tab.page.evaluate(OPEN, [client, parts, code(comment), api])
    tab.choose_from_disk(path)
    tab.wait("uppy.getFiles().length === 1")
    tab.page.evaluate("uppy.upload() && undefined")
    (found,) = tab.wait("saved.length && saved")
    return dict(found)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "large.png"
    written.write_bytes(random.Random(3).randbytes(6 * 1024 * 1024))
    return written


@pytest.mark.parametrize("parts", [False, True], ids=["one piece", "in parts"])
@pytest.mark.parametrize(
    ("client", "comment", "settings"),
    [
        ("uppy-4", "// 4 and 5", {}),
        ("uppy-5", "// 4 and 5", {}),
        ("uppy-5", "// 4 and 5", {"UPLOAD_FORM": "put"}),
        ("uppy-6", "// 6", {}),
    ],
    ids=["uppy-4", "uppy-5", "uppy-5 without forms", "uppy-6-sign"],
)
def test_the_app_gets_the_receipt(
    tab: Tab,
    deploy: Deploy,
    s3: Any,
    path: Path,
    parts: bool,
    client: str,
    comment: str,
    settings: Any,
) -> None:
    found = saved(tab, client, parts, comment, deploy(**ON, **settings), path)
    key, size = proved(found["receipt"])
    assert s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"] == size == path.stat().st_size
    by_completion = parts and client != "uppy-6"
    assert len(tab.sent("POST", "/confirm")) == (0 if by_completion else 1)
    if parts or "UPLOAD_FORM" not in settings:  # Uppy knows no key then
        assert found["key"] == key


def test_uppy_6_keeps_no_receipt_of_companions(tab: Tab, deploy: Deploy, path: Path) -> None:
    """What the guide says of it; one that did would want the guide changed."""
    uppy = UppyPage(tab, CLIENTS["uppy-6"], deploy(**ON))
    with tab.page.expect_response("**/complete?*") as completion:
        assert uppy.upload_from_disk(path).files[0].key
    assert "receipt" in completion.value.json()
    assert set(tab.page.evaluate("uppy.getFiles()[0].response.body")) == {"location", "key"}
