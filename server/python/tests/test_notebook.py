"""The notebook of docs/, run from its first cell to its last."""

from __future__ import annotations

import copy
import os

import nbformat
from nbclient import NotebookClient


def _shown(cell: dict) -> list[str]:
    texts = (output.get("text") or output.get("data", {}).get("text/plain") or str(output) for output in cell["outputs"])
    return ["".join(text).rstrip("\n") for text in texts]


def test_the_notebook_shows_what_it_says(top, tmp_path):
    path = top / "docs/notebooks/audit.ipynb"
    written = nbformat.read(path, as_version=4)
    run = copy.deepcopy(written)
    NotebookClient(run, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    if os.environ.get("SOAPSTONE_BLESS"):
        for cell in run.cells:
            # When a cell was run is no news.
            cell.metadata.pop("execution", None)
        nbformat.write(run, path)
        return
    code = [(before, after) for before, after in zip(written.cells, run.cells, strict=True) if before.cell_type == "code"]
    assert len(code) > 5
    for before, after in code:
        assert _shown(before) == _shown(after), f"SOAPSTONE_BLESS=1 writes the notebook anew\n{before.source}"
