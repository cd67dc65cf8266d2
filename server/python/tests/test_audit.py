"""`soapstone audit`: Parquet in, Parquet out."""

from __future__ import annotations

import generated
import pyarrow as pa
import pyarrow.parquet as pq
from soapstone import arrow

COLUMNS = ("--payer", "payer", "--date", "date")


def test_parquet_in_and_out(program, tmp_path):
    table = generated.table(90)
    (tmp_path / "notes/more").mkdir(parents=True)
    pq.write_table(table.slice(0, 50), tmp_path / "notes/a.parquet", row_group_size=7)
    pq.write_table(table.slice(50), tmp_path / "notes/more/b.parquet")
    done = program("audit", "notes", "-o", "found.parquet", "--lines", "lines.parquet", *COLUMNS, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = arrow.audit(table, payer="payer", date="date")
    assert pq.read_table(tmp_path / "found.parquet") == told.findings
    assert pq.read_table(tmp_path / "lines.parquet") == told.lines
    errors = told.findings["severity"].to_pylist().count("error")
    assert done.stdout.startswith(f"90 notes: {errors} errors, ")
    # Nothing else is left, and what was there is written over as a whole.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.parquet", "lines.parquet", "notes"]
    empty = tmp_path / "empty.parquet"
    pq.write_table(table.slice(0, 0), empty)
    done = program("audit", "empty.parquet", "-o", "found.parquet", *COLUMNS, cwd=tmp_path)
    assert done.returncode == 0
    assert pq.read_table(tmp_path / "found.parquet").schema == told.findings.schema


def test_what_cannot_be_done_is_said(program, tmp_path):
    table = pa.table({"id": [1, 2], "text": [None, "visit: 2026-11-20\n97140 lumbar 5 min\n"]})
    pq.write_table(table, tmp_path / "notes.parquet")
    done = program("audit", "notes.parquet", "-o", "out.parquet", "--errors", "errors.parquet", cwd=tmp_path)
    assert done.returncode == 2
    assert "1 could not be judged" in done.stderr
    assert pq.read_table(tmp_path / "errors.parquet").to_pylist() == [{"id": 1, "error": "The row has no text."}]
    before = (tmp_path / "out.parquet").read_bytes()
    (tmp_path / "none").mkdir()
    (tmp_path / "text.parquet").write_text("S: zanzibar\n")
    for arguments, sentence in [
        (["notes.parquet"], "Say where the findings go"),
        (["notes.parquet", "-o", "out.parquet", "--text", "body"], 'notes.parquet has no column "body"'),
        (["none", "-o", "out.parquet"], "There is no Parquet file in none."),
        (["nowhere.parquet", "-o", "out.parquet"], "nowhere.parquet"),
        (["text.parquet", "-o", "out.parquet"], "Parquet"),
        (["notes.parquet", "-o", "out.parquet", "--config", "no.toml"], "no.toml"),
    ]:
        done = program("audit", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert sentence in done.stderr and "zanzibar" not in done.stderr
        assert (tmp_path / "out.parquet").read_bytes() == before
        assert not list(tmp_path.glob(".out*"))
