"""docs/examples.md, and what the examples' own guides say: their commands name what is there."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import List

import guides
import pytest

EXAMPLES = guides.ROOT / "examples/web"
# What is started is told: its folder and its words.
TOLD = 'make() { echo "make $*"; }; npm() { echo "$PWD: npm $*"; }; python3() { echo "$PWD: python3 $*"; }\n'


def told(commands: str) -> List[str]:
    usual = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["bash", "-euc", TOLD + commands], cwd=guides.ROOT, env=usual, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def check(line: str) -> None:
    if line.startswith("make "):
        guides.make_knows(line)
        return
    folder, _, command = line.partition(": ")
    script = re.match(r"npm (?:run )?(dev|start)\b", command)
    if script:
        assert script[1] in json.loads((Path(folder) / "package.json").read_text())["scripts"]
    elif command.startswith("npm install --no-save "):
        (package,) = command.split()[3:]  # and not the CDK's, which `make cdk` puts beside it
        assert (Path(folder) / package).is_file(), command
    elif command.startswith("python3 -m http.server "):
        assert (Path(folder) / command.split()[-1] / "index.html").is_file()
    else:
        assert command == "npm install"


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_commands_of_each_example(name: str) -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", (EXAMPLES / name / "README.md").read_text(), re.M | re.S)
    lines = told(commands)
    assert lines[0] == "make run"
    assert len(lines) >= 2
    for line in lines:
        check(line)


def test_commands_of_the_guide() -> None:
    lines = told("\n".join(guides.blocks("examples.md", "sh")))
    assert [line.partition(": ")[2] or line for line in lines][:2] == ["make run", "make npm"]
    for line in lines:
        check(line)


def test_each_example_is_in_the_guide() -> None:
    found = re.findall(r"\(\.\./examples/web/(\w+)\)", guides.text_of("examples.md"))
    assert sorted(found) == sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
