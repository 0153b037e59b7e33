"""Random condition trees over declared fields.

A `Trees` remembers, for every field, the literals it was compared with (`edges`): records are
later laid on them and one ulp beside.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any

Tree = tuple[Any, ...]

NUMERIC = ("number", "integer", "money")
TEXTUAL = ("text", "email", "phone", "country", "postcode", "company id", "name", "iban")
KIND = {
    **dict.fromkeys(NUMERIC, "number"),
    **dict.fromkeys(TEXTUAL, "text"),
    **{"choice": "choice", "yes/no": "yes/no", "date": "date", "time": "time"},
}
FACTS = {
    "email": {"kind": "choice", "role": "yes/no", "domain": "text", "status": "choice"},
    "phone": {"status": "choice", "e164": "text", "country": "text"},
    "company id": {"status": "choice", "kind": "choice", "country": "text"},
}
NUMBERS = [
    *("0", "1", "-1", "2", "3", "5", "10", "0.1", "0.2", "0.3", "0.30000000000000004", "100"),
    *("1e5", "100000", "99999.99", "-0.0", "2.5", "1.005", "-273.15", "9007199254740991"),
    *("9007199254740992", "9007199254740993", "9223372036854775808", "-9007199254740992"),
    *("1e300", "1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "1e-9"),
]
TEXTS = [
    *("NO", "null", "nan", "012", "12:30", "1e5", "yes", "~", "CTO", "cto", "Acme", "O'Brien"),
    *("a;b", 'say "hi"', "back\\slash", "a\\nb", "100%", "a_b", "--", "/*", "$1", "{x}", "{{7*7}}"),
    *("Москва", "москва", "İstanbul", "istanbul", "ıstanbul", "STRASSE", "Straße", "straße"),
    *("Café", "Cafe\u0301", "ΐ", "Ωmega", "ﬁn", "日本", "😀", "a", "A", "Ａ", "ẞ", "é", "e\u0301"),
]
DATES = [
    *("2024-02-29", "2024-02-28", "2024-03-01", "2026-03-29", "2026-10-25", "2026-01-31"),
    *("1970-01-01", "1969-12-31", "2000-02-29", "1900-03-01", "2026-11-01", "2038-01-19"),
]
MOMENTS = [
    *("2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2024-02-29T23:59:59Z"),
    *("2026-01-31T12:30:00Z", "1970-01-01T00:00:00Z", "2024-02-29"),
]
NULL: Tree = ("case", [], None)
"""A CASE that nothing can enter: written as the word NULL."""
BOOLEAN = {"and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "in", "between", "is null"}
POOLS = {
    "kind": ["corporate", "free", "Disposable", "relay", "invalid"],
    "status": ["ok", "suspect", "INVALID"],
    "domain": ["gmail.com", "acme.ru", "mail.acme.co.uk", "bücher.de"],
    "e164": ["+79123456789", "+33123456789"],
    "country": ["RU", "FR", "DE", "TR"],
    "email": ["anna@acme.ru", "ivan@gmail.com"],
    "phone": ["+79123456789", "+33123456789"],
    "postcode": ["101000", "SW1A 1AA", "012345"],
    "company id": ["7707083893", "FR40303265045"],
    "name": ["Anna Karenina", "ИВАНОВ ИВАН"],
    "iban": ["GR16 0110 1050 0000 1054 7023 795"],
}


def fold(text: str) -> str:
    """A choice as it is compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class Trees:
    """Draws trees over `fields`; `edges` collects the leaves each field was compared with."""

    def __init__(self, random: Random, fields: dict[str, Any], as_of: Any, traps: Counter[str]):
        self.random, self.fields, self.as_of, self.traps = random, fields, as_of, traps
        self.edges: dict[str, list[Tree]] = defaultdict(list)
        self.near: dict[str, list[Tree]] = defaultdict(list)  # edges no literal stands for
        self.sources: dict[str, list[Tree]] = defaultdict(list)
        for name, field in fields.items():
            self.sources[KIND[field["type"]]].append(("field", name))
            for fact, kind in FACTS.get(field["type"], {}).items():
                self.sources[kind].append(("fact", name, fact))

    def trap(self, name: str) -> None:
        self.traps[name] += 1

    def condition(self, depth: int = 3) -> Tree:
        """A truth: mostly one comparison, at times a small tree of them."""
        shape = self.random.random()
        if depth and shape < 0.18:
            parts = [self.condition(depth - 1) for _ in range(self.random.randint(2, 3))]
            return (self.random.choice(["and", "or"]), *parts)
        if depth and shape < 0.24:
            return ("not", self.condition(depth - 1))
        if depth and shape < 0.27:
            return self.case(lambda: self.condition(depth - 1), depth)
        if shape < 0.34:
            return self.null_test(depth)
        return self.test_of(self.random.choice(self.kinds()), depth)

    def kinds(self) -> list[str]:
        return [kind for kind, found in self.sources.items() if found]

    def test_of(self, kind: str, depth: int) -> Tree:
        if kind == "number":
            return self.test_number(depth)
        if kind in ("choice", "text"):
            return self.test_text(kind, depth)
        return self.test_yes_no(depth) if kind == "yes/no" else self.test_moment(kind, depth)

    def null_test(self, depth: int) -> Tree:
        kind = self.random.choice(self.kinds())
        operand = self.random.choice(self.sources[kind])
        if kind == "number" and self.random.random() < 0.4:
            operand = self.number(depth)
        elif depth and self.random.random() < 0.15:
            operand = self.condition(depth - 1)
            self.trap("condition as a value")
        boolean = kind == "yes/no" or operand[0] in BOOLEAN
        if boolean and self.random.random() < 0.6:
            self.trap("IS TRUE, IS FALSE")
            test = (self.random.choice(["is true", "is false"]), operand)
        else:
            test = ("is null", operand)
        return ("not", test) if self.random.random() < 0.5 else test

    def test_number(self, depth: int) -> Tree:
        shape = self.random.random()
        source = self.random.choice(self.sources["number"])
        operand = self.number(depth - 1) if depth and shape < 0.04 else source
        if shape < 0.1:
            low, high = sorted((self.edge(source), self.edge(source)), key=lambda e: float(e[1]))
            return ("between", operand, low, high)
        if shape < 0.16:
            operand = self.number(depth - 1) if depth and shape < 0.12 else source
            return ("in", operand, [self.edge(source) for _ in range(self.random.randint(1, 4))])
        compare = self.random.choice(["<", "<=", ">", ">=", "=", "<>"])
        if shape < 0.5 and depth:
            return (compare, self.number(depth), self.number(depth - 1))
        if shape < 0.58:
            return (compare, self.edge(source), source)
        return (compare, source, self.edge(source))

    def test_text(self, kind: str, depth: int) -> Tree:
        source = self.random.choice(self.sources[kind])
        shape = self.random.random()
        if shape < 0.25 and kind == "text":
            return self.part_of_text(source)
        if shape < 0.32:
            return ("=", source, self.random.choice(self.sources[kind]))
        if shape < 0.42 and depth:
            self.trap("coalesce")
            return ("=", ("coalesce", source, self.edge(source)), self.edge(source))
        if shape < 0.48 and depth and kind == "text":
            chosen = self.case(lambda: self.edge(source), depth)
            return (self.random.choice(["=", "<>"]), source, chosen)
        return self.equality(source)

    def part_of_text(self, source: Tree) -> Tree:
        self.trap("part of a text")
        literal = self.edge(source)[1]
        part = {
            "starts_with": literal[: self.random.randint(1, len(literal))],
            "ends_with": literal[-self.random.randint(1, len(literal)) :],
            "contains": literal[len(literal) // 2 :],
        }
        how = self.random.choice(list(part))
        return (how, source, ("text", part[how]))

    def equality(self, source: Tree) -> Tree:
        if self.random.random() < 0.4:
            listed = ("in", source, [self.edge(source) for _ in range(self.random.randint(1, 5))])
            return ("not", listed) if self.random.random() < 0.3 else listed
        return (self.random.choice(["=", "=", "<>"]), source, self.edge(source))

    def test_yes_no(self, depth: int) -> Tree:
        source = self.random.choice(self.sources["yes/no"])
        if self.random.random() < 0.4:
            return source
        if depth and self.random.random() < 0.2:
            self.trap("condition as a value")
            source = self.condition(depth - 1)
        if depth and self.random.random() < 0.2:
            self.trap("coalesce")
            return ("coalesce", source, ("yes/no", self.random.random() < 0.5))
        other = ("yes/no", self.random.random() < 0.5)
        if self.random.random() < 0.2:
            other = self.random.choice(self.sources["yes/no"])
        return (self.random.choice(["=", "<>"]), source, other)

    def test_moment(self, kind: str, depth: int) -> Tree:
        source = self.random.choice(self.sources[kind])
        compare = self.random.choice(["<", "<=", ">", ">=", "=", "<>"])
        shape = self.random.random()
        if shape < 0.25:
            days = self.random.choice([0, 1, 29, 30, 365, 366, -1, -1, -30])
            moment = datetime.fromisoformat(self.as_of) - timedelta(days=days)
            when = moment.date().isoformat() if kind == "date" else moment.isoformat()
            self.near["__".join(source[1:])].append(("moment", when))
            self.trap("days_between")
            return (compare, ("days_between", source, ("as_of",)), ("number", str(days)))
        if shape < 0.35:
            self.near["__".join(source[1:])].append(("moment", self.as_of))
            return (compare, source, ("as_of",))
        if shape < 0.42:
            return (compare, source, self.random.choice(self.sources[kind]))
        if shape < 0.47 and depth:
            self.trap("coalesce")
            either = ("coalesce", source, self.random.choice(self.sources[kind]))
            return (compare, either, self.edge(source))
        if shape < 0.52:
            low, high = sorted((self.edge(source), self.edge(source)), key=lambda e: e[1])
            return ("between", source, low, high)
        if shape < 0.6:
            return ("in", source, [self.edge(source) for _ in range(self.random.randint(1, 3))])
        return (compare, source, self.edge(source))

    def number(self, depth: int) -> Tree:
        """A number: a field, a literal, arithmetic, days, coalesce or CASE."""
        shape = self.random.random()
        source = self.random.choice(self.sources["number"])
        if not depth or shape < 0.2:
            return source
        if shape < 0.3:
            return self.edge(source)
        if shape < 0.45:
            self.trap("coalesce")
            return ("coalesce", source, self.number(depth - 1))
        if shape < 0.53:
            return self.case(lambda: self.number(depth - 1), depth)
        moments = self.sources["date"] + self.sources["time"]
        if shape < 0.6 and moments:
            self.trap("days_between")
            return ("days_between", self.random.choice(moments), self.random.choice(moments))
        if shape < 0.63:
            return ("negative", source)
        head = self.random.choice(["+", "-", "*", "/", "/"])
        if head == "/":
            self.trap("division")
            self.near["__".join(source[1:])].append(("number", "0"))
            return (head, self.number(depth - 1), source)
        return (head, self.number(depth - 1), self.number(depth - 1))

    def case(self, make: Any, depth: int) -> Tree:
        self.trap("CASE")
        count = self.random.randint(1, 3)
        branches = [(self.condition(depth - 1), make()) for _ in range(count)]
        if self.random.random() < 0.25:
            self.trap("simple CASE")
            source = self.random.choice(self.sources[self.random.choice(self.kinds())])
            branches = [(("=", source, self.edge(source)), then) for _, then in branches]
        if count > 1 and self.random.random() < 0.2:
            self.trap("NULL in a CASE")
            branches[-1] = (branches[-1][0], NULL)
        if self.random.random() < 0.3:  # branches that agree settle a CASE
            branches = [(test, branches[0][1]) for test, _ in branches]
            return ("case", branches, branches[0][1])
        return ("case", branches, make() if self.random.random() < 0.6 else None)

    def edge(self, source: Tree) -> Tree:
        """A literal fit to stand beside a field or fact, remembered as its edge."""
        kind = FACTS[self.fields[source[1]]["type"]][source[2]] if len(source) > 2 else ""
        kind = kind or KIND[self.fields[source[1]]["type"]]
        leaf = self.leaf(kind, source)
        self.edges["__".join(source[1:])].append(leaf)
        return leaf

    def leaf(self, kind: str, source: Tree) -> Tree:
        known = self.edges["__".join(source[1:])]
        if known and self.random.random() < 0.3:
            return self.random.choice(known)
        if kind == "number":
            if self.random.random() < 0.4:
                return ("number", repr(round(self.random.uniform(-100, 1000), 2)))
            return ("number", self.random.choice(NUMBERS))
        if kind in ("date", "time"):
            pool = DATES if kind == "date" else MOMENTS
            return ("moment", self.random.choice(pool))
        if kind == "yes/no":
            return ("yes/no", self.random.random() < 0.5)
        pool = POOLS.get(source[-1] if len(source) > 2 else self.fields[source[1]]["type"], TEXTS)
        return (kind, self.random.choice(pool))
