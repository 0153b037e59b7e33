"""The command line: words in, words out; no business rules.

Importing this is cheap: each command imports what it needs when it runs, so that help is instant.
"""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line; the exit codes are those of design 7."""
    # Rust and BLAS libraries read these once, when they are loaded by a command.
    os.environ.setdefault("POLARS_VERBOSE", "0")
    try:
        from scoreline.cli.app import run

        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal that can't write Cyrillic gets escapes instead of a failure.
                stream.reconfigure(errors="backslashreplace")
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are still being loaded
        code = 130
    sys.exit(code)
