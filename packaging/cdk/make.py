#!/usr/bin/env python3
"""Makes the files of the npm package of the CDK construct: index.js with template.yaml as JSON, types for its parameters, the zips, the
licences of what is linked in there.

SAM's own resources are written out by SAM's translator, with the parameters left open, so that a stack which has the
construct in it needs no macro."""

from __future__ import annotations

import argparse
import copy
import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "packaging/release"))

import components  # noqa: E402
import version  # noqa: E402

CODE = ("index.js", "evaluation.js", "parameters.js", "README.md")
# What a text of the template is in JavaScript, where that is more than a text.
LISTS = "string | readonly string[]"
TYPES = {
    "UploadMaxBytes": "number",
    "UploadTypes": LISTS,
    "UploadOrigins": LISTS,
    "UploadPageOrigin": LISTS,
    "JwtAudience": LISTS,
    "UploadProfiles": "string | Readonly<Record<string, object>>",
}
# Where the template tells of SAM.
DESCRIPTIONS = {"Architecture": "The function's processor."}
WIDTH = 116


def read_template() -> Dict[str, Any]:
    template: Dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    return template


def plain_template(template: Dict[str, Any]) -> Dict[str, Any]:
    """Without SAM's resources, and with the place of the zip left open."""
    open_template = copy.deepcopy(template)
    # SAM would put the defaults where the parameters are.
    for parameter in open_template["Parameters"].values():
        parameter.pop("Default")
    open_template["Resources"]["UploadFunction"]["Properties"]["CodeUri"] = "s3://bucket/key"
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # SAM wants one, and nothing depends on it
    made = transform(open_template, {}, ManagedPolicyLoader(None))
    function = made["Resources"]["UploadFunction"]
    function["Properties"]["Code"] = {"S3Bucket": {"Ref": "ZipBucket"}, "S3Key": {"Ref": "ZipKey"}}
    del function["Metadata"]
    for resource in made["Resources"].values():
        without_tags_of_sam(resource["Properties"])
    kept = {name: made[name] for name in ("Rules", "Conditions", "Resources", "Outputs")}
    return {"Parameters": template["Parameters"], **kept}


def without_tags_of_sam(properties: Dict[str, Any]) -> None:
    for holder, name in ((properties, "Tags"), (properties.get("Body", {}), "tags")):
        if "createdBy" in json.dumps(holder.get(name, "")):
            del holder[name]


def property_of(parameter: str) -> str:
    return parameter[0].lower() + parameter[1:]


def in_properties(template: Dict[str, Any], words: str) -> str:
    """The template's words, with its parameters named as the properties are."""
    known = template["Parameters"]
    return re.sub(r"\w+", lambda word: property_of(word[0]) if word[0] in known else word[0], words)


def type_of(name: str, parameter: Dict[str, Any]) -> str:
    allowed = parameter.get("AllowedValues")
    if allowed is None:
        return TYPES.get(name) or ("number" if parameter["Type"] == "Number" else "string")
    values = [json.dumps(each).replace('"', "'") for each in allowed]
    switch = ["boolean"] if set(allowed) in ({"on", "off"}, {"", "yes"}) else []
    return " | ".join(values + switch)


def limits_of(parameter: Dict[str, Any]) -> str:
    """What is told of a parameter besides its type: its default, and what it may be."""
    default = str(parameter["Default"])
    told = [f"Default: {default}." if default else "Not set by default."]
    if "MinValue" in parameter:
        most = f" to {parameter['MaxValue']}" if "MaxValue" in parameter else " or more"
        told.append(f"From {parameter['MinValue']}{most}.")
    if "ConstraintDescription" in parameter:
        told.append(f"It {parameter['ConstraintDescription']}.")
    if "MaxLength" in parameter:
        told.append(f"At most {parameter['MaxLength']} characters.")
    return " ".join(told)


def comment(lines: List[str], indent: str) -> Iterator[str]:
    yield f"{indent}/**"
    for line in lines:
        words, text = line.split(), ""
        for word in words:
            if len(text) + len(word) > WIDTH - len(indent) - 4:
                yield f"{indent} *{text}"
                text = ""
            text += f" {word}"
        yield f"{indent} *{text}"
    yield f"{indent} */"


def declarations(template: Dict[str, Any]) -> str:
    """index.d.ts: a property for each parameter, and one of the class for each output."""
    told = (HERE / "index.d.ts.in").read_text("utf-8")
    return told.replace("  // PROPERTIES\n", members(template, parameters(template))).replace(
        "  // OUTPUTS\n", members(template, outputs(template))
    )


def parameters(template: Dict[str, Any]) -> Iterator[Tuple[str, List[str]]]:
    for name, parameter in template["Parameters"].items():
        description = DESCRIPTIONS.get(name, parameter["Description"])
        yield f"readonly {property_of(name)}?: {type_of(name, parameter)}", [description, limits_of(parameter)]


def outputs(template: Dict[str, Any]) -> Iterator[Tuple[str, List[str]]]:
    for name, output in template["Outputs"].items():
        kind = "string | undefined" if "Condition" in output else "string"
        yield f"readonly {property_of(name)}: {kind}", [output["Description"]]


def members(template: Dict[str, Any], found: Iterator[Tuple[str, List[str]]]) -> str:
    lines: List[str] = []
    for declared, words in found:
        # A comment ends where */ stands, as in */*.
        told = [in_properties(template, each).replace("*/", "*\u200b/") for each in words]
        lines += [*comment(told, "  "), f"  {declared}"]
    return "\n".join(lines) + "\n"


def files(zips: List[Path]) -> Dict[str, bytes]:
    template = read_template()
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    made = {
        "package.json": json.dumps({**package, "version": version.read()}, indent=2) + "\n",
        "template.json": json.dumps(plain_template(template), indent=1) + "\n",
        "index.d.ts": declarations(template),
        "LICENSES.txt": components.joined(components.texts(components.read())),
    }
    return {
        **{name: text.encode() for name, text in made.items()},
        **{name: (HERE / name).read_bytes() for name in CODE},
        "LICENSE": (ROOT / "LICENSE").read_bytes(),
        **{path.name: path.read_bytes() for path in zips},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path, help="the folder where they go")
    parser.add_argument("zips", type=Path, nargs="+", help="the function, for each architecture")
    args = parser.parse_args()
    args.target.mkdir(parents=True, exist_ok=True)
    for name, content in files(args.zips).items():
        (args.target / name).write_bytes(content)


if __name__ == "__main__":
    main()
