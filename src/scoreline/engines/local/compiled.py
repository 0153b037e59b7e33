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

from scoreline.engines.local.edition import edition

F = TypeVar("F", bound=Callable[..., Any])
njit: Any = numba.njit


def compiled(function: F) -> F:
    """The function compiled on its first call; it runs without the interpreter's lock."""
    # The name is part of the name of the file in the cache.
    function.__qualname__ = f"{function.__qualname__}-{edition()}"
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder for the cache
        return cast(F, njit(nogil=True)(function))


def part(function: F) -> F:
    """A function that only compiled functions call: it becomes a part of them.

    Without both options a call costs 150-300 ns, more than the work of most parts: arrays are
    handed on with their reference counts counted up and down. Parts must not make arrays.
    """
    return cast(F, njit(nogil=True, forceinline=True, _nrt=False)(function))


def _trailing_zeros(_typing: Any, number: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), code


trailing_zeros = cast(Callable[[int], int], intrinsic(_trailing_zeros))
"""Place of the lowest bit set of an integer that is not zero: one machine instruction."""

BLOCK = 16


def _copy_block(_typing: Any, to: Any, at: Any, source: Any, begin: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def place(array: int, offset: int) -> Any:
            made = context.make_array(signature.args[array])
            data = made(context, builder, arguments[array]).data
            where = builder.gep(data, [arguments[offset]])
            return builder.bitcast(where, ir.IntType(8 * BLOCK).as_pointer())

        builder.store(builder.load(place(2, 3), align=1), place(0, 1), align=1)
        return context.get_dummy_value()

    return types.void(to, types.int64, source, types.int64), code


copy_block = cast(Callable[[Any, int, Any, int], None], intrinsic(_copy_block))
"""Copy BLOCK bytes from a place of an array of bytes to a place of another; nothing is checked."""
