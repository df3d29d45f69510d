"""docs/performance.md and README.md have the numbers that were measured, and the budgets that hold."""

import json
import socket
from pathlib import Path
from typing import Any, Dict

import bench_docs
import budgets
import pytest
from bench_docs import BLOCK, BLOCKS, MEASURED, PAGES, filled, is_signer, number, ratio


@pytest.fixture(scope="module")
def measured() -> Dict[str, Any]:
    return json.loads((Path(__file__).parents[2] / MEASURED).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_tables_are_what_was_measured(page: Path, measured: Dict[str, Any]) -> None:
    text = page.read_text("utf-8")
    assert filled(text, measured) == text, "its tables are written by `make bench-docs`"


def test_every_block_stands_in_a_page() -> None:
    found = [name for page in PAGES for _, name, _ in BLOCK.findall(page.read_text("utf-8"))]
    assert sorted(found) == sorted(BLOCKS)


def test_what_was_measured_is_held_to_the_budgets_of_today(measured: Dict[str, Any]) -> None:
    """A budget that was changed is measured again."""
    known = {json.dumps(vars(budget), sort_keys=True) for budget in vars(budgets).values() if isinstance(budget, budgets.Budget)}
    held = {json.dumps(row["budget"], sort_keys=True) for row in measured["bench"]["rows"] if row["budget"]}
    assert held <= known and len(held) >= 13
    assert f"a Lambda function of {budgets.ZIP.limit:g} kB at most" in Path("README.md").read_text("utf-8")


def test_nothing_of_the_machine_is_published_but_its_kind(measured: Dict[str, Any]) -> None:
    text = MEASURED.read_text("utf-8")
    assert not [word for word in (socket.gethostname(), str(Path.cwd()), str(Path.home()), "/tmp/", "/usr/") if word in text]
    assert set(measured) == {"bench", "growth"}
    for run in measured.values():
        assert set(run["conditions"]["machine"]) == {"architecture", "processor", "processors", "sha instructions",
                                                     "memory in GB", "kernel"}


def test_a_block_is_made_anew(measured: Dict[str, Any]) -> None:
    page = "before\n<!-- make bench-docs: growth-time -->\n| edited by hand |\n<!-- /bench-docs -->\nafter\n"
    made = filled(page, measured)
    assert "edited" not in made and made.startswith("before\n<!-- make") and made.endswith("<!-- /bench-docs -->\nafter\n")
    assert filled(made, measured) == made


def test_numbers() -> None:
    assert [number(value) for value in (0.2049, 1.0, 2.777, 20.72, 99.94, 205.7, 12345)] == \
        ["0.20", "1.00", "2.78", "20.7", "99.9", "206", "12,345"]


def test_a_large_spread_is_told() -> None:
    assert ratio({"ratio": 1.5, "spread": 0.05}) == ratio({"ratio": 1.5, "spread": None}) == "1.50"
    assert ratio({"ratio": 15.04, "spread": 0.21}) == "15.0 ±21 %"


def test_who_signs() -> None:
    signers = ["the function, signed_url", "Rust, aws-sdk-s3 1.157.0", "Go, SDK v2's s3 1.114.10", "Python, boto3 1.44.8",
               "Node, SDK v3's client-s3 3.1169.0"]
    echoes = ["raw sockets", "echo on the runtime", "Rust, lambda_runtime 1.5.0", "Go, aws-lambda-go 1.55.1",
              "C++, aws-lambda-cpp", "Python, awslambdaric 4.2.2", "Node, aws-lambda-ric 4.0.2"]
    assert all(map(is_signer, signers)) and not any(map(is_signer, echoes))


def test_nothing_measured_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bench_docs, "SOURCES", {name: tmp_path / "none.json" for name in bench_docs.SOURCES})
    before = [page.stat().st_mtime_ns for page in (*PAGES, MEASURED)]
    with pytest.raises(SystemExit, match="make bench PEERS=1"):
        bench_docs.main()
    assert [page.stat().st_mtime_ns for page in (*PAGES, MEASURED)] == before
