"""Checks SOAP chart notes for what a payer would deny.

What is told here is what the program `soapstone` tells: the same rules, payers and tables, and nothing is sent anywhere.
A note is judged without Python's lock, so that threads work side by side. `soapstone.arrow` judges columns of notes,
`soapstone.spark` tables that are larger than one machine.
"""

from __future__ import annotations

import datetime
import json
import os
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from soapstone import _soapstone
from soapstone._soapstone import __version__

__all__ = [
    "Claim",
    "ClaimLine",
    "Code",
    "Discipline",
    "Edit",
    "Finding",
    "Fix",
    "Note",
    "NoteError",
    "Place",
    "Related",
    "Row",
    "SoapstoneWarning",
    "Visit",
    "__version__",
    "check",
    "claim",
    "codes",
    "explain",
    "import_note",
    "rules",
]

Config = str | os.PathLike[str] | None
Day = str | datetime.date | None


class NoteError(ValueError):
    """A note that cannot be judged. Its sentence holds none of the note's words."""


class SoapstoneWarning(UserWarning):
    """Something in the settings that could not be understood, or notes that could not be judged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A text to put in the place of what stands there."""

    start: Place
    end: Place
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of."""

    message: str
    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in a note. `severity` is `error`, `warning`, `info` or `hint`."""

    rule: str
    severity: str
    message: str
    start: Place
    end: Place
    source: str
    url: str | None
    fixes: tuple[Fix, ...]
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A line of a claim. `proposed` is a code that nobody has confirmed yet."""

    code: str
    modifiers: tuple[str, ...]
    minutes: float
    units: int
    diagnoses: tuple[str, ...]
    proposed: bool


@dataclass(frozen=True, slots=True)
class Discipline:
    """One plan of care (GP, GO, GN) by itself."""

    plan: str | None
    timed_minutes: int
    timed_units: int
    allocations: tuple[dict[str, int], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """The claim of a date of service and payer. `allocations` are all valid ways to share the timed units."""

    date: datetime.date | None
    payer: str
    counting: str
    timed_minutes: int
    timed_units: int
    total_minutes: int
    allocations: tuple[dict[str, int], ...]
    disciplines: tuple[Discipline, ...]
    lines: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """The claims of a chart, day by day."""

    patient: str | None
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What was recognized: `kind` is `block`, `proposed`, `field` or `prose`, `what` what the `words` became."""

    kind: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the format, made of other people's text."""

    text: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code: `kind` is `procedure`, `retired`, `modifier` or `diagnosis`."""

    code: str
    kind: str
    description: str
    billable: bool


def check(text: str, payer: str | None = None, config: Config = None, *, date: Day = None) -> list[Finding]:
    """What a payer would deny or ask about in a note, in the order of the note.

    `payer` and `date` hold where the note says nothing of them. `config` is a `soapstone.toml`; without one the
    built-in settings hold.
    """
    return [_finding(found) for found in _asked(checker(config).check, text, payer, date)]


def claim(text: str, payer: str | None = None, config: Config = None, *, date: Day = None) -> Claim:
    """The claim lines of each day of a note: codes, modifiers, minutes and units."""
    told = _asked(checker(config).claim, text, payer, date)
    return Claim(told["patient"], tuple(_visit(visit) for visit in told["visits"]))


def import_note(text: str, payer: str | None = None, config: Config = None, *, date: Day = None) -> Note:
    """Dictated, pasted or exported text as a note. No word is lost: what is not understood stays prose."""
    told = _asked(checker(config).import_note, text, payer, date)
    return Note(told["text"], told["summary"], tuple(Row(**row) for row in told["rows"]))


def codes(words: str, limit: int = 20, config: Config = None) -> list[Code]:
    """The procedures, modifiers and at most `limit` diagnoses that fit a code, the beginning of one, or words."""
    return [Code(**code) for code in json.loads(checker(config).codes(words, limit))]


def explain(rule: str, config: Config = None) -> str:
    """The page of a rule, in Markdown: what it looks for, who says so, what to do."""
    page = checker(config).explain(rule)
    if page is None:
        raise KeyError(f'There is no rule "{rule}".')
    return page


def rules() -> list[str]:
    """The names of all rules that come with Soapstone."""
    return _soapstone.rules()


def checker(config: Config = None, today: Day = None) -> _soapstone.Checker:
    """What judges by these settings; the same one as long as the file and the day stay the same."""
    name, settings = settings_of(config)
    return checker_of(name, settings, day_words(today) or _today())


def settings_of(config: Config) -> tuple[str | None, str | None]:
    """The name and the text of a settings file."""
    if config is None:
        return None, None
    return os.fspath(config), Path(config).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def checker_of(name: str | None, settings: str | None, today: str | None) -> _soapstone.Checker:
    """What judges by the text of a settings file, as of a day."""
    made = _soapstone.Checker(name, settings, today)
    for problem in made.problems:
        warnings.warn(problem, SoapstoneWarning, stacklevel=3)
    return made


def day_words(day: Day) -> str | None:
    """A day as the program takes it."""
    if isinstance(day, datetime.datetime):
        day = day.date()
    return day.isoformat() if isinstance(day, datetime.date) else day


def _today() -> str:
    # The program takes the same variable.
    return os.environ.get("SOAPSTONE_TODAY") or datetime.date.today().isoformat()


def _asked(ask: Any, text: str, payer: str | None, date: Day) -> Any:
    try:
        return json.loads(ask(text, payer, day_words(date)))
    except ValueError as error:
        raise NoteError(str(error)) from None


def _place(told: dict[str, int]) -> Place:
    return Place(told["line"], told["column"])


def _finding(told: dict[str, Any]) -> Finding:
    def edit(told: dict[str, Any]) -> Edit:
        return Edit(_place(told["start"]), _place(told["end"]), told["text"])

    def related(told: dict[str, Any]) -> Related:
        return Related(told["message"], _place(told["start"]), _place(told["end"]))

    return Finding(
        rule=told["rule"],
        severity=told["severity"],
        message=told["message"],
        start=_place(told["start"]),
        end=_place(told["end"]),
        source=told["source"],
        url=told["url"],
        fixes=tuple(Fix(fix["title"], tuple(map(edit, fix["edits"]))) for fix in told["fixes"]),
        related=tuple(map(related, told["related"])),
    )


def _visit(told: dict[str, Any]) -> Visit:
    def discipline(told: dict[str, Any]) -> Discipline:
        return Discipline(**{**told, "allocations": tuple(told["allocations"])})

    def line(told: dict[str, Any]) -> ClaimLine:
        lists = {"modifiers": tuple(told["modifiers"]), "diagnoses": tuple(told["diagnoses"])}
        return ClaimLine(**{"proposed": False, **told, **lists})

    day = told["date"]
    return Visit(
        **{
            **told,
            "date": None if day is None else datetime.date.fromisoformat(day),
            "allocations": tuple(told["allocations"]),
            "disciplines": tuple(map(discipline, told["disciplines"])),
            "lines": tuple(map(line, told["lines"])),
        }
    )
