"""Compiled functions: kept under the sources they were made from, and made without a cache too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from scoreline.engines.local import compiled as module
from scoreline.engines.local import edition as edition_module
from scoreline.engines.local.compiled import (
    BLOCK,
    compiled,
    copy_block,
    part,
    trailing_zeros,
)
from scoreline.engines.local.edition import edition, is_compiled


@part
def _zeros_of(number: int) -> int:
    return trailing_zeros(number)


def test_zeros_at_the_end_of_a_number() -> None:
    @numba.njit
    def zeros(number: int) -> int:
        return _zeros_of(number)

    assert [zeros(1 << place) for place in range(63)] == list(range(63))
    assert zeros(0b101000) == 3


def test_copies_a_block_to_any_place() -> None:
    @numba.njit
    def copy(to: Any, at: int, source: Any, begin: int) -> None:
        copy_block(to, at, source, begin)

    source, to = np.arange(40, dtype=np.uint8), np.zeros(40, np.uint8)
    copy(to, 3, source, 7)
    assert to.tolist() == [0] * 3 + list(range(7, 7 + BLOCK)) + [0] * (37 - BLOCK)


def test_the_cache_is_kept_by_the_sources() -> None:
    from scoreline.engines.local import decoder

    assert decoder.decode.__qualname__ == f"decode-{edition()}"


def test_whether_the_decoder_was_compiled_is_seen_from_its_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "scan_1").mkdir()
    (tmp_path / "scan_1" / f"scan.scan-{edition()}-1.py311.nbi").touch()
    assert not is_compiled("decoder.decode")
    (tmp_path / "scan_1" / f"decoder.decode-{edition()}-32.py311.nbi").touch()
    assert is_compiled("decoder.decode")
    monkeypatch.setattr(edition_module, "edition", lambda: "of other sources")
    assert not is_compiled("decoder.decode")


def test_without_a_folder_for_the_cache_functions_are_compiled_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    monkeypatch.setattr(module, "njit", nowhere)

    def double(number: int) -> int:
        return 2 * number

    assert compiled(double)(21) == 42
