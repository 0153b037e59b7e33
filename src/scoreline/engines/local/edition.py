"""Which edition of the compiled functions this is, and what this machine has compiled before.

Nothing here imports numba, which takes a second to load.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def edition() -> str:
    """A mark of this folder's sources: numba itself looks only at the file of the function."""
    sources = sorted(HERE.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def is_compiled(function: str) -> bool:
    """Whether an earlier run on this machine left a function compiled.

    function: its module and name, `decoder.decode`.
    """
    left = f"{function}-{edition()}-*.nbi"
    return any(next(folder.rglob(left), None) for folder in _folders())


def _folders() -> Iterator[Path]:
    """Where numba keeps what it compiled, in the order it looks."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(given)
        return
    yield from HERE.parents[1].rglob("__pycache__")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    yield Path(home) / "numba"
