"""The table: a section for each thing measured, a row for each program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Optional

from budgets import Budget
from spread import MAX_SPREAD


@dataclass
class Row:
    section: str
    name: str
    value: float
    unit: str
    ratio: Optional[float] = None
    spread: Optional[float] = None  # of the ratio, or else of the value
    budget: Optional[Budget] = None
    note: str = ""

    def measured(self) -> Optional[float]:
        """What the budget is of."""
        return None if self.budget is None else self.ratio if self.budget.multiple else self.value

    def verdict(self) -> str:
        found = self.measured()
        return "" if found is None or self.budget is None else "ok" if found <= self.budget.limit else "over"

    def steady(self) -> bool:
        return self.spread is None or self.spread <= MAX_SPREAD

    def __str__(self) -> str:
        digits = 0 if self.unit == "" or self.value >= 100 else 2
        value = f"{self.value:,.{digits}f} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:,.{0 if self.ratio >= 100 else 2}f} x"
        spread = "" if self.spread is None else f"+-{self.spread * 100:.1f} %"
        note = ", ".join(filter(None, [self.note, "" if self.steady() else "NOT STEADY"]))
        budget = str(self.budget or "")
        return f"  {self.name:<41}{value:>14}{ratio:>11}{spread:>10}  {budget:<11}{self.verdict():<6}{note}".rstrip()


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def not_steady(self) -> list[str]:
        return [f"{row.section}, {row.name}" for row in self.rows if not row.steady()]

    def as_dicts(self) -> list[dict[str, Any]]:
        return [{**asdict(row), "verdict": row.verdict()} for row in self.rows]

    def __str__(self) -> str:
        sections: dict[str, list[str]] = {}
        for row in self.rows:
            sections.setdefault(row.section, []).append(str(row))
        return "\n".join("\n".join(["", section, *rows]) for section, rows in sections.items())
