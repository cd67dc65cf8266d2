"""The part of bench.py that runs in Spark: judges a table once and says how long that took."""

from __future__ import annotations

import json
import os
import sys
import time

from pyspark.sql import SparkSession
from soapstone import spark


def main() -> None:
    folder, cores = sys.argv[1:]
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.local.dir", f"{folder}/local")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    notes = session.read.parquet(f"{folder}/notes.parquet").repartition(4 * int(cores))
    start = time.perf_counter()
    audit = spark.audit(notes, "id", "text", "payer", date="date", keep=None).write(f"{folder}/audited")
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "notes": audit.notes.count()}))
    session.stop()


if __name__ == "__main__":
    main()
