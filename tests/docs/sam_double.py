"""What the guides' scripts get as `sam`: what it needs AWS or Docker for is not done.

The real one's own parser reads the options, with samconfig.toml, and the parameters must be
what the template takes. `sam_double.py RECORD ARGUMENT...` adds a line with the command and
its options to RECORD. What `sam build` and `sam local` do is in tests/service/test_sam.py."""

import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import click
from samcli.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/service"))
from cloudformation import Evaluation, parsed  # noqa: E402


def read_options(arguments: List[str]) -> Tuple[str, Dict[str, Any]]:
    """The command's name and its options; click complains of those that it doesn't have."""
    name, command, rest = "sam", cli, arguments
    context: Optional[click.Context] = None
    while True:
        context = command.make_context(name, rest, parent=context)
        if not isinstance(command, click.Group):
            return name, dict(context.params)
        name, command, rest = command.resolve_command(
            context, [*context.protected_args, *context.args]
        )


def check_parameters(given: Mapping[str, str]) -> None:
    """As CloudFormation does before it changes anything."""
    template = parsed()
    evaluation = Evaluation(template, given)  # it refuses a name that is not there
    for name, value in given.items():
        parameter = template["Parameters"][name]
        pattern = parameter.get("AllowedPattern", ".*")
        assert re.fullmatch(pattern, value), f"{name} can't be {value}"
        allowed = [str(each) for each in parameter.get("AllowedValues", [value])]  # some are numbers
        assert value in allowed, f"{name} can't be {value}"
    for rule in template["Rules"].values():
        if evaluation.of(rule["RuleCondition"]):
            for assertion in rule["Assertions"]:
                assert evaluation.of(assertion["Assert"]), assertion["AssertDescription"]


def main(record: str, *arguments: str) -> int:
    name, options = read_options(list(arguments))
    check_parameters(options.get("parameter_overrides") or {})
    with open(record, "a", encoding="utf-8") as lines:
        lines.write(json.dumps({"command": name, **options}, default=str) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
