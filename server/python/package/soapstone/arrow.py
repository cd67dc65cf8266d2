"""Columns of notes in, columns of what was found in them out.

A table may be one of pyarrow, polars or pandas, or anything that lends Arrow columns (`__arrow_c_stream__`); what is told of it
is a table of the same kind, else one of pyarrow. The notes of a batch are judged on all cores, or on `threads` of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from soapstone import Config, Day, SoapstoneWarning, _soapstone, checker

__all__ = ["FINDINGS", "LINES", "Audit", "audit", "batches", "check", "claim"]

#: So many rows are judged before the next are looked at.
AT_ONCE = 2048


def _fields(name: str) -> pa.StructType:
    none = pa.record_batch({"text": pa.array([], pa.large_string())})
    told = _soapstone.Checker().table(none, True, True, 1)
    return told.schema.field(name).type.value_type


#: The columns of a finding, behind the name of its note.
FINDINGS = pa.schema(list(_fields("findings")))
#: The columns of a claim line, behind the name of its note.
LINES = pa.schema(list(_fields("lines")))


class Audit(NamedTuple):
    """What was found in a table of notes: findings and claim lines, and the notes that could not be judged."""

    findings: Any
    lines: Any
    errors: Any


def check(
    data: Any,
    *,
    id: str = "id",
    text: str = "text",
    payer: str | None = None,
    date: str | None = None,
    config: Config = None,
    threads: int | None = None,
) -> Any:
    """A row for each finding: the name of its note, then the columns of `FINDINGS`.

    `id`, `text`, `payer` and `date` are the names of columns. Who pays and which day it was hold for notes that say nothing of them.
    """
    told = _audit(data, (True, False), id, text, payer, date, config, threads)
    _warn_of(told.errors)
    return told.findings


def claim(
    data: Any,
    *,
    id: str = "id",
    text: str = "text",
    payer: str | None = None,
    date: str | None = None,
    config: Config = None,
    threads: int | None = None,
) -> Any:
    """A row for each claim line: the name of its note, then the columns of `LINES`."""
    told = _audit(data, (False, True), id, text, payer, date, config, threads)
    _warn_of(told.errors)
    return told.lines


def audit(
    data: Any,
    *,
    id: str = "id",
    text: str = "text",
    payer: str | None = None,
    date: str | None = None,
    config: Config = None,
    threads: int | None = None,
) -> Audit:
    """Findings, claim lines and errors, each a table, with every note judged once."""
    return _audit(data, (True, True), id, text, payer, date, config, threads)


def batches(
    data: Iterator[pa.RecordBatch],
    judge: _soapstone.Checker,
    *,
    id: str = "id",
    text: str = "text",
    payer: str | None = None,
    date: str | None = None,
    wanted: tuple[bool, bool] = (True, True),
    threads: int | None = None,
) -> Iterator[pa.RecordBatch]:
    """A row for each row that comes, in order: the name of the note, its findings and claim lines as lists, and why
    it could not be judged."""
    columns = {"text": text, "payer": payer, "date": date}
    for batch in data:
        for start in range(0, max(batch.num_rows, 1), AT_ONCE):
            part = batch.slice(start, AT_ONCE)
            asked = {name: _words(part.column(column)) for name, column in columns.items() if column is not None}
            told = judge.table(pa.record_batch(asked), *wanted, threads)
            yield pa.RecordBatch.from_arrays(
                [part.column(id), *told.columns],
                schema=pa.schema([part.schema.field(id).with_name("id"), *told.schema]),
            )


def rows_of(told: pa.RecordBatch, name: str) -> pa.RecordBatch:
    """The lists of a column as rows, each behind the name of its note."""
    lists = told.column(name)
    ids = told.column("id").take(pc.list_parent_indices(lists))
    rows = pc.list_flatten(lists)
    schema = pa.schema([told.schema.field("id"), *rows.type])
    return pa.RecordBatch.from_arrays([ids, *rows.flatten()], schema=schema)


def errors_of(told: pa.RecordBatch) -> pa.RecordBatch:
    """The notes that could not be judged, and why."""
    return told.select(["id", "error"]).filter(pc.is_valid(told.column("error")))


def _audit(
    data: Any,
    wanted: tuple[bool, bool],
    id: str,
    text: str,
    payer: str | None,
    date: str | None,
    config: Config,
    threads: int | None,
) -> Audit:
    table, back = _table(data, [column for column in (id, text, payer, date) if column is not None])
    told = batches(
        iter(table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]),
        checker(config),
        id=id,
        text=text,
        payer=payer,
        date=date,
        wanted=wanted,
        threads=threads,
    )
    parts: tuple[list[pa.RecordBatch], ...] = ([], [], [])
    for batch in told:
        if wanted[0]:
            parts[0].append(rows_of(batch, "findings"))
        if wanted[1]:
            parts[1].append(rows_of(batch, "lines"))
        parts[2].append(errors_of(batch))
    return Audit(*(back(pa.Table.from_batches(part)) if part else None for part in parts))


def _table(data: Any, columns: list[str]) -> tuple[pa.Table, Callable[[pa.Table], Any]]:
    """The columns as Arrow has them, and how a result becomes a table of the same kind."""
    kind = type(data).__module__.partition(".")[0]
    columns = list(dict.fromkeys(columns))
    if kind == "pandas":
        table = pa.Table.from_pandas(data[columns], preserve_index=False)
        return table, lambda told: told.to_pandas()
    if kind == "polars":
        import polars

        return data.select(columns).to_arrow(), lambda told: polars.from_arrow(told)
    return pa.table(data), lambda told: told


def _words(column: pa.Array) -> pa.Array:
    """A column as text: categories as what they stand for, days as they are written."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32(), safe=False)
    return column if pa.types.is_large_string(column.type) else column.cast(pa.large_string())


def _warn_of(errors: Any) -> None:
    if len(errors) > 0:
        notes = f"{len(errors)} notes" if len(errors) > 1 else "1 note"
        warnings.warn(f"{notes} could not be judged; soapstone.arrow.audit names them.", SoapstoneWarning, stacklevel=3)
