"""The table: a section for each thing measured, a row for each program."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Optional


@dataclass
class Row:
    section: str
    name: str
    value: float
    unit: str
    ratio: Optional[float] = None
    max_ratio: Optional[float] = None
    note: str = ""
    limit: Optional[float] = None  # of the value itself

    def verdict(self) -> str:
        if self.max_ratio is not None and self.ratio is not None:
            return "ok" if self.ratio <= self.max_ratio else "over"
        if self.limit is not None:
            return "ok" if self.value <= self.limit else "over"
        return ""

    def budget(self) -> str:
        if self.max_ratio is not None:
            return f"<= {self.max_ratio:.2f} x"
        return "" if self.limit is None else f"<= {self.limit:g} {self.unit}".rstrip()

    def __str__(self) -> str:
        digits = 0 if self.unit == "" or self.value >= 100 else 2
        value = f"{self.value:,.{digits}f} {self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} x"
        return f"  {self.name:<34}{value:>14}{ratio:>11}  {self.budget():<11}{self.verdict():<6}{self.note}".rstrip()


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)

    def as_dicts(self) -> list[dict]:
        return [{**asdict(row), "verdict": row.verdict()} for row in self.rows]

    def __str__(self) -> str:
        lines: list[str] = []
        section = ""
        for row in self.rows:
            if row.section != section:
                section = row.section
                lines += ["", section]
            lines.append(str(row))
        return "\n".join(lines)
