"""`soapstone audit`: a table of notes in Parquet, and what was found in it in Parquet."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from soapstone import checker


def main(arguments: list[str]) -> int:
    """Runs the command. 0 if every note was judged, 2 if one could not be, or if it was called wrongly."""
    options = _parser().parse_args(arguments)
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        print('Parquet needs pyarrow: pip install "soapstone[arrow]".', file=sys.stderr)
        return 2
    try:
        return _audit(options)
    except (OSError, ValueError, KeyError) as error:
        # Of pyarrow too; what is told of a column or a file holds no note.
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="soapstone audit",
        description="Say what a payer would deny in a table of notes. Every note is judged by itself, on all cores; of the table no "
        "more than a few thousand rows are held.",
        epilog="Example: soapstone audit notes.parquet -o findings.parquet --lines lines.parquet",
    )
    parser.add_argument("notes", nargs="+", type=Path, help="Parquet files, or folders with them")
    parser.add_argument("-o", "--output", type=Path, help="where the findings go, a row for each")
    parser.add_argument("--lines", type=Path, help="where the claim lines go, a row for each")
    parser.add_argument("--errors", type=Path, help="where the notes go that could not be judged, and why")
    parser.add_argument("--id", default="id", help="the column with the names of the notes (%(default)s)")
    parser.add_argument("--text", default="text", help="the column with the notes (%(default)s)")
    parser.add_argument("--payer", help="the column that says who pays, for notes that do not")
    parser.add_argument("--date", help="the column with the day, for notes without a visit heading")
    parser.add_argument("--config", help="the settings to use, a soapstone.toml")
    parser.add_argument("--threads", type=int, help="on so many cores; on all if none are named")
    return parser


def _audit(options: argparse.Namespace) -> int:
    from soapstone import arrow

    judged, failed = 0, 0
    found: Counter[str] = Counter()
    outputs = {"findings": options.output, "lines": options.lines, "errors": options.errors}
    if not any(outputs.values()):
        raise ValueError("Say where the findings go: -o findings.parquet.")
    with ExitStack() as files:
        written = {name: files.enter_context(_Output(path)) for name, path in outputs.items() if path}
        told = arrow.batches(
            _read(options),
            checker(options.config),
            id=options.id,
            text=options.text,
            payer=options.payer,
            date=options.date,
            wanted=(True, options.lines is not None),
            threads=options.threads,
        )
        for batch in told:
            errors = arrow.errors_of(batch)
            findings = arrow.rows_of(batch, "findings")
            judged += batch.num_rows - errors.num_rows
            failed += errors.num_rows
            found.update(findings.column("severity").to_pylist())
            for name, output in written.items():
                rows = {"findings": findings, "errors": errors}.get(name)
                output.write(arrow.rows_of(batch, name) if rows is None else rows)
        for output in written.values():
            output.keep()
    names = (("error", "errors"), ("warning", "warnings"), ("info", "remarks"), ("hint", "hints"))
    counts = ", ".join(f"{found[severity]:,} {word}" for severity, word in names)
    print(f"{judged:,} notes: {counts}.")
    if failed:
        print(f"{failed:,} could not be judged; --errors FILE names them.", file=sys.stderr)
    return 2 if failed else 0


def _read(options: argparse.Namespace) -> Iterator[Any]:
    """The columns that are asked for, some rows at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    named = (options.id, options.text, options.payer, options.date)
    columns = list(dict.fromkeys(column for column in named if column is not None))
    for path in options.notes:
        files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if not files:
            raise ValueError(f"There is no Parquet file in {path}.")
        for file in files:
            with pq.ParquetFile(file) as parquet:
                missing = [column for column in columns if column not in parquet.schema_arrow.names]
                if missing:
                    raise ValueError(f'{file} has no column "{missing[0]}"; --id, --text, --payer and --date name them.')
                if parquet.metadata.num_rows == 0:
                    # A table without rows has columns, and what is told of it has them, too.
                    yield pa.RecordBatch.from_pylist([], schema=parquet.read(columns).schema)
                yield from parquet.iter_batches(batch_size=2048, columns=columns)


class _Output:
    """A file that is there as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer: Any = None

    def __enter__(self) -> _Output:
        handle, self.made = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        os.close(handle)
        return self

    def write(self, batch: Any) -> None:
        import pyarrow.parquet as pq

        if self.writer is None:
            self.writer = pq.ParquetWriter(self.made, batch.schema, compression="zstd")
        self.writer.write_batch(batch)

    def keep(self) -> None:
        """Puts what was written into its place."""
        self.writer.close()
        # Only the owner may read what such a file is made as; this one is as others are.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(self.made, 0o666 & ~mask)
        os.replace(self.made, self.path)

    def __exit__(self, *_: object) -> None:
        if os.path.exists(self.made):
            os.unlink(self.made)
