"""The program of the wheel: `soapstone`, or `python -m soapstone`."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Runs the program with the arguments that Python was started with."""
    if sys.argv[1:2] == ["audit"]:
        from soapstone import audit

        return audit.main(sys.argv[2:])
    from soapstone import _soapstone

    # The program runs outside of Python, which would not see Ctrl-C before it ends.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _soapstone.run(["soapstone", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
