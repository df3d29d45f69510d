"""The whole examples of docs/uppy.md, as their users have them: bundled with the packages of their version, with the
Dashboard and its CSS, in the guide's page."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict

import pytest
from browser import File, Tab
from conftest import BUCKET, Deploy
from harness import ROOT, built
from test_docs import blocks

FILE = File("from the guide.txt", "text/plain", b"as documented")
API = "https://api.example.com"
SCRIPTS: Dict[str, str] = {
    found[1]: code
    for code in blocks("docs/uppy.md")
    if (found := re.match(r"// main\.js, (Uppy \d.*)\n", code))
}

OpenExample = Callable[[str, str], None]


def bundled(example: str, api: str, folder: Path) -> None:
    """Writes the example's main.js and main.css."""
    clients = built("COUNTERSIGN_CLIENTS", "build/clients").resolve()
    source = folder / "source"
    source.mkdir()
    (source / "main.js").write_text(SCRIPTS[example].replace(API, api), encoding="utf-8")
    (source / "node_modules").symlink_to(clients / f"uppy-{example.split()[1]}" / "node_modules")
    esbuild = [str(ROOT / "build/esbuild/esbuild"), "main.js", "--bundle", "--format=esm", f"--outdir={folder}"]
    done = subprocess.run(esbuild, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def page() -> str:
    """The guide's. The bundler puts in the link to the CSS."""
    (found,) = re.findall(r"^```html\n(.*?)^```$", (ROOT / "docs/uppy.md").read_text("utf-8"), re.M | re.S)
    links = '<link rel="icon" href="data:,"><link rel="stylesheet" href="./main.css">'
    return str(found.replace("<title>", f"{links}<title>"))


@pytest.fixture
def open_example(tab: Tab, pages: str, examples: Path) -> OpenExample:
    """open_example("Uppy 6", api) -> the guide's page with this script is open."""

    def open_one(example: str, api: str) -> None:
        folder = Path(tempfile.mkdtemp(dir=examples))
        bundled(example, api, folder)
        (folder / "index.html").write_text(page(), encoding="utf-8")
        tab.page.goto(f"{pages}/examples/{folder.name}/index.html")

    return open_one


def upload(tab: Tab) -> None:
    tab.page.set_input_files(".uppy-Dashboard-input >> nth=0", [FILE.payload()])
    tab.page.click(".uppy-StatusBar-actionBtn--upload")


def test_there_is_one_for_each_version() -> None:
    assert sorted(SCRIPTS) == ["Uppy 4", "Uppy 5", "Uppy 6", "Uppy 6 with a token"]


@pytest.mark.parametrize("example", SCRIPTS)
def test_it_stores_a_file(open_example: OpenExample, tab: Tab, deploy: Deploy, s3: Any, example: str) -> None:
    open_example(example, deploy())
    # Styled: without its CSS the Dashboard has no border.
    assert tab.page.locator(".uppy-Dashboard-inner").evaluate("part => getComputedStyle(part).borderStyle") == "solid"
    upload(tab)
    said = tab.wait("document.querySelector('#stored').textContent")
    name, _, key = said.strip().partition(" is stored as ")
    assert name == FILE.name
    stored = s3.get_object(Bucket=BUCKET, Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (FILE.body, FILE.type)
    assert tab.complaints == []


@pytest.mark.parametrize("example", SCRIPTS)
def test_the_user_sees_a_refusal(open_example: OpenExample, tab: Tab, deploy: Deploy, example: str) -> None:
    """In the service's own words, but where Uppy 6 has only the status of Companion's replies. The Dashboard has them
    behind a question mark."""
    open_example(example, deploy(UPLOAD_TYPES="image/*"))
    upload(tab)
    words = "Forbidden" if example == "Uppy 6" else "image/*"
    said = tab.page.wait_for_selector(f'.uppy-Informer [role=tooltip][aria-label*="{words}"]', state="attached")
    assert said


def test_the_token_is_sent(open_example: OpenExample, tab: Tab, deploy: Deploy) -> None:
    tab.page.evaluate("sessionStorage.setItem('token', 'of the test')")
    open_example("Uppy 6 with a token", deploy())
    upload(tab)
    tab.wait("document.querySelector('#stored').textContent")
    (signing,) = tab.sent("POST", "/sign")
    assert signing.headers["authorization"] == "Bearer of the test"
