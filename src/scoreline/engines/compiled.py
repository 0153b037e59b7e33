"""Functions compiled to machine code, kept between runs wherever this user may write.

numba keeps its cache beside the module, else in the user's cache folder, or where NUMBA_CACHE_DIR
says. Where none of them can be written, functions are compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function compiled on its first call; it runs without the interpreter's lock."""
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder for the cache
        return cast(F, numba.njit(nogil=True)(function))


def part(function: F) -> F:
    """A function that only compiled functions call: compiled and cached with them."""
    return cast(F, numba.njit(nogil=True)(function))


def _trailing_zeros(_typing: Any, number: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), code


trailing_zeros = cast(Callable[[int], int], intrinsic(_trailing_zeros))
"""Place of the lowest bit set of an integer that is not zero: one machine instruction."""
