"""`quality`: what is wrong with a base."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scoreline.cli import arguments as a
from scoreline.cli.output import Format, out, print_json, rate_text, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoreline.analytics.base_score import Part
    from scoreline.jobs.quality.effect import Effect
    from scoreline.jobs.quality.merging import MergeAsked
    from scoreline.jobs.quality.results import Column, Quality, Way
    from scoreline.jobs.quality.scoring import BaseScore


def quality(
    data: a.Data,
    card: Annotated[
        Path | None,
        typer.Option(
            "--card",
            metavar="CARD",
            help="Check the fields of this card; every column, by what it holds, without one.",
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="CLEAN",
            help="Write the base, its log of changes and the suggestions that wait.",
        ),
    ] = None,
    apply: Annotated[
        list[str] | None,
        typer.Option(
            "--apply",
            metavar="RULE",
            help="Change cells by this rule in what is written: trim, email-domain, e164. "
            "May be repeated; none runs by itself.",
        ),
    ] = None,
    merge: Annotated[
        str | None,
        typer.Option(
            "--merge",
            metavar="CLUSTERS",
            help="Write one row for each cluster of this file, which `duplicates --out` wrote.",
        ),
    ] = None,
    least: Annotated[
        float | None,
        typer.Option(
            "--merge-from",
            metavar="POINTS",
            help="Join only records whose strongest link has so many points at least.",
        ),
    ] = None,
    latest: Annotated[
        str | None,
        typer.Option(
            "--latest",
            metavar="COL",
            help="The column that dates a record: of joined ones the latest is believed first.",
        ),
    ] = None,
    survive: Annotated[
        list[str] | None,
        typer.Option(
            "--survive",
            metavar="COL=RULE",
            help="Which value of a column stays: most, latest, complete, longest or first. May be "
            "repeated.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help="Write a page of what was found."),
    ] = None,
    findings: Annotated[
        str | None,
        typer.Option(
            "--findings", metavar="FILE", help="Write every finding: row, record, value, meant."
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel", metavar="COL", help="Compare channels: the column that names them."
        ),
    ] = None,
    created: Annotated[
        str | None,
        typer.Option(
            "--created",
            metavar="COL",
            help="Show the trend: the column that says when a record came in.",
        ),
    ] = None,
    duplicates: Annotated[
        Path | None,
        typer.Option(
            "--duplicates",
            metavar="CLUSTERS",
            help="Put clusters that `scoreline duplicates --out` found on the page.",
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="QUALITY.yaml",
            help="Write the card that scores how good the data of a record are.",
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country",
            metavar="CODE",
            help="Country of phones, postcodes, regions and company ids that don't say theirs: FR.",
        ),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            "--order",
            metavar="ORDER",
            help="Order of day, month and year in dates that don't say it: dmy, mdy or ymd.",
        ),
    ] = None,
    mx: Annotated[
        bool,
        typer.Option(
            "--mx",
            help="Ask the net whether the domains of e-mail addresses take mail; each once.",
        ),
    ] = False,
    as_of: a.AsOfText = None,
    encoding: a.Encoding = None,
    separator: a.Separator = None,
    sheet: a.Sheet = None,
    output: a.OutputFormat = Format.text,
) -> None:
    """Check a base: each cell, the cells of a record together, the records together."""
    from scoreline.errors import UsageError, counted
    from scoreline.jobs.outputs import Outputs
    from scoreline.jobs.quality.beside import beside
    from scoreline.jobs.quality.checking import quality_of
    from scoreline.jobs.quality.page import write_page
    from scoreline.jobs.quality.results import QualityAsked
    from scoreline.jobs.quality.source import copy_file
    from scoreline.quality.checks.mail_domains import ask_dns
    from scoreline.quality.reading.files import ReadOptions
    from scoreline.scoring.moments import moment

    if apply and file is None:
        raise UsageError("--apply changes what is written: say where, --out CLEAN.")
    outputs = Outputs(file, report, findings, model, beside=() if file is None else beside(file))
    outputs.check((data, card, duplicates, merge))
    if file is not None and outputs.to_stdout:
        raise UsageError("A clean base stands beside its log.", "Name a file: --out CLEAN.csv.")
    if duplicates is not None and report is None:
        raise UsageError("--duplicates are for the page.", "Say where: --report FILE.html.")
    check_reading(country, order)
    rules = tuple(apply or ())
    merging = _merging(merge, least, latest, survive or [])
    if merging is not None and file is None:
        raise UsageError("--merge changes what is written: say where, --out CLEAN.")
    asked = QualityAsked(
        card=card,
        country=country,
        order=order,
        as_of=moment(as_of),
        out=file,
        rules=rules,
        channel=channel,
        created=created,
        findings=findings,
        model=model,
        duplicates=duplicates,
        merging=merging,
        mx=ask_dns if mx else None,
    )
    found = quality_of(data, asked, ReadOptions(encoding, separator, sheet))
    if report:
        write_page(found, data, asked, report)
    if output is Format.json:
        print_json(found.json())
    else:
        show(found)
        if found.cleaned:
            for rule, count in found.cleaned.by_rule.items():
                say(out(), f"Changed by the rule {rule}: {counted(count, 'cell')}.")
            say(out(), f"{counted(found.cleaned.suggestions, 'suggestion')} to look through.")
            if merging is not None:
                clusters = counted(found.cleaned.clusters, "cluster")
                say(out(), f"Joined: {clusters}; {counted(found.cleaned.gone, 'row')} fewer.")
                if unnamed := found.cleaned.unnamed:
                    say(
                        out(),
                        f"Not in the file of clusters: {counted(unnamed, 'row')}, which stay.",
                    )
        if found.effects:
            show_effects(found.effects)
        written = found.cleaned.written if found.cleaned else None
        copy = copy_file(file) if file and written and written.copied else None
        for path in (file, copy, report, findings, model):
            if path:
                say(out(), f"Written: {path}")
        if written and written.kept:
            say(out(), f"Kept: {written.kept}, the copy of an earlier source.")
    raise typer.Exit(found.exit_code)


quality.example = (  # type: ignore[attr-defined]
    "Example: scoreline quality customers.csv --country FR --report quality.html"
)


def _merging(
    clusters: str | None, least: float | None, latest: str | None, survive: Sequence[str]
) -> MergeAsked | None:
    """How rows are joined, if they are."""
    from scoreline.errors import UsageError
    from scoreline.jobs.quality.merging import MergeAsked
    from scoreline.quality.changes.surviving import rule_named

    if clusters is None:
        options = (("--merge-from", least), ("--latest", latest), ("--survive", survive or None))
        for option, value in options:
            if value is not None:
                raise UsageError(f"{option} is of rows that are joined.", "Say --merge CLUSTERS.")
        return None
    rules = {}
    for pair in survive:
        column, equals, rule = pair.rpartition("=")
        if not equals or not column:
            raise UsageError(f"`{pair}` is no rule of a column.", "Write COL=RULE: phone=latest.")
        rules[column] = rule_named(rule)
    return MergeAsked(clusters, least, latest, rules)


def show(found: Quality) -> None:
    """A table of the columns, and what was found in each."""
    console = out()
    columns = ("column", "taken for", "filled", "ok", "suspect", "bad", "unknown")
    rows = [_row(column, found.rows) for column in found.columns]
    console.print(table(columns, rows, "|".join(columns[2:])))
    say(
        console,
        f"{found.rows:,} records checked: in {found.sound:,} nothing is bad or doubtful, "
        f"in {found.whole:,} nothing is missing.",
    )
    if found.score:
        show_score(found.score)
    for rejected in found.rejected[:3]:
        say(console, f"Row {rejected.row:,} is rejected: {rejected.reason}.")
    if len(found.rejected) > 3:
        say(console, f"{len(found.rejected):,} rows are rejected in all.")
    for note in found.notes:
        say(console, f"{note.level}: {note.message} {note.hint}".rstrip())
    for column in found.columns:
        for one in column.found:
            first = f" (first: record {one.records[0].key})" if one.records else ""
            say(console, f"{one.level}: {column.name}: {one.message} {one.count:,} x{first}")
            if one.hint:
                say(console, f"  {one.hint}")


def check_reading(country: str | None, order: str | None) -> None:
    """Raise UsageError for a country or an order of dates that there is not."""
    from scoreline.errors import UsageError
    from scoreline.quality.typing.countries import read_country

    if country is not None and not isinstance(read_country(country), str):
        raise UsageError(f"--country {country} is no country.", "Write its code, such as FR.")
    if order not in (None, "dmy", "mdy", "ymd"):
        raise UsageError(f"--order {order} is no order of dates.", "Say dmy, mdy or ymd.")


def show_score(score: BaseScore) -> None:
    """The score of the base, and tables by channel and over time."""
    from scoreline.errors import counted

    console = out()
    about = f" for {score.card.objective}" if score.card.objective else ""
    say(
        console,
        f"The base is worth {score.base.score:.1f} of 100{about}; more than half of what matters "
        f"is lacking in {counted(score.base.poor, 'record')}.",
    )
    parts = [("channel", score.channels)]
    if score.trend:
        parts.append((f"{score.trend.period} from", score.trend.parts))
    for title, rows in parts:
        if rows:
            columns = (title, "records", "score", "poor", "something wrong")
            console.print(table(columns, map(_part, rows), "|".join(columns[1:])))


def _part(part: Part) -> tuple[str, ...]:
    score, wrong = f"{part.score:.1f}", rate_text(part.wrong)
    return (
        part.name or "not said, or not to be read",
        f"{part.rows:,}",
        score,
        f"{part.poor:,}",
        wrong,
    )


def show_effects(effects: Mapping[Way, Effect]) -> None:
    """What cleaning did to the scores, and what more it could do."""
    from scoreline.errors import counted

    before = {
        "rules": "",
        "merges": "Of the rows that stay after joining: ",
        "suggestions": "If all suggestions are accepted: ",
    }
    for way, found in effects.items():
        moves = ", ".join(f"{m.count:,} {m.old} -> {m.new}" for m in found.moves)
        told = f"{counted(found.rescored, 'record')} scored otherwise, {found.moved:,} moved"
        say(out(), f"{before[way]}{told}{f' ({moves})' if moves else ''}.")


def _row(column: Column, rows: int) -> tuple[str, ...]:
    share = f"{column.filled / rows:.1%}" if rows else "-"
    verdicts = (column.verdicts[word] for word in ("ok", "suspect", "bad", "unknown"))
    return (column.name, column.taken_for, share, *(f"{count:,}" for count in verdicts))
