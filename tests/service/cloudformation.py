"""As much of CloudFormation as it takes to see what template.yaml makes of its parameters."""

import copy
import functools
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Union

from samcli.yamlhelper import yaml_parse

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
# What is only known once a stack is there.
PSEUDO_PARAMETERS = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "stack",
    "AWS::URLSuffix": "amazonaws.com",
}
NOTHING = object()  # AWS::NoValue
# Values of parameters, for tests.
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
NOTIFY = {"NotifyUrl": "https://app.example.com/stored", "NotifySecret": "n" * 32}


class Evaluation:
    """The value of any part of a template for these parameters."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        declared = template["Parameters"]
        unknown = set(parameters) - set(declared)
        if unknown:
            raise KeyError(f"the template has no parameter {unknown}")
        self._conditions: Mapping[str, Any] = template.get("Conditions", {})
        self._values: Dict[str, Any] = {
            **PSEUDO_PARAMETERS,
            "AWS::NoValue": NOTHING,
            **{name: str(parameter["Default"]) for name, parameter in declared.items()},
            **parameters,
        }
        # A resource's Ref is its own name, and its attributes are NAME.ATTRIBUTE.
        self._values.update({name: name for name in template["Resources"]})

    def of(self, part: Any) -> Any:
        if isinstance(part, list):
            return [item for item in map(self.of, part) if item is not NOTHING]
        if not isinstance(part, dict):
            return part
        if len(part) == 1:
            ((name, argument),) = part.items()
            function = getattr(self, "_" + name.replace("Fn::", "").lower(), None)
            if function and (name in ("Ref", "Condition") or name.startswith("Fn::")):
                return function(argument)
        pairs = {key: self.of(value) for key, value in part.items()}
        return {key: value for key, value in pairs.items() if value is not NOTHING}

    def _ref(self, name: str) -> Any:
        return self._values[name]

    def _condition(self, name: str) -> bool:
        return bool(self.of(self._conditions[name]))

    def _getatt(self, path: Union[str, List[str]]) -> str:
        return path if isinstance(path, str) else ".".join(path)

    def _sub(self, argument: Any) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})
        values = {**self._values, **self.of(extra)}

        def value(match: "re.Match[str]") -> str:
            name = match.group(1)
            return str(values[name] if name in values or "." not in name else name)

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", value, text)

    def _if(self, argument: List[Any]) -> Any:
        condition, yes, no = argument
        return self.of(yes if self._condition(condition) else no)

    def _equals(self, pair: List[Any]) -> bool:
        left, right = map(self.of, pair)
        return bool(left == right)

    def _contains(self, pair: List[Any]) -> bool:
        values, value = map(self.of, pair)
        return value in values

    def _not(self, argument: List[Any]) -> bool:
        return not self.of(argument[0])

    def _or(self, arguments: List[Any]) -> bool:
        return any(map(self.of, arguments))

    def _and(self, arguments: List[Any]) -> bool:
        return all(map(self.of, arguments))

    def _select(self, argument: List[Any]) -> Any:
        return self.of(argument[1])[int(argument[0])]

    def _split(self, argument: List[Any]) -> List[Any]:
        return str(self.of(argument[1])).split(argument[0])


@functools.lru_cache(maxsize=None)
def _template() -> Dict[str, Any]:
    template: Dict[str, Any] = yaml_parse(TEMPLATE.read_text())
    return template


def parsed() -> Dict[str, Any]:
    """The template, for the caller alone."""
    return copy.deepcopy(_template())


def resources(**parameters: str) -> Dict[str, Any]:
    """The properties of each resource that there is with these parameters, the rest by default."""
    template = parsed()
    evaluation = Evaluation(template, parameters)
    return {
        name: evaluation.of(resource["Properties"])
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or evaluation.of({"Condition": resource["Condition"]})
    }
