"""A table on Spark: four workers on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import generated
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from soapstone import arrow

if shutil.which("java") is None and not os.environ.get("SOAPSTONE_TEST_ALL"):
    pytest.skip("Spark needs Java, which is not here", allow_module_level=True)

from pyspark import TaskContext
from pyspark.sql import SparkSession
from soapstone import spark

#: Fewer will do while one works on the test itself.
NOTES = int(os.environ.get("SOAPSTONE_SPARK_NOTES", "20000"))


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spark")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    built = (
        # Four workers, and a task may be tried three times.
        SparkSession.builder.master("local[4,3]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .getOrCreate()
    )
    built.sparkContext.setLogLevel("OFF")
    yield built
    built.stop()


def test_a_large_table_is_told_what_the_program_tells(session, answered, tmp_path):
    # Partitions of very different sizes, an empty one among them.
    (tmp_path / "notes").mkdir()
    bounds = (0, 10, 10, NOTES * 3 // 10, NOTES // 2, NOTES)
    for part, (start, end) in enumerate(zip(bounds, bounds[1:], strict=False)):
        pq.write_table(generated.table(end - start, start), tmp_path / f"notes/{part}.parquet")
    read = session.read.parquet(str(tmp_path / "notes"))
    once = tmp_path / "died"
    # A worker that dies in the middle of its rows, once.
    dying = read.mapInArrow(_dies_once(once), read.schema)
    audit = spark.audit(dying, "id", "text", "payer", date="date", keep=None).write(str(tmp_path / "audited"))
    assert once.exists()
    assert audit.notes.count() == audit.notes.select("id").distinct().count() == NOTES
    assert audit.errors.count() == 0

    told = Counter()
    rules, payers = Counter(), {}
    for answer in answered("check", generated.notes(NOTES)):
        for finding in answer["findings"]:
            told[(answer["id"], finding["rule"], finding["severity"], finding["message"], finding["start"]["line"])] += 1
            rules[finding["rule"]] += 1
    found = audit.findings.select("id", "rule", "severity", "message", "start_line").toArrow().to_pylist()
    assert Counter(tuple(row.values()) for row in found) == told
    assert len(rules) > 8

    claims = answered("claim", generated.notes(NOTES // 10))
    wanted = {
        (claim["id"], visit["date"], visit["payer"], number, line["code"], line["minutes"], line["units"])
        for claim in claims
        for visit in claim["visits"]
        for number, line in enumerate(visit["lines"], 1)
    }
    lines = audit.lines.where(f"id < {NOTES // 10}").select("id", "date", "payer", "line", "code", "minutes", "units")
    assert {tuple(row.values()) for row in lines.toArrow().to_pylist()} == wanted

    counted = {row["rule"]: row["findings"] for row in audit.counts("rule").collect()}
    assert counted == dict(rules)
    payers = {row["payer"] for row in audit.counts("payer").collect()}
    assert payers == {"medicare", "commercial", "auto", "workers-comp", "default"}
    by = audit.counts("rule", "severity", "payer", "clinician", "month").toArrow()
    assert sum(by["findings"].to_pylist()) == sum(rules.values())
    months = set(by["month"].to_pylist()) - {None}
    assert min(months) == "2026-01" and len(months) == 10
    assert by["clinician"].null_count > 0
    # What was written is there for the next day.
    again = spark.opened(session, str(tmp_path / "audited"))
    assert again.findings.count() == len(found)


def _dies_once(mark: Path):
    def rows(batches):
        for number, batch in enumerate(batches):
            if number == 1 and not mark.exists():
                mark.touch()
                assert TaskContext.get().attemptNumber() == 0
                os._exit(1)
            yield batch

    return rows


def test_schemas_are_written_and_kept(session):
    none = session.createDataFrame(generated.table(1).slice(0, 0))
    audit = spark.audit(none, "id", "text", keep=None)
    assert audit.findings.schema.simpleString() == _simple("id bigint, " + spark.FINDINGS_SCHEMA)
    assert audit.lines.schema.simpleString() == _simple("id bigint, " + spark.LINES_SCHEMA)
    assert audit.errors.schema.simpleString() == "struct<id:bigint,error:string>"
    assert [part.split(" ")[0] for part in spark.FINDINGS_SCHEMA.split(", ")] == arrow.FINDINGS.names
    assert audit.notes.count() == 0


def _simple(columns: str) -> str:
    return "struct<" + ",".join(column.replace(" ", ":") for column in columns.split(", ")) + ">"


def test_what_cannot_be_judged_is_counted_apart(session, bare, tmp_path):
    settings = tmp_path / "soapstone.toml"
    settings.write_text('payer = "auto"\n[rules]\nmissing-referral = "off"\n')
    rows = pa.table({"note": ["a", "b", "c"], "body": [bare, None, bare], "day": ["2026-05-07", None, "zanzibar"]})
    audit = spark.audit(session.createDataFrame(rows), "note", "body", date="day", config=settings, today="2026-06-01")
    settings.unlink()
    errors = {row["id"]: row["error"] for row in audit.errors.collect()}
    assert errors.keys() == {"b", "c"} and "zanzibar" not in str(errors)
    findings = audit.findings.collect()
    assert {row["id"] for row in findings} == {"a"}
    assert {row["payer"] for row in findings} == {"auto"}
    assert "missing-referral" not in {row["rule"] for row in findings}
    assert {row["date"] for row in audit.lines.collect()} == {"2026-05-07"}
