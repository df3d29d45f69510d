#!/usr/bin/env python3
"""Writes schema.json: what the AWS provider takes for the resources that packaging/terraform has.

The provider itself is no package of a registry that the tests reach; its schemas are in the classes that the npm package
@cdktf/provider-aws has for them. Run it when the module gets another resource:

  npm pack @cdktf/provider-aws@21.22.1 && tar xzf cdktf-provider-aws-21.22.1.tgz
  python3 tests/docs/provider/schema.py package/lib"""

from __future__ import annotations

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List

HERE = Path(__file__).resolve().parent
MODULE = HERE.parents[2] / "packaging/terraform"
MEMBER = re.compile(r"// (\w+) - computed: (\w+), optional: (\w+), required: (\w+)\n(.*?)(?=\n\s*// \w+ - computed|\Z)", re.S)
KINDS = {"String": "string", "Number": "number", "Boolean": "bool", "StringMap": ["map", "string"],
         "List": ["list", "string"], "NumberList": ["list", "number"], "BooleanMap": ["map", "bool"],
         "NumberMap": ["map", "number"]}
# The one resource of another provider.
RANDOM_PASSWORD = {
    "length": {"Type": "number", "Required": True},
    "special": {"Type": "bool", "Optional": True},
    "result": {"Type": "string", "Computed": True, "Sensitive": True},
    "id": {"Type": "string", "Computed": True},
}


def classes(folder: Path) -> Dict[str, str]:
    """The source of each class, which the package has in its map of sources."""
    text = (folder / "index.js").read_text("utf-8")
    (encoded,) = re.findall(r"sourceMappingURL=data:application/json;base64,(\S+)", text)
    (source,) = json.loads(base64.b64decode(encoded))["sourcesContent"]
    parts = re.split(r"^export class (\w+) ", source, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def block_of(found: Dict[str, str], name: str) -> Dict[str, Any]:
    attributes: Dict[str, Any] = {}
    blocks: Dict[str, Any] = {}
    for member, computed, optional, required, body in MEMBER.findall(found[name]):
        flags = {"Computed": computed, "Optional": optional, "Required": required}
        given = {flag: True for flag, value in flags.items() if value == "true"}
        made = re.search(r"= new (\w+)\(this, \"\w+\"(?:, (\w+))?\)", body)
        map_of = re.search(r"= new cdktf\.(\w+)\(", body)
        kind = re.search(r"this\.get(\w+)Attribute\('", body)
        if made and made[1] in found:
            block = nested(found, made[1], made[2] == "true")
            # A block is never computed: this is a list of objects, which Terraform lets be written as blocks.
            if "Computed" in given:
                attributes[member] = {"Type": list_of(block), **given}
            else:
                blocks[member] = block
        elif map_of or kind:
            of = KINDS[map_of[1] if map_of else kind[1]]  # type: ignore[index]
            in_set = isinstance(of, list) and of[0] == "list" and "Fn.tolist" in body
            attributes[member] = {"Type": ["set", of[1]] if in_set else of, **given}
    return {"Attributes": attributes, **({"Blocks": blocks} if blocks else {})}


def list_of(block: Dict[str, Any]) -> List[Any]:
    inner = block["Block"]
    members = {name: each["Type"] for name, each in inner["Attributes"].items()}
    members.update({name: list_of(each) for name, each in inner.get("Blocks", {}).items()})
    return ["set" if "Set" in block else "list", ["object", members]]


def nested(found: Dict[str, str], name: str, in_set: bool) -> Dict[str, Any]:
    several = name.endswith("List") and name[:-4] + "OutputReference" in found
    inner = block_of(found, name[:-4] + "OutputReference" if several else name)
    return {**({"Set": True} if in_set else {}), **({} if several else {"Max": 1}), "Block": inner}


def resource(package: Path, kind: str) -> Dict[str, Any]:
    data = kind.startswith("data.")
    name = kind.removeprefix("data.").removeprefix("aws_").replace("_", "-")
    found = classes(package / (f"data-aws-{name}" if data else name))
    (own,) = [each for each, body in found.items() if "tfResourceType" in body]
    return block_of(found, own)


def main() -> None:
    package = Path(sys.argv[1])
    text = "".join(path.read_text("utf-8") for path in MODULE.glob("*.tf"))
    used = {f"data.{kind}" for kind in re.findall(r'^data "(\w+)"', text, re.M)}
    used |= {kind for kind in re.findall(r'^resource "(aws_\w+)"', text, re.M)}
    found = {kind: resource(package, kind) for kind in sorted(used)}
    found["random_password"] = {"Attributes": RANDOM_PASSWORD}
    (HERE / "schema.json").write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
