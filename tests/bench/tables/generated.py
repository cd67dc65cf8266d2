"""Notes that are made up, as many as one likes, the same ones every time: for tests and for the benchmark of tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

PAYERS = ("medicare", "commercial", "auto", "workers comp", None)
CLINICIANS = ("A. Rivera, PT", "B. Okafor, OTR/L", "C. Lindqvist, PTA", "D. Haddad, LMT", None)
DIAGNOSES = ("M54.50", "M25.511", "S83.511D", "M54.2", "Z47.1")
CODES = (
    ("97110", "shoulder", "resisted external rotation, 3 sets of 10"),
    ("97140", "lumbar", "joint mobilization, grade III"),
    ("97112", "knee", "single-leg balance on foam"),
    ("97530", "shoulder", "lifting a 5 kg box to a shelf"),
    ("97124", "cervical", "petrissage"),
)
SAID = (
    "Sleeps through the night since the last visit; stairs are easier with the rail.",
    "Reports stiffness in the morning that eases within half an hour of walking.",
    "Returned to work on light duty and lifts no more than a bag of groceries.",
    "The home program was done on most days; the band was too light by Thursday.",
)
SEEN = (
    "Flexion 110 degrees, was 95; strength 4/5; gait without a limp for 200 feet.",
    "Tender along the medial border; end feel firm; no swelling.",
    "Single-leg stance 12 seconds left, 20 right; reach 14 inches.",
    "Range full in all planes but rotation, which lacks 15 degrees.",
)


@dataclass(frozen=True)
class Row:
    """A note as a table has it: half of them name no payer and no day, which stand beside them."""

    id: int
    text: str
    payer: str | None
    date: datetime.date


def note(number: int) -> Row:
    """The note of a number."""

    def of(among: tuple, step: int):
        return among[(number // step + number * 7) % len(among)]

    day = datetime.date(2026, 1, 5) + datetime.timedelta(days=number * 13 % 290)
    payer, clinician, bare = of(PAYERS, 3), of(CLINICIANS, 5), number % 2 == 1
    lines = [f"patient: {number}"]
    if not bare:
        lines += [f"payer: {payer}"] if payer else []
    if number % 11 != 3:
        lines.append(f"dx: {of(DIAGNOSES, 2)}")
    lines += [f"goal 1: able to reach overhead for 10 minutes by {day + datetime.timedelta(days=40)} (now 4 minutes)", ""]
    if not bare:
        lines.append(f"visit: {day}")
    start = datetime.datetime.combine(day, datetime.time(9 + number % 8, 0))
    blocks, now = [], start
    for step in range(1 + number % 3):
        code, region, technique = CODES[(number + step * 2) % len(CODES)]
        minutes = 5 if number % 17 == 4 else 10 + (number * 3 + step * 7) % 16
        end = now + datetime.timedelta(minutes=minutes)
        first, last = (end, now) if number % 29 == 6 and step == 0 else (now, end)
        blocks += [f"{code} {region} {first:%H:%M}-{last:%H:%M}", f"  technique: {technique}", "  response: moves more freely afterwards"]
        now = end
    lines += [f"session: {start:%H:%M}-{now:%H:%M}", f"S: {of(SAID, 1)} {of(SAID, 4)} Pain {2 + number % 6}/10."]
    lines += [f"O: {of(SEEN, 1)} {of(SEEN, 6)}", *blocks]
    lines += [f"A: Improves as planned. {of(SEEN, 2)} Skilled care is needed to progress load safely.", "P: 2x/wk for 4 weeks."]
    if clinician:
        lines.append(f"signed: {clinician} {day}")
    return Row(number, "\n".join(lines) + "\n", payer if bare else None, day)


def notes(count: int, start: int = 0) -> Iterator[Row]:
    """So many notes, one after the other."""
    return (note(number) for number in range(start, start + count))


def table(count: int, start: int = 0):
    """So many notes as a table of Arrow."""
    import pyarrow as pa

    rows = list(notes(count, start))
    return pa.table(
        {
            "id": pa.array([row.id for row in rows], pa.int64()),
            "text": pa.array([row.text for row in rows], pa.string()),
            "payer": pa.array([row.payer for row in rows], pa.string()),
            "date": pa.array([row.date for row in rows], pa.date32()),
        }
    )
