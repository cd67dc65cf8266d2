"""What the tests share: made-up notes, a day that stays the same, and the program of the wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "tests/bench/tables"))
# Spark's workers are Python's own processes, and find the module where it was installed.
os.environ["SOAPSTONE_TODAY"] = "2026-11-20"
os.environ.pop("SOAPSTONE_OUTPUT_FORMAT", None)

PROGRAM = Path(sysconfig.get_path("scripts")) / "soapstone"

#: Massage by an impossible time, without payer and visit heading.
BARE = "session: 13:00-13:40\nS: Stiff zanzibar.\nO: Taut.\n97124 cervical 13:35-13:05\n  technique: petrissage\nsigned: A. Rivera, LMT\n"


@pytest.fixture(scope="session")
def top() -> Path:
    """The top of the repository."""
    return TOP


@pytest.fixture(scope="session")
def bare() -> str:
    return BARE


@pytest.fixture(scope="session")
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program that the wheel installed."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, **options)

    return run


@pytest.fixture(scope="session")
def answered(program: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[[str, Iterable[object]], list[dict]]:
    """The answers of the program to a stream of generated notes."""

    def answers(command: str, rows: Iterable[object]) -> list[dict]:
        lines = (
            json.dumps({"id": row.id, "text": row.text, "payer": row.payer, "date": row.date.isoformat()}) for row in rows
        )
        done = program(command, "--stdin", "jsonl", input="\n".join(lines))
        assert done.stderr == ""
        return [json.loads(line) for line in done.stdout.splitlines()]

    return answers


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The line that `cargo xtask test` counts."""
    counted = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
    failed = counted["failed"] + counted["error"]
    terminalreporter.write_line(f"Python: {counted['passed']} passed, {failed} failed, {counted['skipped']} skipped")
