"""tools/test.py: every step runs, is counted, and the last line is the total."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def steps(tools: Path):
    def run(*arguments: str) -> tuple[int, list[str]]:
        done = subprocess.run([sys.executable, tools / "test.py", *arguments], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout.splitlines()
    return run


CMOCKA = "printf '[==========] a: 5 test(s) run.\\n[  PASSED  ] 3 test(s).\\n"
CMOCKA_BAD = CMOCKA + "[  SKIPPED ] a: 1 test(s), listed below:\\n[  FAILED  ] a: 1 test(s), listed below:\\n'; exit 1"


def test_each_kind_is_counted(steps) -> None:
    status, lines = steps(
        f"cmocka:unit:{CMOCKA}'; {CMOCKA}'",
        "pytest:service:printf '\\033[32m==== 2 passed, 1 skipped, 1 xfailed in 0.10s ====\\033[0m\\n'",
        "node:web:printf '# tests 4\\n# pass 2\\n# fail 0\\n# skipped 1\\n'; printf 'ℹ pass 1\\n'",
        "check:lint:true")
    assert status == 0
    assert lines[-1] == "13 passed, 0 failed, 2 skipped"


def test_later_steps_run_after_a_failing_one(steps) -> None:
    status, lines = steps(f"cmocka:unit:{CMOCKA_BAD}", "check:lint:false", "check:fuzz:echo here")
    assert status == 1
    assert "here" in lines
    assert lines[-2] == "failing steps: unit, lint"
    assert lines[-1] == "4 passed, 2 failed, 1 skipped"


def test_errors_of_pytest_are_failures(steps) -> None:
    status, lines = steps("pytest:service:echo '1 failed, 2 passed, 3 errors in 61.20s (0:01:01)'; exit 1")
    assert (status, lines[-1]) == (1, "2 passed, 4 failed")


def test_cancelled_tests_of_node_are_failures(steps) -> None:
    status, lines = steps("node:web:printf '# pass 2\\n# fail 1\\n# cancelled 1\\n'; exit 1")
    assert (status, lines[-1]) == (1, "2 passed, 2 failed")


def test_a_crash_is_a_failure(steps) -> None:
    status, lines = steps(f"cmocka:unit:{CMOCKA}'; kill -SEGV $$")
    assert (status, lines[-1]) == (1, "3 passed, 1 failed")


def test_a_step_that_ran_nothing_is_a_failure(steps) -> None:
    status, lines = steps("cmocka:unit:true", "check:lint:true")
    assert (status, lines[-1]) == (1, "1 passed, 1 failed")


@pytest.mark.parametrize("arguments", [(), ("lint:true",), ("other:lint:true",)])
def test_wrong_arguments_print_the_usage(steps, arguments: tuple[str, ...]) -> None:
    assert steps(*arguments) == (2, [])
