"""Won, lost and open: specs, words, joined files, and what is pointed out."""

from __future__ import annotations

import polars as pl
import pytest

from scoreline.analytics.outcomes import (
    OutcomeSpec,
    join_outcomes,
    key_column,
    parse_spec,
    read_outcomes,
)
from scoreline.errors import DataError, UsageError


def outcomes(values, won, lost=None):
    frame = pl.DataFrame({"stage": values}, schema={"stage": pl.String})
    return read_outcomes(frame, parse_spec(won), parse_spec(lost, "--lost") if lost else None)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("stage=won", OutcomeSpec("stage", ("won",))),
        (" stage = won ,  paid ", OutcomeSpec("stage", ("won", "paid"))),
        ('stage="Closed, won",paid', OutcomeSpec("stage", ("Closed, won", "paid"))),
        ("stage=a=b", OutcomeSpec("stage", ("a=b",))),
        ("bought", OutcomeSpec("bought")),
        ("Сделка=успешно", OutcomeSpec("Сделка", ("успешно",))),
    ],
)
def test_specs(text, spec):
    assert parse_spec(text) == spec


@pytest.mark.parametrize("text", ["", "=won", "stage=", "stage=,", "  = "])
def test_specs_that_name_nothing(text):
    with pytest.raises(UsageError, match="does not name"):
        parse_spec(text)


def test_anything_else_is_open_and_never_lost():
    found = outcomes([" WON", "lost", "In  progress", "", None, "won."], "stage=won")
    assert found.rows.to_list() == ["won", "open", "open", "open", "open", "open"]
    assert not found.lost_known
    found = outcomes([" WON", "Lost ", "In  progress", "", None], "stage=won", "stage=lost")
    assert found.rows.to_list() == ["won", "lost", "open", "open", "open"]
    assert found.lost_known


def test_without_values_only_words_for_yes_and_no():
    values = ["yes", "ДА", "oui", "no", "нет", "maybe", "", None]
    found = outcomes(values, "stage")
    assert found.rows.to_list() == ["won"] * 3 + ["lost"] * 2 + ["open"] * 3
    assert found.lost_known
    assert found.won_means == "stage = yes"


def test_any_value_that_is_not_blank():
    found = outcomes(["2018-01-02", " ", None, "no"], "stage=*")
    assert found.rows.to_list() == ["won", "open", "open", "won"]
    assert (found.won_means, found.lost_known) == ("stage filled in", False)


def test_blanks_accents_and_capitals_do_not_matter():
    values = ["Gagne\u0301", "GAGNÉ", "gagné\u00a0", "ВЫИГРАН", "выигран  "]
    found = outcomes(values, "stage=gagné,Выигран")
    assert found.rows.to_list() == ["won"] * 5
    assert found.won_means == "stage = gagné or Выигран"


def test_two_columns_that_contradict_each_other_are_open_with_a_finding():
    frame = pl.DataFrame({"won": ["yes", "yes", "no"], "lost": ["no", "yes", "yes"]})
    found = read_outcomes(frame, parse_spec("won=yes"), parse_spec("lost=yes"))
    assert found.rows.to_list() == ["won", "open", "lost"]
    assert [f.code for f in found.findings] == ["outcome-contradiction"]


def test_a_value_that_never_occurs_is_pointed_out_with_the_nearest():
    found = outcomes(["won", "lost"] * 3, "stage=wonn")
    assert [f.code for f in found.findings] == ["outcome-unmatched"]
    assert "`won`" in found.findings[0].hint


def test_values_that_may_be_names_of_people_are_not_shown():
    found = outcomes(["Anna Petrova", "Ivan Sidorov", "Olga"], "stage=Anna Petrov")
    assert found.findings[0].hint == "It has 3 values."


def test_refusals():
    with pytest.raises(DataError, match="Did you mean stage"):
        outcomes(["won"], "stagee=won")
    with pytest.raises(UsageError, match="both as won and as lost"):
        outcomes(["won"], "stage=won", "Stage=WON")


def test_numbers_and_booleans_of_parquet_are_read_as_their_words():
    frame = pl.DataFrame({"flag": [True, False, None], "code": [1, 0, 2]})
    assert read_outcomes(frame, parse_spec("flag")).rows.to_list() == ["won", "lost", "open"]
    assert read_outcomes(frame, parse_spec("code=1")).rows.to_list() == ["won", "open", "open"]


def test_outcomes_of_another_file_come_by_key():
    found = outcomes(["won", "lost", "won", "lost", "?"], "stage=won", "stage=lost")
    keys = pl.Series(["a", "b", " c\u00a0", "d", None, "zz"])
    theirs = pl.Series([" a ", "b", "c", "gone", ""])
    joined = join_outcomes(keys, found, theirs)
    assert joined.rows.to_list() == ["won", "lost", "won", "open", "open", "open"]
    assert [f.code for f in joined.findings] == ["outcome-key-unknown"]
    assert "1 of 4 keys" in joined.findings[0].message


def test_a_key_with_several_outcomes():
    found = outcomes(["lost", "won", "lost", "x", "lost", "lost"], "stage=won", "stage=lost")
    joined = join_outcomes(
        pl.Series(["a", "b", "c"]), found, pl.Series(["a", "a", "b", "b", "c", "c"])
    )
    assert joined.rows.to_list() == ["won", "open", "lost"]
    assert [f.code for f in joined.findings] == ["outcome-key-repeated"]


def test_keys_that_never_meet_are_a_warning():
    found = outcomes(["won"], "stage=won")
    joined = join_outcomes(pl.Series(["1"]), found, pl.Series(["L-1"]))
    assert joined.findings[0].level == "warning"


def test_the_key_column_of_the_outcomes_file():
    assert key_column(["Lead_ID ", "stage"], "lead_id") == "Lead_ID "
    with pytest.raises(DataError, match="no column `lead_id`"):
        key_column(["id"], "lead_id")
