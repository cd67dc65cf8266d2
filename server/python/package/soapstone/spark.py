"""Tables of notes that are larger than one machine, on Apache Spark.

Every note is judged once, where its row lies, in one pass over the table. What is told of it stays one row: a task
that dies and is tried again counts nothing twice, since Spark takes a task's rows only when it has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from soapstone import Config, Day, checker, checker_of, settings_of
from soapstone.arrow import FINDINGS, LINES, batches

__all__ = ["FINDINGS_SCHEMA", "LINES_SCHEMA", "Audit", "audit", "opened"]

_TYPES = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}


def _ddl(kind: pa.DataType) -> str:
    return f"array<{_ddl(kind.value_type)}>" if pa.types.is_list(kind) else _TYPES[kind]


def _columns(schema: pa.Schema, between: str) -> str:
    return ", ".join(f"{field.name}{between}{_ddl(field.type)}" for field in schema)


#: The columns of a finding, as Spark writes them.
FINDINGS_SCHEMA = _columns(FINDINGS, " ")
#: The columns of a claim line, as Spark writes them.
LINES_SCHEMA = _columns(LINES, " ")


@dataclass(frozen=True)
class Audit:
    """What was found in a table of notes.

    `notes` has a row for each note: `id`, its `findings` and claim `lines` as arrays, and the `error` of one that could not be judged.
    The others are views of it.
    """

    notes: DataFrame

    @property
    def findings(self) -> DataFrame:
        """A row for each finding: `id`, then the columns of `FINDINGS_SCHEMA`."""
        return self.notes.select("id", F.explode("findings").alias("row")).select("id", "row.*")

    @property
    def lines(self) -> DataFrame:
        """A row for each claim line: `id`, then the columns of `LINES_SCHEMA`."""
        return self.notes.select("id", F.explode("lines").alias("row")).select("id", "row.*")

    @property
    def errors(self) -> DataFrame:
        """The notes that could not be judged: `id` and `error`, a sentence without the note's words."""
        return self.notes.where(F.col("error").isNotNull()).select("id", "error")

    def counts(self, *by: str) -> DataFrame:
        """How many findings there are, and in how many notes: by `rule`, `severity`, `payer`, `clinician` and `month`, or by
        those of them that are named. Who did not sign is null, and so is the month of a visit without a date."""
        by = by or ("rule", "severity", "payer", "clinician", "month")
        month = F.substring("date", 1, 7).alias("month")
        rows = self.findings.select("id", "rule", "severity", "payer", "clinician", month)
        return rows.groupBy(*by).agg(F.count("*").alias("findings"), F.countDistinct("id").alias("notes"))

    def write(self, path: str, mode: str = "error") -> Audit:
        """Writes `notes` as Parquet, which judges every note once, and goes on from what was written."""
        self.notes.write.mode(mode).parquet(path)
        self.notes.unpersist()
        return opened(self.notes.sparkSession, path)


def opened(spark: object, path: str) -> Audit:
    """What `Audit.write` wrote."""
    return Audit(spark.read.parquet(path))  # type: ignore[attr-defined]


def audit(
    df: DataFrame,
    id: str = "id",
    text: str = "text",
    payer: str | None = None,
    *,
    date: str | None = None,
    config: Config = None,
    today: Day = None,
    keep: StorageLevel | None = StorageLevel.MEMORY_AND_DISK,
) -> Audit:
    """Judges a table of notes by the columns that are named.

    `config` is a `soapstone.toml` where the job is started; it goes along to where the notes are, and so does the day as of which all
    notes are judged, whenever a task runs. `keep` says where what was found stays for the next question, so that no note is judged
    twice; with `None` each question judges anew, which is right where `Audit.write` comes first.
    """
    name, settings = settings_of(config)
    # What is wrong in the settings is said here, and once.
    as_of = checker(config, today).today
    named = {"id": id, "text": text, "payer": payer, "date": date}
    columns = [F.col(column).alias(role) for role, column in named.items() if column is not None]
    of_id = df.select(F.col(id).alias("id")).schema["id"].dataType.simpleString()
    struct = {"findings": _columns(FINDINGS, ":"), "lines": _columns(LINES, ":")}
    schema = ", ".join(
        [
            f"id {of_id}",
            *(f"{column} array<struct<{fields}>>" for column, fields in struct.items()),
            "error string",
        ]
    )
    judged = partial(
        _judged,
        settings=(name, settings, as_of),
        payer=payer and "payer",
        date=date and "date",
    )
    notes = df.select(*columns).mapInArrow(judged, schema)
    return Audit(notes if keep is None else notes.persist(keep))


def _judged(
    rows: Iterator[pa.RecordBatch],
    settings: tuple[str | None, str | None, str | None],
    payer: str | None,
    date: str | None,
) -> Iterator[pa.RecordBatch]:
    """What is told of a partition. Spark has a process for each core, so that each is to use one."""
    return batches(rows, checker_of(*settings), payer=payer, date=date, threads=1)
