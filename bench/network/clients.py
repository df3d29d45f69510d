"""Who sends files, and with which options."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from network import BUCKET, HERE, Site  # first: it says where the tests' modules are
from playwright.sync_api import Page
from uppy import CLIENTS as UPPY
from uppy import Client as Uppy

# As many connections as a browser opens to a host.
AT_ONCE = 6
WAIT_SECONDS = 30


@dataclass(frozen=True)
class Client:
    title: str
    script: str  # of clients.js
    uppy: Optional[Uppy] = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def tries_again(self) -> bool:
        return self.script != "fetch"


CLIENTS = {
    "countersign": Client("countersign.js", "countersign"),
    "countersign-page": Client("countersign.js, 3 at once", "countersign", options={"atOnce": 3}),
    "uppy-6": Client("Uppy 6", "uppy", UPPY["uppy-6"]),
    "uppy-5": Client("Uppy 5", "uppy", UPPY["uppy-5"]),
    "fetch": Client("fetch, PUT", "fetch", options={"atOnce": AT_ONCE}),
    "fetch-form": Client("fetch, forms", "fetch", options={"atOnce": AT_ONCE, "forms": True}),
}
USUAL = ("countersign", "uppy-6", "uppy-5", "fetch")


@dataclass(frozen=True)
class Outcome:
    seconds: Optional[float]  # None: not all is stored
    problem: str = ""


def measure(page: Page, client: Client, site: Site, files: list[Path], limit_seconds: float) -> Outcome:
    page.set_default_timeout(WAIT_SECONDS * 1000)
    page.goto(f"{site.pages}/index.html")
    page.wait_for_function("window.uppyPage")
    page.add_script_tag(path=HERE / "clients.js", type="module")
    page.wait_for_function("Boolean(window.measure)")
    if client.uppy:
        page.evaluate("arguments => uppyPage.open(...arguments)", [client.uppy.bundle, client.uppy.mode, site.api, {}])
    page.set_input_files("#files", files)
    options = {"api": site.api, "module": site.module, "files": len(files), **client.options}
    if client.script == "fetch":
        options["signed"] = signed(site, files, options.get("forms", False))
    found = page.evaluate("arguments => measure(...arguments)", [client.script, options, limit_seconds])
    problem = found["problem"] or missing(site, files)
    return Outcome(None if problem else found["seconds"], problem)


def signed(site: Site, files: list[Path], forms: bool) -> list[dict[str, Any]]:
    """A URL for each file, or for each connection's share of the only one."""
    made = []
    for number, path in enumerate(files):
        size = path.stat().st_size
        shares = AT_ONCE if len(files) == 1 else 1
        for share in range(shares):
            cut = {"file": number, "from": size * share // shares, "to": size * (share + 1) // shares}
            made.append({**cut, **_signed(site, f"{share}/{path.name}", forms)})
    return made


def _signed(site: Site, key: str, forms: bool) -> dict[str, Any]:
    if forms:
        return dict(site.store.s3.generate_presigned_post(BUCKET, key))
    return {"url": site.store.s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": key})}


def missing(site: Site, files: list[Path]) -> str:
    stored: Counter[str] = Counter()
    for key, size in site.stored():
        stored[key.rpartition("/")[2]] += size
    lost = [path.name for path in files if stored[path.name] < path.stat().st_size]
    return f"{len(lost)} of {len(files)} files are not stored" if lost else ""
