"""What the guides' scripts get as `sam`: what it needs AWS or Docker for is not done.

The real one's own parser reads the options, with samconfig.toml, and the parameters must be
what the template takes. `sam_double.py RECORD ARGUMENT...` adds a line with the command and
its options to RECORD. The first `deploy` makes the stack at $AWS_ENDPOINT_URL, if $STACK_API
is the URL of its API. What `sam build` and `sam local` do is in tests/service/test_sam.py."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import click
import yaml
from samcli.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/service"))
import made_stack  # noqa: E402
from cloudformation import Evaluation, parsed  # noqa: E402


# SAM reads the template several times for each command: with libyaml's reader, in a tenth of the time.
yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc]


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
    """As CloudFormation does, each by itself."""
    template = parsed()
    for name, value in given.items():
        parameter = template["Parameters"][name]
        pattern = parameter.get("AllowedPattern", ".*")
        assert re.fullmatch(pattern, value), f"{name} can't be {value}"
        allowed = [str(each) for each in parameter.get("AllowedValues", [value])]  # some are numbers
        assert value in allowed, f"{name} can't be {value}"


def check_rules(parameters: Mapping[str, str]) -> None:
    """As CloudFormation does before it changes a stack: do they fit together?"""
    template = parsed()
    evaluation = Evaluation(template, parameters)
    for rule in template["Rules"].values():
        if evaluation.of(rule["RuleCondition"]):
            for assertion in rule["Assertions"]:
                assert evaluation.of(assertion["Assert"]), assertion["AssertDescription"]


def first_deployed(record: Path) -> Optional[Dict[str, str]]:
    """The parameters of the first `sam deploy`: a guide's later sections each start from the stack that it made."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    deployed = [line for line in map(json.loads, lines) if line["command"] == "deploy"]
    return dict(deployed[0]["parameter_overrides"] or {}) if deployed else None


def deploy(record: Path, given: Mapping[str, str]) -> None:
    has = first_deployed(record)
    check_rules({**(has or {}), **given})
    if has is None and "STACK_API" in os.environ:
        made_stack.make(os.environ["AWS_ENDPOINT_URL"], os.environ["STACK_API"], given)


def main(record: str, *arguments: str) -> int:
    name, options = read_options(list(arguments))
    given = options.get("parameter_overrides") or {}
    check_parameters(given)
    if name == "deploy":
        deploy(Path(record), given)
    if name == "delete" and "STACK_API" in os.environ:
        made_stack.delete(os.environ["AWS_ENDPOINT_URL"])
    with open(record, "a", encoding="utf-8") as lines:
        lines.write(json.dumps({"command": name, **options}, default=str) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
