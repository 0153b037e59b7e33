"""Every text of the pages, in one place: English now, other languages beside it later.

A text may hold {names}, which are escaped when filled in, and simple tags. `KEY.one` is taken
instead of KEY where `n` is 1. A test holds that templates use no text that is missing here, and
that none stands here unused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

Say = Callable[..., Markup]
"""(key, **values) -> the text, escaped and filled in."""

ENGLISH: Mapping[str, str] = {
    "language": "en",
    "page.title": "{title}: scores of {file}",
    "page.skip": "Skip to the result",
    "page.nav": "On this page",
    "page.brand": "Scoreline",
    "page.kind": "Score report",
    "page.as_of": "as of {as_of}",
    "page.scroll": "{name}, scrolls sideways",
    "notice.invented": "Invented data.",
    "notice.note": "Note.",
    # the first screen
    "first.kicker": "Who comes first",
    "first.unit": "{noun} in <b>{segment}</b>",
    "first.rule": "{share} of all scored",
    "first.rule.with": "score {rule} · {share} of all scored",
    "first.rule.grid": "{rule} · {share} of all scored",
    "first.none": "Nobody has been scored.",
    "first.empty": "No {noun} reached <b>{segment}</b>.",
    "first.top": "The highest scores",
    "first.more": "The first {count} with all their reasons",
    "worth.kicker": "Is the score worth anything?",
    "worth.yes": "Yes: {lift} the average",
    "worth.unclear": "Not proven yet",
    "worth.no": "No: do not go by it",
    "worth.yes.why": "Of the {share} with the highest scores, <b>{rate}</b> were won. "
    "Of everyone it was {base}.",
    "worth.unclear.why": "Of the {share} with the highest scores, <b>{rate}</b> were won, of "
    "everyone {base}. With {n} won in all, the difference may be chance.",
    "worth.unclear.why.one": "Of the {share} with the highest scores, <b>{rate}</b> were won, of "
    "everyone {base}. With one won in all, the difference may be chance.",
    "worth.no.why": "Of the {share} with the highest scores, only <b>{rate}</b> were won. "
    "Of everyone it was {base}.",
    "worth.none": "Not known yet",
    "worth.none.why": "This file was scored without outcomes. Score it again with "
    "<code>--won COLUMN=VALUE</code>, naming the column that says who was won, and this page "
    "shows whether the score is right.",
    "worth.nobody": "Nobody was won",
    "worth.nobody.why": "Not one of {n} {noun} was won, so there is nothing to compare the score "
    "with. Is “{won}” the right value?",
    "worth.nobody.why.one": "The only record was not won, so there is nothing to compare the "
    "score with.",
    "worth.empty": "No outcome to measure by",
    "worth.empty.why": "Not one scored record has an outcome. Is “{won}” the right value?",
    "worth.top": "Best {share}",
    "worth.base": "Everyone",
    "worth.chart": "Share won among the best-scored and among everyone",
    "worth.reach": "Among the best {share} are <b>{reached}</b> of all who were won.",
    "reasons.other": "{n} others",
    "reasons.other.one": "another",
    "worth.whisker": "Thin lines: where the true rate lies, with 95% confidence.",
    "worth.won": "Won means <b>{won}</b>.",
    "worth.open": "{n} {noun} with no outcome yet are left out.",
    "worth.open.one": "One of the {noun} has no outcome yet and is left out.",
    "worth.no_lost": "Nothing says who is lost, so all others count as not won so far: "
    "the rates can still rise.",
    "strip.rows": "rows in the file",
    "strip.rows.one": "row in the file",
    "strip.scored": "scored",
    "strip.rejected": "rejected",
    "strip.uncertain": "could change segment once missing answers are known",
    "strip.won": "won",
    "strip.label": "The file in numbers",
    # sections
    "segments.title": "Segments",
    "segments.intro": "Where the score puts each of the {noun}.",
    "segments.intro.rate": "Where the score puts each of the {noun}, and how many of them were "
    "won. The better the segment, the higher that share should be.",
    "segments.name": "Segment",
    "segments.rule": "Score",
    "segments.rule.grid": "Which {noun}",
    "segments.count": "{noun}",
    "segments.share": "Share",
    "segments.rate": "Won",
    "segments.range": "95% sure between",
    "segments.note": "Dots: the share won; thin lines: where the true share lies, with 95% "
    "confidence; dashed: everyone, {rate}.",
    "segments.list": "These numbers in a list",
    "segments.rest": "{n} more segments",
    "segments.rest.one": "One more segment",
    "matrix.title": "The grid",
    "matrix.caption": "The classes of {down} go down, those of {across} across",
    "matrix.intro": "Each of the {noun} stands where its class of <b>{down}</b> (down) and its "
    "class of <b>{across}</b> (across) meet.",
    "matrix.shade": "The stronger the colour of a cell, the more {noun} are in it.",
    "matrix.shade.rate": "The stronger the colour of a cell, the more of its {noun} were won: with "
    "good cards it is strongest at the top left.",
    "matrix.scale": "Share of all {noun}",
    "matrix.scale.rate": "Share won",
    "matrix.all": "All",
    "matrix.part": "of all",
    "matrix.won": "won",
    "matrix.few": "too few to rely on:",
    "matrix.no_outcome": "no outcome known",
    "matrix.note": "In each cell: how many {noun}, and their share of all.",
    "matrix.note.rate": "In each cell: how many {noun}, their share of all, the share won, and "
    "where the true share won lies, with 95% confidence.",
    "matrix.bare": "Their cells have no colour.",
    "scores.title": "How the scores are spread",
    "scores.each": "Each bar is one score; its height is how many {noun} have it.",
    "scores.wide": "Each bar is {n} points of score; its height is how many {noun} lie in it.",
    "scores.wide.one": "Each bar is one point of score; its height is how many {noun} lie in it.",
    "scores.divided": "Where a segment begins within a bar, the bar is divided there.",
    "scores.below": "Below: how many of them were won. A good score climbs from left to right.",
    "scores.chart": "How the scores of the {noun} are spread",
    "scores.desc": "{bars} bars from score {low} to {high}; the highest stands at {peak} with "
    "{count} {noun}.",
    "scores.desc.rate": "The share won goes from {first} at the lowest scores to {last} at the "
    "highest.",
    "scores.count": "{noun}",
    "scores.score": "Score",
    "scores.won": "Share won",
    "scores.everyone": "dashed: everyone {rate}",
    "scores.few": "Hollow dots stand for fewer than {few} {noun}: too few to rely on.",
    "scores.bar": "Score {label}: {count} {noun}",
    "scores.bar.rate": "Score {label}: {count} {noun}, {rate} won",
    "scores.table": "These numbers in a table",
    "scores.none": "There is nothing to draw: no row was scored.",
    "list.title": "The best, in order",
    "list.intro": "The {n} highest scores, each with what it was given for.",
    "list.intro.folded": "The {n} highest scores, each with the strongest lines of what it was "
    "given for. A line such as “3 others” opens to show the rest.",
    "list.intro.one": "The one scored record with what its score was given for.",
    "list.rank": "No.",
    "list.key": "Key",
    "list.score": "Score",
    "list.segment": "Segment",
    "list.reasons": "Why",
    "list.range": "Could become",
    "list.ask": "Ask next",
    "list.outcome": "Outcome",
    "list.exact": "stays",
    "list.to": "{low} to {high}",
    "list.nothing": "nothing to ask",
    "list.no_reasons": "no points given or taken",
    "list.none": "No row was scored, so the list is empty.",
    "outcome.won": "won",
    "outcome.lost": "lost",
    "outcome.open": "open",
    "why.title": "One score taken apart",
    "why.title.many": "Scores taken apart",
    "why.intro": "Every line adds or takes points. Together they are the score, exactly.",
    "why.caption": "Why {key} has score {score}",
    "why.reason": "Reason",
    "why.points": "Points",
    "why.bar": "From 0 to the score",
    "why.total": "Score",
    "why.none": "Nothing gave or took points.",
    "why.range": "With the missing answers it could become {low} to {high}; ask for "
    "<b>{ask}</b> first.",
    "why.range.no_ask": "With the missing answers it could become {low} to {high}.",
    "questions.title": "Questions worth asking",
    "questions.intro": "Some of the {noun} lack an answer that could put them into another "
    "segment. These questions come first.",
    "questions.line": "Asking for <b>{field}</b> could decide <b>{n}</b> {noun}",
    "questions.none": "Nothing to ask: every score is final, whatever answers are missing.",
    "terms.title": "What the points are given for",
    "terms.intro": "Every line of the card, how many {noun} it applies to, and what they came to.",
    "terms.intro.rate": "Every line of the card, how many {noun} it applies to, and how many of "
    "those were won. Lines that give points should stand right of the dashed line.",
    "terms.term": "Given for",
    "terms.points": "Points",
    "terms.count": "{noun}",
    "terms.rate": "Won",
    "file.title": "What was wrong with the file",
    "file.intro": "Nothing was dropped in silence: {rows} = {scored} scored + {rejected} rejected.",
    "file.clean": "Nothing was found wrong.",
    "file.finding": "What",
    "file.level": "How bad",
    "file.count": "How often",
    "file.hint": "What to do",
    "file.findings": "Findings",
    "file.rejected": "Rejected rows",
    "file.rejected.more": "The first {shown} of {count}.",
    "file.line": "Line",
    "file.reason": "Why",
    "file.text": "What stood there",
    "level.error": "error",
    "level.warning": "warning",
    "level.info": "for information",
    # channels
    "learned.page": "Learnt from {file}",
    "learned.kind": "A card learnt from outcomes",
    "learned.title": "What your own outcomes say",
    "learned.lead": "Who is likely to have: {target}",
    "learned.from": "What it was learnt from",
    "learned.unit": "of {rows} records had it",
    "learned.rate": "{rate} of the records it was learnt from",
    "learned.open": "{n} more records have no outcome yet; they count as nothing.",
    "learned.open.one": "One more record has no outcome yet; it counts as nothing.",
    "learned.weak": "So few outcomes leave the points wide open: look at what each lies between.",
    "learned.worth": "How well it foresees",
    "learned.worth.unit": "of 100 pairs in the right order",
    "learned.worth.why": "Of one record that had it and one that had not, the first scores higher "
    "so often; blind chance would be right in 50.",
    "learned.tenth": "The best tenth of the records holds {share} of all that had it.",
    "learned.fifth": "The best fifth holds {share}.",
    "learned.strip": "Figures of records that the card had not seen",
    "learned.strip.auc": "area under the curve (AUC), {low} to {high}",
    "learned.strip.gini": "Gini",
    "learned.strip.ks": "KS",
    "learned.strip.pr_auc": "PR-AUC",
    "learned.strip.brier": "Brier score",
    "learned.strip.slope": "slope of what came on what was said",
    "learned.strip.doubling": "points double the odds",
    "learned.strip.doubling.one": "point doubles the odds",
    "learned.bands.title": "What a score means",
    "learned.bands.intro": "How many of the records with such a score had it, counted among "
    "records that the card had not seen. The line shows what the true share may be.",
    "learned.bands.score": "Score",
    "learned.records": "Records",
    "learned.had": "Had it",
    "learned.share": "Share",
    "learned.terms.title": "What the points are made of",
    "learned.terms.intro": "Points are counted from the average record. The share of each group is "
    "its own; its points are what it adds beside all the others, so they may differ.",
    "learned.points": "Points",
    "learned.between": "Between",
    "learned.terms.conditions": "Points are given for each condition that is met; the share of a "
    "group is its own, its points are what it adds beside all the others, so they may differ.",
    "learned.window": "An outcome was waited for {days} days; {n} younger records are left out.",
    "learned.window.one": "An outcome was waited for {days} days; one younger record is left out.",
    "learned.reached": "Of the best {count} of {rows} records tried, {hits} had it: {lift} times "
    "as many as of {count} drawn blindly.",
    "learned.tenths.title": "What it said, and what came",
    "learned.tenths.intro": "Tenths of the records that the card had not seen, by the chance it "
    "gave them. The mark is what it said, the dot is what came.",
    "learned.tenths.said": "Said",
    "learned.beside.title": "What it was held beside",
    "learned.beside.what": "On the same records",
    "learned.beside.area": "Pairs of 100 in the right order",
    "learned.beside.card": "This card",
    "learned.beside.single": "The best field alone: {name}",
    "learned.beside.peer": "Hundreds of trees that nobody can read ({name})",
    "learned.moved.title": "What has moved",
    "learned.moved.intro": "How much the later records differ from those learnt from (CSI): below "
    "0.10 little, above 0.25 much. All scores together (PSI): {psi}.",
    "learned.moved.index": "Index",
    "learned.left.title": "What was left out",
    "learned.left.intro": "Fields that seem to know the outcome come first: what is filled in only "
    "afterwards makes a card that shines and is worth nothing.",
    "learned.field": "Field",
    "learned.why": "Why",
    "learned.leak": "knows the outcome?",
    "learned.limits.title": "What this page can't say",
    "learned.limits.split": "How the figures were found: {split}.",
    "learned.limits.trees": "Whole points cost something: {gap} of the fit of the trees that they "
    "were read from.",
    "learned.limits.against": "Groups whose points run against their own share, because other "
    "fields say so: {n}.",
    "learned.limits.random": "The records tried were drawn at random, so nothing is said here of "
    "how they change with time.",
    "learned.limits.gap": "Whole points cost something: no other card over the same groups fits "
    "these records better by more than {gap}.",
    "learned.limits.cause": "A point says what goes together, not what causes what: to change a "
    "field on purpose need not change the outcome.",
    "learned.limits.future": "It holds as long as your customers, and what you do for them, stay "
    "as they were. Learn it again when they change.",
    "learned.about": "The points were learnt from the records of this file whose outcome is known. "
    "The card is a file that you can read and change.",
    "channels.page": "Channels: {file}",
    "channels.kind": "Channels compared",
    "channels.title": "What each channel brings",
    "channels.lead": "Leads scored by: {card}",
    "channels.all": "All channels together",
    "channels.unit": "sales from {leads} leads",
    "channels.unit.one": "sale from {leads} leads",
    "channels.rate": "{rate} of all leads so far",
    "channels.rate.decided": "{rate} of the {n} leads already won or lost",
    "channels.rate.decided.one": "{rate} of the one lead already won or lost",
    "channels.most": "The most sales",
    "channels.most.of": "of {leads} leads",
    "channels.turns": "Where the order turns",
    "channels.turns.more": "{n} more pairs of channels turn so; these are the clearest.",
    "channels.turns.more.one": "One more pair of channels turns so; these are the clearest.",
    "channels.turns.none": "No channel is ahead by one measure and clearly behind by another.",
    "channels.strip.leads": "leads",
    "channels.strip.in": "in {segment}",
    "channels.strip.open": "with no outcome yet",
    "channels.strip.cost": "spent",
    "channels.strip.per_sale": "for each sale",
    "channels.channel": "Channel",
    "channels.blank": "no channel",
    "channels.total": "all channels",
    "channels.leads": "Leads",
    "channels.counted": "Counted",
    "channels.sales": "Sales",
    "channels.share": "Share",
    "channels.qualified.title": "How many are in {qualified}",
    "channels.qualified.intro": "Of the leads that each channel brings, how many the score puts "
    "into {qualified}.",
    "channels.sales.title": "Sales from all leads",
    "channels.sales.intro": "How many of the leads of each channel were won.",
    "channels.sold.title": "Sales from leads in {qualified}",
    "channels.sold.intro": "How many of the leads in {qualified} were won: a channel may bring few "
    "good leads that buy often.",
    "channels.note": "Dots: the share; thin lines: where the true share lies, with 95% "
    "confidence; dashed: all channels, {rate}. Hollow dots: fewer than {few} leads.",
    "channels.rest": "{n} more channels",
    "channels.rest.one": "One more channel",
    "channels.costs.title": "What they cost",
    "channels.costs.intro": "What was spent on each channel, and what that makes for a lead, a "
    "qualified one and a sale. Bars: the cost of a sale.",
    "channels.cost": "Spent",
    "channels.per.lead": "A lead",
    "channels.per.qualified": "A lead in {qualified}",
    "channels.per.sale": "A sale",
    "channels.know": "What to know",
    # the quality of a base
    "quality.page": "Quality of {file}",
    "quality.kind": "Data quality",
    "quality.title": "What is right and wrong in this base",
    "quality.lead": "Every cell checked, the cells of a record together, and the records together. "
    "The file itself was not changed.",
    "quality.sound": "Records without a doubt",
    "quality.sound.unit": "of {rows} records",
    "quality.sound.unit.one": "of one record",
    "quality.sound.rule": "{share}: no cell of theirs is wrong or doubtful",
    "quality.empty": "There are no records.",
    "quality.worst": "Where to begin",
    "quality.worst.none": "Nothing was found.",
    "quality.cells": "{n} cells",
    "quality.cells.one": "one cell",
    "quality.strip": "The base in numbers",
    "quality.strip.rows": "records checked",
    "quality.strip.rejected": "rows rejected",
    "quality.strip.whole": "with nothing missing",
    "quality.strip.columns": "columns",
    "quality.columns.title": "Column by column",
    "quality.columns.intro": "How many cells of each column are fit for use. What a column holds "
    "was told by its header and its values.",
    "quality.column": "Column",
    "quality.taken_for": "Holds",
    "quality.ok": "ok",
    "quality.suspect": "doubtful",
    "quality.bad": "wrong",
    "quality.unknown": "can't be told",
    "quality.missing": "missing",
    "quality.found.title": "What was found",
    "quality.found.intro": "The most frequent first. Open a line for the records.",
    "quality.found.records": "The first {n} records",
    "quality.found.records.one": "The record",
    "quality.key": "Record",
    "quality.raw": "As it is",
    "quality.becomes": "Meant, perhaps",
    "quality.normal.title": "The same, written in one way",
    "quality.normal.intro": "These cells are right and are written in other ways than most. Beside "
    "them their normal form: it never replaces what stands there by itself.",
    "quality.normal.column": "{column}: {n} cells",
    "quality.normal.column.one": "{column}: one cell",
    "quality.normal": "Normal form",
    "quality.strip.score": "quality of the base, of 100",
    "quality.score.title": "What the base is worth",
    "quality.score.intro": "100 points: all that matters of a record is known and sound. A cell "
    "that is doubtful by itself counts half. The mean of all records is {score}; {poor} of {rows} "
    "lack more than half.",
    "quality.score.for": "A column weighs as many points as it can move in the card {card}.",
    "quality.score.same": "Every column weighs the same.",
    "quality.weights": "What each column weighs",
    "quality.points": "Points",
    "quality.channels": "By channel: which one brings garbage",
    "quality.channel": "Channel",
    "quality.unnamed": "not said, or not to be read",
    "quality.trend": "Over time",
    "quality.period.day": "Day",
    "quality.period.week": "Week from",
    "quality.period.month": "Month from",
    "quality.period.quarter": "Quarter from",
    "quality.period.year": "Year from",
    "quality.rows": "Records",
    "quality.score": "Quality",
    "quality.poor": "Lack most",
    "quality.wrong": "Something wrong",
    "quality.effects.title": "What it did to the scores",
    "quality.effects.rules": "What was cleaned",
    "quality.effects.merges": "What joining duplicates did to the rows that stay",
    "quality.effects.suggestions": "If every suggestion is accepted",
    "quality.effects.told": "{rescored} scored otherwise, {moved} in another segment",
    "quality.effects.move": "{old} to {new}: {n}",
    "quality.duplicates.title": "Records that are one customer",
    "quality.duplicates.intro": "{records} records too many, in {clusters} clusters. The strongest "
    "reason that a record is one with another of its cluster stands beside it.",
    "quality.duplicates.cluster": "{key} and {n} more",
    "quality.duplicates.more": "{n} further clusters are in the file of clusters.",
    "quality.duplicates.more.one": "One further cluster is in the file of clusters.",
    "quality.duplicates.why": "Why",
    "quality.found.all": "Every finding is in {file}.",
    "quality.about": "Doubtful cells can be used and should be looked at; wrong ones can't be used "
    "and count as unknown in every score. Suggestions are never carried out by themselves.",
    "about.title": "How this page was made",
    "about.file": "File",
    "about.card": "Card",
    "about.fingerprint": "Fingerprint of the card",
    "about.as_of": "Scored as of",
    "about.source": "Source",
    "about.reading": "A score is a sum of points, written in the card. The same card gives the "
    "same record the same score, always and everywhere; the fingerprint names the card. Missing "
    "answers are never taken for a no: they widen the range a score could still reach.",
    "about.alone": "This page is one file: it loads nothing from the network and runs no script.",
}


_UNPRINTABLE = dict.fromkeys((*range(32), 127, *range(128, 160)), "\ufffd") | dict.fromkeys(
    (9, 10, 13), " "
)


def printable(text: str) -> str:
    """A text without control characters and half characters, which no page may hold.

    >>> printable("a\\x00b\\nc")
    'a\ufffdb c'
    """
    return text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode("utf-8")


def speaker(texts: Mapping[str, str] = ENGLISH) -> Say:
    """A function (key, **values) -> the text with its values filled in and escaped.

    >>> speaker()("list.to", low="<1", high=8)
    Markup('&lt;1 to 8')
    """

    def say(key: str, /, **values: object) -> Markup:
        singular = f"{key}.one"
        chosen = singular if values.get("n") in (1, "1") and singular in texts else key
        clean = {name: _clean(value) for name, value in values.items()}
        return Markup(texts[chosen]).format(**clean)  # noqa: S704  the texts are our own

    return say


def _clean(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
