#!/usr/bin/env python3
"""The software bill of materials, as CycloneDX 1.6 has it: `sbom.py FILE`. The same pins give the same bytes."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import components
import version
from components import Component

SPEC_VERSION = "1.6"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "countersign")


def bom(its_version: str, parts: list[Component]) -> dict[str, Any]:
    own = {"type": "application", "bom-ref": "countersign", "name": "countersign", "version": its_version,
           "licenses": _licences("Apache-2.0"), "purl": f"pkg:generic/countersign@{its_version}"}
    needs = {"countersign": [part.name for part in parts], **{part.name: list(part.needs) for part in parts}}
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": {"component": own},
        "components": [_component(part) for part in parts],
        "dependencies": [{"ref": name, "dependsOn": needed} if needed else {"ref": name}
                         for name, needed in needs.items()],
    }
    return {**content, "serialNumber": uuid.uuid5(NAMESPACE, json.dumps(content, sort_keys=True)).urn}


def _component(part: Component) -> dict[str, Any]:
    made: dict[str, Any] = {"type": part.kind, "bom-ref": part.name, "name": part.name, "version": part.version,
                            "licenses": _licences(part.licence), "purl": part.purl}
    algorithm, content = part.digest
    if part.cpe:
        made["cpe"] = part.cpe
    if content:
        made["hashes"] = [{"alg": algorithm, "content": content}]
    if part.url:
        made["externalReferences"] = [{"type": "source-distribution", "url": part.url}]
    return made


def _licences(words: str) -> list[dict[str, Any]]:
    return [{"expression": words}] if " " in words else [{"license": {"id": words}}]


def main(target: Path) -> None:
    made = bom(version.read(), components.read())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
