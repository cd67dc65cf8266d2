"""How fast tables of notes are judged: as files, as a stream, from Parquet and on Spark, and how time and memory grow.

    cargo xtask bench tables [COUNT...]

builds the release program and the release wheel and runs this with them: 2,000, 20,000 and 200,000 notes unless told otherwise. What
is printed goes into docs/performance.md. Nothing else is to run on the machine meanwhile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import generated
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
CORES = len(os.sched_getaffinity(0))
TODAY = {"SOAPSTONE_TODAY": "2026-11-20"}


@dataclass
class Run:
    """How long something took, and how much memory its largest process had."""

    seconds: float
    megabytes: float


def made(folder: Path, count: int) -> int:
    """The notes in every form; how many bytes they are."""
    bytes_in_all = 0
    with open(folder / "notes.jsonl", "w", encoding="utf-8") as lines:
        for row in generated.notes(count):
            # What stands beside it in a table stands in it in a file.
            bytes_in_all += len(row.text.encode())
            inside = folder / "files" / f"{row.id // 1000:04}"
            inside.mkdir(parents=True, exist_ok=True)
            (inside / f"{row.id}.soap").write_text(row.text, encoding="utf-8")
            record = {"id": row.id, "text": row.text, "payer": row.payer, "date": row.date.isoformat()}
            lines.write(json.dumps(record) + "\n")
    with pq.ParquetWriter(folder / "notes.parquet", generated.table(1).schema, compression="zstd") as parquet:
        for start in range(0, count, 10_000):
            parquet.write_table(generated.table(min(10_000, count - start), start))
    return bytes_in_all


class Memory:
    """The most memory that one of some processes had while a child ran.

    What the system says of a child that ended begins with the memory of this process, from which it was made.
    """

    def __init__(self, child: subprocess.Popen, processes: Callable[[], list[int]], seconds: float):
        self._most = 0.0
        self._child, self._processes, self._seconds = child, processes, seconds
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()

    def _watch(self) -> None:
        while self._child.poll() is None:
            self._most = max([self._most, *map(_most_so_far, self._processes())])
            time.sleep(self._seconds)

    def megabytes(self) -> float:
        """When the child has ended."""
        self._watcher.join()
        return self._most


def run(arguments: list[str | Path], stdin: Path | None = None) -> Run:
    """Runs a program with its output thrown away."""
    with open(stdin or os.devnull, "rb") as source, open(os.devnull, "wb") as nowhere:
        start = time.perf_counter()
        child = subprocess.Popen(arguments, stdin=source, stdout=nowhere, stderr=nowhere, env={**os.environ, **TODAY})
        memory = Memory(child, lambda: [child.pid], 0.02)
        child.wait()
        seconds = time.perf_counter() - start
    if child.returncode not in (0, 1):
        raise SystemExit(f"{arguments} ended with {child.returncode}")
    return Run(seconds, memory.megabytes())


def on_spark(folder: Path, count: int) -> Run:
    """Audits the table on as many workers as there are cores; Spark's own start is not counted."""
    script = [sys.executable, HERE / "bench_spark.py", folder, str(CORES)]
    child = subprocess.Popen(script, stdout=subprocess.PIPE, env={**os.environ, **TODAY}, text=True)
    memory = Memory(child, lambda: _workers(child.pid), 0.2)
    told, _ = child.communicate()
    if child.returncode != 0:
        raise SystemExit("the audit on Spark did not end well")
    answer = json.loads(told.splitlines()[-1])
    assert answer["notes"] == count, answer
    return Run(answer["seconds"], memory.megabytes())


def _workers(root: int) -> list[int]:
    """The processes of Python that Spark started."""
    parents, workers = {}, []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if b"pyspark.daemon" in (entry / "cmdline").read_bytes():
                    workers.append(int(entry.name))
            except OSError:
                continue

    def is_ours(process: int) -> bool:
        while process in parents and process != root:
            process = parents[process]
        return process == root

    return [worker for worker in workers if is_ours(worker)]


def _most_so_far(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0")
    return int(line.split()[1]) / 1024


def main() -> None:
    program, *counts = sys.argv[1:]
    print(f"On {CORES} cores, pyarrow {pa.__version__}:\n")
    print("| notes | MB | how | seconds | MB/s a core | notes an hour, a core | MB of memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for count in map(int, counts or ("2000", "20000", "200000")):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            megabytes = made(folder, count) / 1e6
            check = [program, "check", "--fail-on", "never", "--output-format", "jsonl"]
            audit = [sys.executable, "-m", "soapstone", "audit", folder / "notes.parquet", "--payer", "payer", "--date", "date"]
            for how, measured in (
                ("files", lambda: run([*check, folder / "files"])),
                ("stream", lambda: run([*check, "--stdin", "jsonl"], folder / "notes.jsonl")),
                ("Parquet", lambda: run([*audit, "-o", folder / "found.parquet", "--lines", folder / "lines.parquet"])),
                ("Spark", lambda: on_spark(folder, count)),
            ):
                took = measured()
                a_core = megabytes / took.seconds / CORES
                hourly = count / took.seconds / CORES * 3600
                print(
                    f"| {count:,} | {megabytes:.1f} | {how} | {took.seconds:.2f} | {a_core:.2f} | {hourly:,.0f} | {took.megabytes:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
