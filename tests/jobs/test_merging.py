"""Clusters of a file joined: which values stay, that the log has it, and that all goes back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoreline.cli.app import run
from scoreline.errors import DataError, UsageError
from scoreline.jobs.quality.checking import quality_of
from scoreline.jobs.quality.clean_file import CleanFile
from scoreline.jobs.quality.merging import MergeAsked
from scoreline.jobs.quality.results import Quality, QualityAsked
from scoreline.quality.changes.surviving import Surviving, rule_named
from tests.jobs.test_cleaning import undo

AS_OF = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
ROWS = [
    "id,name,email,phone,city,changed",
    "L-1,Anna Karenina,anna@acme.ru,12,Moscow,2026-01-05",
    "L-2,Jan Roux,jan@acme.fr,+33 6 12 34 56 78,,2026-02-01",
    "L-3,Anna Karenina,a.karenina@acme.ru,+7 912 345-67-89,,2026-03-01",
    "L-4,A. Karenina,a.karenina@acme.ru,,Omsk,2025-01-01",
]
CLUSTERS = [
    "id,cluster,points,reasons",
    "L-1,L-1,12.5,phone: same +9",
    "L-2,L-2,,",
    "L-3,L-1,12.5,phone: same +9",
    "L-4,L-1,3.25,name: near +3",
]
RULES = ("trim", "email-domain", "e164")


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl", "xlsx"])
def test_rows_of_every_type_are_joined_and_go_back(tmp_path: Path, ending: str) -> None:
    """A gap is filled from the other row, whatever stands there; Parquet keeps the types."""
    day, moment = dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4, 5)
    frame = pl.DataFrame(
        {
            "id": ["1", "2", "3"],
            "day": [None, day, day],
            "moment": [None, moment, moment],
            "vip": [None, True, False],
            "debt": pl.Series([None, "1.50", "2.00"]).cast(pl.Decimal(10, 2)),
            "kind": pl.Series([None, "a", "b"]).cast(pl.Categorical),
        }
    )
    if ending == "csv":
        frame = frame.with_columns(took=pl.Series([None, dt.timedelta(days=1), None]))
    frame.write_parquet(tmp_path / "base.parquet")
    clusters, out = tmp_path / "clusters.csv", tmp_path / f"clean.{ending}"
    clusters.write_text("id,cluster,points,reasons\n1,1,9,\n2,1,9,\n3,3,,\n", encoding="utf-8")
    merging = MergeAsked(str(clusters))
    quality_of(tmp_path / "base.parquet", QualityAsked(as_of=AS_OF, out=str(out), merging=merging))
    whole = CleanFile(out)
    first = whole.frame.row(0, named=True)
    assert all(first[name] is not None for name in frame.columns)
    if ending == "parquet":
        assert first["vip"] is True
        assert (first["day"], first["moment"]) == (day, moment)
    CleanFile(out).back(tmp_path / "back.parquet")
    again = (tmp_path / "back.parquet").read_bytes()
    assert again == (tmp_path / "base.parquet").read_bytes()


def test_rows_that_clusters_do_not_name_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of clusters that was cut short joins less, and not without a word."""
    data, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    data.write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    clusters.write_text("id,cluster\nL-1,L-1\nL-3,L-1\n", encoding="utf-8")
    out = tmp_path / "clean.csv"
    assert run(["quality", str(data), "--merge", str(clusters), "--out", str(out)]) == 1  # findings
    assert "Not in the file of clusters: 2 rows" in capsys.readouterr().out


def test_a_merged_record_is_as_new_as_what_it_says(tmp_path: Path) -> None:
    """Its date is that of the record that was believed, be it written doubtfully."""
    rows = [
        "id,name,street,changed",
        "L-1,Anna,Old 1,2026-01-01",
        "L-2,Bob,Main 2,2026-01-05",
        "L-3,Anna,New 7,01.02.2026",
        "L-4,Cid,Side 3,2026-02-05",
    ]
    data, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    data.write_text("\n".join([*rows, ""]), encoding="utf-8")
    clusters.write_text("id,cluster\nL-1,L-1\nL-3,L-1\n", encoding="utf-8")
    out = tmp_path / "clean.csv"
    merging = MergeAsked(str(clusters), latest="changed")
    quality_of(data, QualityAsked(as_of=AS_OF, out=str(out), merging=merging, order="dmy"))
    first = pl.read_csv(out, infer_schema=False).row(0, named=True)
    assert (first["street"], first["changed"]) == ("New 7", "01.02.2026")


def test_what_a_merge_goes_by_must_be_there(tmp_path: Path) -> None:
    data, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    data.write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    clusters.write_text("id,cluster\nL-1,L-1\nL-3,L-1\n", encoding="utf-8")
    out = str(tmp_path / "clean.csv")
    for merging, said in (
        (MergeAsked(str(clusters), least=10), "no column `points`"),
        (MergeAsked(str(clusters), latest="city"), "without a date"),
    ):
        with pytest.raises(DataError, match=said):
            quality_of(data, QualityAsked(as_of=AS_OF, out=out, merging=merging))
    assert not Path(out).exists()


def joined(
    folder: Path,
    *,
    base: list[str] = ROWS,
    least: float | None = None,
    latest: str | None = None,
    rules: tuple[str, ...] = (),
    ending: str = "csv",
    **surviving: Surviving,
) -> Path:
    """The file that was written."""
    data, clusters, out = folder / "base.csv", folder / "clusters.csv", folder / f"clean.{ending}"
    data.write_text("\n".join([*base, ""]), encoding="utf-8")
    clusters.write_text("\n".join([*CLUSTERS, ""]), encoding="utf-8")
    merging = MergeAsked(str(clusters), least, latest, surviving)
    asked = QualityAsked(None, "RU", None, AS_OF, str(out), rules, merging=merging)
    found: Quality = quality_of(data, asked)
    assert found.cleaned is not None
    assert (found.cleaned.clusters, found.cleaned.gone) == (1, 1 if least else 2)
    return out


def rows(path: Path) -> dict[str, dict[str, str | None]]:
    """The rows of a file by their key."""
    return {row["id"]: row for row in pl.read_csv(path, infer_schema=False).to_dicts()}


def test_one_row_stays_of_a_cluster_with_the_best_of_each_field(tmp_path: Path) -> None:
    found = rows(joined(tmp_path))
    assert list(found) == ["L-1", "L-2"], "the cluster's first record stays where it was"
    kept = found["L-1"]
    assert kept["name"] == "Anna Karenina", "what most say"
    assert kept["phone"] == "+7 912 345-67-89", "a right one beats a wrong one, whoever says it"
    assert (kept["email"], kept["city"]) == ("anna@acme.ru", "Moscow"), "the fullest record's"
    assert found["L-2"]["phone"] == "+33 6 12 34 56 78"


def test_the_latest_record_is_believed_first(tmp_path: Path) -> None:
    kept = rows(joined(tmp_path, latest="changed"))["L-1"]
    assert (kept["email"], kept["city"]) == ("a.karenina@acme.ru", "Moscow")
    assert kept["changed"] == "2026-03-01"
    assert kept["name"] == "Anna Karenina", "a name is for life: what most say"


@pytest.mark.parametrize(
    ("rule", "email"),
    [
        ("most", "a.karenina@acme.ru"),
        ("longest", "a.karenina@acme.ru"),
        ("first", "anna@acme.ru"),
        ("complete", "anna@acme.ru"),
    ],
)
def test_a_column_has_the_rule_that_was_asked_for(
    tmp_path: Path, rule: Surviving, email: str
) -> None:
    assert rows(joined(tmp_path, email=rule))["L-1"]["email"] == email


def test_weak_links_are_left_alone(tmp_path: Path) -> None:
    assert list(rows(joined(tmp_path, least=10))) == ["L-1", "L-2", "L-4"]


def test_the_international_number_is_that_of_the_phone_that_stays(tmp_path: Path) -> None:
    kept = rows(joined(tmp_path, rules=RULES))["L-1"]
    assert (kept["phone"], kept["phone_e164"]) == ("+7 912 345-67-89", "+79123456789")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl", "csv.gz"])
def test_the_way_back_is_exact(tmp_path: Path, ending: str) -> None:
    out, back = joined(tmp_path, rules=RULES, ending=ending), tmp_path / "back.csv"
    CleanFile(out).back(back)
    assert back.read_bytes() == (tmp_path / "base.csv").read_bytes()


def test_a_merge_is_taken_back_whole_and_brought_back(tmp_path: Path) -> None:
    out = joined(tmp_path)
    before = out.read_bytes()
    [step] = {change.step for change in CleanFile(out).changes if change.rule == "merge"}
    undo(out, step)
    assert out.read_bytes() == (tmp_path / "base.csv").read_bytes()
    undo(out, CleanFile(out).changes[-1].step)
    assert out.read_bytes() == before
    CleanFile(out).back(tmp_path / "back.csv")
    assert (tmp_path / "back.csv").read_bytes() == (tmp_path / "base.csv").read_bytes()


def test_suggestions_for_rows_that_are_gone_are_not_made(tmp_path: Path) -> None:
    base = [line.replace("a.karenina@acme.ru", "anna@gmial.com") for line in ROWS]
    out = joined(tmp_path, base=base, email="first")
    waiting = tmp_path / "clean.csv.suggestions.csv"
    assert not waiting.exists() or "gmail.com" not in waiting.read_text("utf-8")
    assert rows(out)["L-1"]["email"] == "anna@acme.ru"


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Anna", " Jan ", "=1+1", 'O"Neil, Bob']),
            st.sampled_from(["", "12", "+7 912 345-67-89", "a@b"]),
            st.integers(0, 3),
        ),
        min_size=2,
        max_size=9,
    )
)
def test_whatever_the_cells_and_clusters_all_goes_back(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("base")
    data, clusters, out = folder / "base.csv", folder / "clusters.csv", folder / "clean.csv"
    keys = [f"k{number}" for number in range(len(drawn))]
    base = {"id": keys, "name": [n for n, _, _ in drawn], "phone": [p for _, p, _ in drawn]}
    pl.DataFrame(base).write_csv(data, quote_style="necessary")
    first = {number: keys[[n for _, _, n in drawn].index(number)] for _, _, number in drawn}
    pl.DataFrame({"id": keys, "cluster": [first[n] for _, _, n in drawn]}).write_csv(clusters)
    asked = QualityAsked(
        None, None, None, AS_OF, str(out), ("trim", "e164"), merging=MergeAsked(str(clusters))
    )
    quality_of(data, asked)
    written = pl.read_csv(out, infer_schema=False)
    assert written["id"].to_list() == list(dict.fromkeys(first[n] for _, _, n in drawn))
    steps = {change.step for change in CleanFile(out).changes if change.rule == "merge"}
    for step in sorted(steps)[::2]:
        undo(out, step)
    CleanFile(out).back(folder / "back.parquet")
    again = pl.read_parquet(folder / "back.parquet")
    assert again.fill_null("").to_dict(as_series=False) == base


def test_clusters_of_another_base_are_refused(tmp_path: Path) -> None:
    joined(tmp_path)
    other = tmp_path / "other.csv"
    asked = QualityAsked(None, None, None, AS_OF, str(tmp_path / "x.csv"))
    for text, message in [
        ("id,cluster\nL-9,L-9\n", "does not have"),
        ("number,cluster\n1,1\n", "no column `number`"),
        ("id,name\nL-1,Anna\n", "no file of clusters"),
    ]:
        other.write_text(text, encoding="utf-8")
        merging = MergeAsked(str(other))
        with pytest.raises(DataError, match=message):
            quality_of(
                tmp_path / "base.csv",
                QualityAsked(None, None, None, AS_OF, asked.out, merging=merging),
            )
    with pytest.raises(UsageError, match="no rule"):
        rule_named("newest")


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    joined(tmp_path)
    base, clusters = str(tmp_path / "base.csv"), str(tmp_path / "clusters.csv")
    clean, back = str(tmp_path / "one.csv"), str(tmp_path / "back.csv")
    options = ["--merge", clusters, "--latest", "changed", "--survive", "city=first"]
    assert run(["quality", base, "--out", clean, *options, "--merge-from", "2"]) in (0, 1)
    assert "Joined: 1 cluster; 2 rows fewer." in capsys.readouterr().out
    assert run(["changes", clean, "--back", back]) == 0
    assert "part of row 1" in capsys.readouterr().out
    assert Path(back).read_bytes() == Path(base).read_bytes()
    for wrong, message in [
        (["--merge", clusters], "--out CLEAN"),
        (["--latest", "changed"], "--merge CLUSTERS"),
        (["--out", clean, "--merge", clusters, "--survive", "city"], "COL=RULE"),
        (["--out", clean, "--merge", clusters, "--survive", "city=newest"], "no rule"),
        (["--out", clean, "--merge", clusters, "--latest", "when"], "no column `when`"),
    ]:
        assert run(["quality", base, *wrong]) == 2
        assert message in capsys.readouterr().err


def test_keys_that_repeat_join_nobody(tmp_path: Path) -> None:
    path, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    path.write_text("id,name\n7,Anna Kim\n7,Bob Stone\n8,Anna Kim\n", encoding="utf-8")
    clusters.write_text("id,cluster,points\n7,7,9\n7,7,\n8,7,9\n", encoding="utf-8")
    asked = QualityAsked(out=str(tmp_path / "out.csv"), merging=MergeAsked(str(clusters)))
    with pytest.raises(DataError, match="Rows 1 and 2 have one key"):
        quality_of(path, asked)


def test_blank_keys_and_blank_clusters_join_nobody(tmp_path: Path) -> None:
    """Who has no key, or was taken out of a cluster, is not one with others like that."""
    path, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    asked = QualityAsked(out=str(tmp_path / "out.csv"), merging=MergeAsked(str(clusters)))
    path.write_text("id,name\n,Anna Kim\n,Bob Stone\n8,Eva Roux\n9,Jan Voss\n", encoding="utf-8")
    clusters.write_text("id,cluster\n8,\n9,\n", encoding="utf-8")
    found = quality_of(path, asked)
    assert found.cleaned is not None
    assert found.cleaned.gone == 0
    clusters.write_text('id,cluster\n"",7\n"",7\n', encoding="utf-8")
    with pytest.raises(DataError, match="does not have"):
        quality_of(path, asked)


@pytest.mark.parametrize("key", ["key: id\n", ""])
def test_what_joining_does_to_the_scores_of_the_rows_that_stay(tmp_path: Path, key: str) -> None:
    """L-1 gets the phone of L-3: it is scored anew, and moves. L-3 went: that it had points of its
    own and has none any more is not counted, also where rows are known by their number alone.
    """
    card = tmp_path / "card.yaml"
    card.write_text(
        f"scorecard: c\n{key}"
        "fields: {phone: {type: phone, country: RU}, city: text}\n"
        "terms: [{name: phone, when: phone.status = 'ok', points: 3}]\n"
        "segments: [{name: qualified, above: 2}, {name: other}]\n",
        encoding="utf-8",
    )
    data, clusters = tmp_path / "base.csv", tmp_path / "clusters.csv"
    data.write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    clusters.write_text("\n".join([*CLUSTERS, ""]), encoding="utf-8")
    out, merging = str(tmp_path / "clean.csv"), MergeAsked(str(clusters))
    found = quality_of(data, QualityAsked(card, as_of=AS_OF, out=out, merging=merging))
    effect = found.effects["merges"]
    assert (effect.rescored, effect.moved) == (1, 1)
    assert [(m.old, m.new, m.count) for m in effect.moves] == [("other", "qualified", 1)]
    assert list(found.effects) == ["rules", "merges", "suggestions"]
