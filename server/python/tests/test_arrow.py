"""Columns of notes."""

from __future__ import annotations

import datetime
import multiprocessing
import re

import generated
import pandas
import polars
import pyarrow as pa
import pytest
import soapstone
from soapstone import arrow

COLUMNS = {"payer": "payer", "date": "date"}


def test_a_table_is_told_what_each_of_its_notes_is_told():
    table = generated.table(60)
    told = arrow.audit(table, **COLUMNS)
    assert (told.findings.schema.names, told.lines.schema.names) == (["id", *arrow.FINDINGS.names], ["id", *arrow.LINES.names])
    assert len(told.errors) == 0
    findings, lines = told.findings.to_pylist(), told.lines.to_pylist()
    wanted, claimed = [], []
    for row in generated.notes(60):
        for finding in soapstone.check(row.text, row.payer, date=row.date):
            places = (finding.start.line, finding.start.column, finding.end.line, finding.end.column)
            wanted.append((row.id, finding.rule, finding.severity, finding.message, places, finding.source, finding.url))
        for visit in soapstone.claim(row.text, row.payer, date=row.date).visits:
            for number, line in enumerate(visit.lines, 1):
                claimed.append((row.id, visit.date.isoformat(), visit.payer, number, line))
    assert wanted and wanted == [
        (
            f["id"],
            f["rule"],
            f["severity"],
            f["message"],
            (f["start_line"], f["start_column"], f["end_line"], f["end_column"]),
            f["source"],
            f["url"],
        )
        for f in findings
    ]
    assert claimed == [
        (
            li["id"],
            li["date"],
            li["payer"],
            li["line"],
            soapstone.ClaimLine(
                li["code"], tuple(li["modifiers"]), li["minutes"], li["units"], tuple(li["diagnoses"]), li["proposed"]
            ),
        )
        for li in lines
    ]
    # Each stands beside its visit.
    rows = {row.id: row for row in generated.notes(60)}
    for row in findings + lines:
        assert row["date"] in (rows[row["id"]].date.isoformat(), None)
        assert row["clinician"] is None or row["clinician"] in rows[row["id"]].text
    assert {row["clinician"] for row in findings} >= {"A. Rivera, PT", "B. Okafor, OTR/L", None}
    assert arrow.check(table, **COLUMNS) == told.findings
    assert arrow.claim(table, **COLUMNS) == told.lines


def test_every_kind_of_table_is_answered_with_one_of_its_kind():
    table = generated.table(20)
    wanted = arrow.check(table, **COLUMNS)
    frame = table.to_pandas()
    frame["payer"] = frame["payer"].astype("category")
    frame["date"] = pandas.to_datetime(frame["date"])
    told = arrow.check(frame, **COLUMNS)
    assert isinstance(told, pandas.DataFrame)
    assert pa.Table.from_pandas(told, preserve_index=False).cast(wanted.schema) == wanted
    told = arrow.check(polars.from_arrow(table), **COLUMNS)
    assert isinstance(told, polars.DataFrame)
    assert told.to_arrow().cast(wanted.schema) == wanted
    assert arrow.check(table.to_batches()[0], **COLUMNS) == wanted
    cut = pa.Table.from_batches([batch for start in range(0, 20, 7) for batch in table.slice(start, 7).to_batches()])
    assert arrow.check(cut, **COLUMNS).combine_chunks() == wanted.combine_chunks()
    for threads in (1, 3):
        assert arrow.check(table, **COLUMNS, threads=threads) == wanted
    renamed = table.rename_columns(["note_id", "body", "insurer", "day"])
    told = arrow.check(renamed, id="note_id", text="body", payer="insurer", date="day")
    assert told.columns[1:] == wanted.columns[1:]
    same = arrow.check(table.set_column(0, "id", table["text"]), id="text", **COLUMNS)
    assert same["rule"] == wanted["rule"]


def test_a_note_that_cannot_be_judged_is_named_and_the_others_are_judged(bare):
    day = [None, "zanzibar", "2026-05-07"]
    table = pa.table({"id": ["none", "bad", "good"], "text": [None, bare, bare], "date": day})
    told = arrow.audit(table, date="date")
    assert told.errors.to_pylist() == [
        {"id": "none", "error": "The row has no text."},
        {"id": "bad", "error": "The date could not be read; write it as 2026-11-20 or 11/20/2026."},
    ]
    assert set(told.findings["id"].to_pylist()) == {"good"}
    with pytest.warns(soapstone.SoapstoneWarning, match="2 notes could not be judged"):
        arrow.check(table, date="date")
    with pytest.raises(KeyError):
        arrow.check(table, text="body")
    with pytest.raises(pa.ArrowInvalid):
        arrow.check(pa.table({"id": [1], "text": pa.array([b"\xff"])}))


def test_a_table_without_rows_has_columns():
    none = generated.table(1).slice(0, 0)
    told = arrow.audit(none, **COLUMNS)
    assert [len(part) for part in told] == [0, 0, 0]
    assert told.findings.schema == arrow.check(generated.table(5), **COLUMNS).schema
    assert told.lines.schema.field("id").type == pa.int64()


def test_a_process_that_was_forked_judges_as_well():
    table = generated.table(8)
    wanted = len(arrow.check(table, **COLUMNS))
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(_count, (8,)).get(timeout=120) == wanted


def _count(notes: int) -> int:
    return len(arrow.check(generated.table(notes), **COLUMNS))


def test_the_page_names_every_column(top):
    page = (top / "docs/data.md").read_text(encoding="utf-8")
    words = {"string": "text", "int32": "whole number", "double": "number", "bool": "yes or no"}
    for head, schema in (("A finding", arrow.FINDINGS), ("A claim line", arrow.LINES)):
        start = page.index(f"| {head} |")
        table = page[start : page.index("\n\n", start)]
        rows = re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", table, re.MULTILINE)
        wanted = [("id", "that of the note")]
        for field in schema:
            is_list = pa.types.is_list(field.type)
            kind = f"list of {words['string']}" if is_list else words[str(field.type)]
            wanted.append((field.name, f"{kind} or null" if field.nullable else kind))
        assert rows == wanted, head


def test_days_are_taken_in_every_form(bare):
    day = datetime.date(2026, 5, 7)
    for column in (
        pa.array([day]),
        pa.array([datetime.datetime(2026, 5, 7, 13, 5)], pa.timestamp("us", "UTC")),
        pa.array(["05/07/2026"]).dictionary_encode(),
        pa.array(["2026-05-07"], pa.large_string()),
    ):
        lines = arrow.claim(pa.table({"id": [1], "text": [bare], "date": column}), date="date")
        assert lines["date"].to_pylist() == ["2026-05-07"]
