"""The program that the wheel installs beside the module."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import soapstone
from conftest import PROGRAM


def test_it_is_the_program(program, bare, tmp_path):
    (tmp_path / "a.soap").write_text(f"visit: 2026-05-07\n{bare}")
    assert program("--version").stdout.startswith(f"soapstone {soapstone.__version__}\n")
    done = program("check", ".", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.soap:5:16: error[inverted-range]" in done.stdout
    assert program("check", ".", "--fail-on", "never", cwd=tmp_path).returncode == 0
    assert program("check", "none.soap", cwd=tmp_path).returncode == 2
    wrong = program("chekc")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    module = subprocess.run([sys.executable, "-m", "soapstone", "explain", "inverted-range"], capture_output=True, check=True, cwd=tmp_path)
    assert module.stdout.startswith(b"# inverted-range")


def test_it_serves_an_editor(tmp_path):
    def message(body: dict) -> bytes:
        text = json.dumps({"jsonrpc": "2.0", **body}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)

    session = message({"id": 1, "method": "initialize", "params": {"capabilities": {}}})
    session += message({"id": 2, "method": "shutdown"}) + message({"method": "exit"})
    done = subprocess.run([PROGRAM, "lsp"], input=session, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert b'"serverInfo"' in done.stdout


def test_ctrl_c_ends_it(tmp_path):
    (tmp_path / "a.soap").write_text("S: x\n")
    child = subprocess.Popen([PROGRAM, "check", "--watch"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    for _ in range(600):
        if child.poll() is not None:
            break
        time.sleep(0.05)
    assert child.returncode == -signal.SIGINT
    child.stdout.close()
