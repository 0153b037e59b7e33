"""Records that come as JSON, one by one: each line is registered, or rejected with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scoreline.errors import DataError
from scoreline.jobs.workspace.registering import Registered


def register_lines(
    lines: Iterable[bytes], register: Callable[[dict[str, Any]], Registered]
) -> Iterator[tuple[int, Registered | DataError]]:
    """What became of each line that is not blank, by its number: registered, or why it is not.

    register: keeps and scores one record. Lines are taken as they come, each in a transaction of
    its own, so that what a program writes is registered while it goes on.
    """
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig")
            if text.strip():
                yield number, register(record_of(text))
        except UnicodeDecodeError:
            yield number, DataError("Not UTF-8.", "Write the text as UTF-8.")
        except DataError as error:
            yield number, error


def record_of(text: str) -> dict[str, Any]:
    """The record of a JSON object; raises DataError for what is none.

    >>> record_of('{"lead_id": 7}')
    {'lead_id': 7}
    """
    try:
        found = json.loads(text.strip())
    except json.JSONDecodeError as error:
        raise DataError(
            f"Not JSON from character {error.pos + 1} on.", "Write one whole JSON object."
        ) from None
    except ValueError:
        raise DataError("Not JSON that can be read: a number of it is too long.") from None
    except RecursionError:
        raise DataError("Not JSON that can be read: nested too deeply.") from None
    if not isinstance(found, dict):
        raise DataError(
            "JSON, but no object with names and values.",
            'It must look like {"lead_id": 7, "email": "anna@acme.ru"}.',
        )
    return found
