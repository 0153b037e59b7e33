"""Whether domains take mail: asked of the net, where that was asked for, once for each domain.

Answers are kept in a file with the moment until which they hold. What was not answered is unknown,
is not kept, and proves nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, get_args

Answer = Literal["takes mail", "takes none", "unknown"]
Ask = Callable[[str], Answer]
"""Domain -> whether it takes mail."""

HOLDS: Mapping[Answer, dt.timedelta] = {
    "takes mail": dt.timedelta(days=30),
    "takes none": dt.timedelta(days=1),
}
"""How long an answer holds: a domain that takes mail seldom stops, one that takes none may have had
a bad day."""
CONTROL = "gmail.com"
"""A domain that takes mail: where the net denies it, as some fire walls do, it can't be believed
of others."""
SECONDS, AT_ONCE = 5, 16
"""How long a domain is waited for, and how many are asked at once."""


def ask_dns(domain: str) -> Answer:
    """What the domain name system says: mail exchangers, else addresses, as e-mail is delivered."""
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer
    from email_validator import (
        EmailNotValidError,
        EmailUndeliverableError,
        caching_resolver,
        validate_email,
    )
    from email_validator.deliverability import validate_email_deliverability

    try:
        name = validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
        resolver = caching_resolver(timeout=SECONDS)
        found = validate_email_deliverability(name, domain, dns_resolver=resolver)
    except EmailUndeliverableError as error:
        # The library calls every error so; only what the name system said itself is an answer.
        said = error.__cause__ is None or isinstance(error.__cause__, NXDOMAIN | NoAnswer)
        return "takes none" if said else "unknown"
    except (EmailNotValidError, DNSException, OSError):  # no resolver is set up, or no such name
        return "unknown"
    return "unknown" if "unknown-deliverability" in found else "takes mail"


def mail_answers(
    domains: Iterable[str], ask: Ask, kept: Path, now: dt.datetime
) -> dict[str, Answer]:
    """Domain -> whether it takes mail, from the file of answers or asked.

    kept: the file; one that can't be read counts as empty. now: until when its answers must hold.
    """
    known = _read(kept)
    wanted = sorted(set(domains))
    open_ = [domain for domain in wanted if not _holds(known.get(domain), now)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = dict(zip(open_, pool.map(ask, open_), strict=True))
    if "takes none" in asked.values() and ask(CONTROL) != "takes mail":
        asked = {d: one if one == "takes mail" else "unknown" for d, one in asked.items()}
    for domain, answer in asked.items():
        if answer in HOLDS:
            until = now + HOLDS[answer]
            known[domain] = {
                "answer": answer,
                "asked": now.isoformat(timespec="seconds"),
                "until": until.isoformat(timespec="seconds"),
            }
    if any(answer in HOLDS for answer in asked.values()):
        _write(kept, {d: one for d, one in sorted(known.items()) if _holds(one, now)})
    return {domain: asked.get(domain) or _answer(known[domain]) for domain in wanted}


def answers_file() -> Path:
    """Where answers are kept: `scoreline/mail-domains.json` in the user's folder of caches."""
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Caches"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return folder / "scoreline" / "mail-domains.json"


def _holds(one: Mapping[str, str] | None, now: dt.datetime) -> bool:
    """Whether a kept answer is whole and holds now."""
    try:
        if one is None or one["answer"] not in HOLDS:
            return False
        return dt.datetime.fromisoformat(one["until"]) > now
    except (KeyError, TypeError, ValueError):
        return False


def _answer(one: Mapping[str, str]) -> Answer:
    return next(answer for answer in get_args(Answer) if answer == one["answer"])


def _read(kept: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(kept: Path, known: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the answers; where nothing can be kept, the next run asks again."""
    beside = kept.with_suffix(f".{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(known, indent=1, ensure_ascii=False), encoding="utf-8")
        beside.replace(kept)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
