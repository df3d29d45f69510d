"""How sure a median is, and that `make bench` measures until it is sure, or says that it isn't."""

import math
import random
from typing import Iterator, List

import pytest
from budgets import Budget, beside_raw
from measurements import Samples
from spread import MAX_SPREAD, ratios, spread, until_steady
from table import Row, Table


def noisy(rounds: int) -> List[float]:
    source = random.Random(rounds)
    return [source.gauss(2.0, 0.4) for _ in range(rounds)]


def test_few_rounds_tell_nothing() -> None:
    assert [spread([1.0] * count) for count in range(7)] == [math.inf] * 6 + [0.0]


def test_the_interval_is_by_rank() -> None:
    assert spread([1.0, 1.1, 1.2, 1.3, 1.4, 9.0]) == pytest.approx((9.0 - 1.0) / 2 / 1.25)  # of six it is all of them
    assert spread([float(n) for n in range(1, 21)]) == pytest.approx((15 - 6) / 2 / 10.5)  # of 20 the middle ten


def test_more_rounds_of_a_steady_machine_are_surer() -> None:
    found = [spread(noisy(rounds)) for rounds in (20, 200, 2000)]
    assert found[0] > found[1] > found[2] and found[2] < MAX_SPREAD


def test_a_machine_with_two_minds_stays_unsure() -> None:
    assert spread([1.0, 2.0] * 500) > MAX_SPREAD


def test_a_slow_round_hits_both() -> None:
    raw, program = [10.0, 30.0, 10.0], [20.0, 60.0, 20.0]
    assert ratios(program, raw) == [2.0, 2.0, 2.0]
    with pytest.raises(ValueError):
        ratios(program, raw[:2])


@pytest.fixture
def clock() -> Iterator[int]:
    return iter(range(1000))


def measured_until(clock: Iterator[int], rounds: Iterator[List[float]], seconds: float) -> List[float]:
    found: List[float] = []
    until_steady(lambda: found.extend(next(rounds)), lambda: [spread(found)], seconds, lambda: float(next(clock)))
    return found


def test_a_steady_machine_is_measured_twice(clock: Iterator[int]) -> None:
    assert len(measured_until(clock, iter([[1.0] * 10] * 9), seconds=500)) == 20


def test_measures_again_until_it_is_steady(clock: Iterator[int]) -> None:
    found = measured_until(clock, (noisy(10 + turn % 2) for turn in range(999)), seconds=500)
    assert len(found) > 2 * 10 and spread(found) <= MAX_SPREAD and spread(found[:-11]) > MAX_SPREAD


def test_gives_up_when_the_time_is_over(clock: Iterator[int]) -> None:
    found = measured_until(clock, iter([[1.0, 2.0]] * 999), seconds=3)
    assert len(found) == 2 * 4 and spread(found) > MAX_SPREAD  # two, and one for each second that was left


def test_rounds_of_samples() -> None:
    samples, more = Samples(), Samples()
    samples.read("warm\ta b\t1\nwarm\ta b\t3\nwarm\ta b\t2\nnothing that it knows\nstart\ta b\t7\t8\t9\nheap\t5\n")
    more.read("warm\ta b\t9\nwarm\ta b\t5\nwarm\ta b\t6\nwarm\ta b\t1\n")
    samples.add(more)
    assert samples.rounds("warm", "a b", 3) == [2, 6]  # what is no whole round is not counted
    assert (samples["start", "a b", 2], samples["heap", ""], samples.names("warm")) == ([9], [5], ["a b"])
    assert samples["warm", "c"] == []


def test_verdicts() -> None:
    multiple, plain = beside_raw("a start", 1.3), Budget("memory", 0.9, "MB")
    rows = [Row("a", "b", 500, "us", ratio=1.2, budget=multiple), Row("a", "c", 500, "us", ratio=1.31, budget=multiple),
            Row("a", "d", 0.9, "MB", budget=plain), Row("a", "e", 0.91, "MB", budget=plain), Row("a", "f", 1, "us")]
    assert [row.verdict() for row in rows] == ["ok", "over", "ok", "over", ""]


def test_says_what_is_not_steady() -> None:
    table = Table()
    table.add(Row("warm", "calm", 20, "us", ratio=1.5, spread=0.05))
    table.add(Row("warm", "shaky", 20, "us", ratio=1.5, spread=0.0501))
    assert table.not_steady() == ["warm, shaky"]
    assert [line.endswith("NOT STEADY") for line in str(table).splitlines()[2:]] == [False, True]
    table.add(Row("start", "once", 1, "ms", ratio=1234.5))
    table.add(Row("warm", "later", 20, "us"))
    assert [line.split()[0] for line in str(table).split("\n") if line] == ["warm", "calm", "shaky", "later", "start", "once"]
    assert "1,234 x" in str(table) and "20.00 us" in str(table) and "1.50 x" in str(table) and "+-5.0 %" in str(table)
