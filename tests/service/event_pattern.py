"""As much of EventBridge's event patterns as template.yaml has: exact values, and prefixes of texts.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html"""

from typing import Any, Mapping


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether a rule with this pattern takes the event: each member of the pattern is in it, with one of the values."""
    if not isinstance(event, Mapping):
        return False
    return all(name in event and _fits(wanted, event[name]) for name, wanted in pattern.items())


def _fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, value)
    values = value if isinstance(value, list) else [value]
    return any(_is(each, found) for each in wanted for found in values)


def _is(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        ((operator, operand),) = wanted.items()
        assert operator == "prefix", f"no {operator} is known here"
        return isinstance(value, str) and value.startswith(operand)
    return bool(type(wanted) is type(value) and wanted == value)
