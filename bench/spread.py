"""A median, and how sure it is."""

from __future__ import annotations

import math
import time
from statistics import median
from typing import Callable, Iterable, Sequence

MAX_SPREAD = 0.05
FEWEST_ROUNDS = 6  # that can tell it: the median lies among all of them 97 times of 100
DEFINITION = ("The spread is half of the interval in which the median of all rounds lies, 95 times of 100 (by the rounds' "
              "order), over that median")


def spread(rounds: Sequence[float]) -> float:
    """As DEFINITION says; infinite with too few rounds to tell. On a steady machine each round
    more makes it smaller; on one that has two minds it stays large."""
    ordered, middle = sorted(rounds), median(rounds) if rounds else 0.0
    below = math.floor(len(ordered) / 2 - 0.98 * math.sqrt(len(ordered)))
    if len(ordered) < FEWEST_ROUNDS:
        return math.inf
    width = ordered[len(ordered) - 1 - below] - ordered[below]
    return 0.0 if width == 0 else math.inf if middle == 0 else width / 2 / abs(middle)


def ratios(of: Sequence[float], to: Sequence[float]) -> list[float]:
    """Of each round, since both were measured in it one after the other: what the machine did then hit both."""
    return [one / other for one, other in zip(of, to, strict=True)]


def until_steady(measure: Callable[[], object], spreads: Callable[[], Iterable[float]], seconds: float,
                 clock: Callable[[], float] = time.monotonic) -> None:
    """Measures, and again while anything is not steady and the seconds are not over; at least twice, since a process has
    its luck with where its pages lie."""
    end = clock() + seconds
    measure()
    measure()
    while any(found > MAX_SPREAD for found in spreads()) and clock() < end:
        measure()
