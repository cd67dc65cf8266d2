"""The types that an editor and a checker see."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import soapstone


def test_the_package_and_its_use_are_typed(tmp_path):
    package = Path(soapstone.__file__).parent
    assert (package / "py.typed").exists()
    use = tmp_path / "use.py"
    use.write_text(
        "import soapstone\n"
        "found: list[soapstone.Finding] = soapstone.check('S: x', payer='auto')\n"
        "line: int = found[0].start.line\n"
        "note: str = soapstone.import_note('x').text\n"
        "reveal_type(soapstone.claim('S: x').visits[0].lines[0].units)\n"
        "wrong: int = soapstone.explain('x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(use)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    said = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    assert said[0] == 'note: Revealed type is "int"', done.stdout
    assert said[1].startswith("error: Incompatible types in assignment"), done.stdout
    assert len(said) == 3, done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "soapstone._soapstone", "--ignore-missing-stub", "--concise"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
