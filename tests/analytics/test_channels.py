"""Channels: scenario 26 first, then costs, spellings, reversals and cautions."""

from __future__ import annotations

import json

import polars as pl
import pytest

from scoreline.analytics.channels import count_channels, denominator, to_json
from scoreline.analytics.costs import read_costs
from scoreline.analytics.measures import Channel
from scoreline.analytics.reversals import find_reversals, sentence, sentences
from scoreline.errors import DataError, UsageError

SEGMENTS = ("qualified", "marketing", "garbage")


def leads(*rows):
    """Rows of (channel, segment, outcome, how many)."""
    columns = [[row[i] for row in rows for _ in range(row[3])] for i in range(3)]
    return pl.DataFrame(
        dict(zip(("channel", "segment", "outcome"), columns, strict=True)),
        schema={"channel": pl.String, "segment": pl.String, "outcome": pl.String},
    )


SCENARIO_26 = leads(
    ("Ads", "qualified", "won", 7),
    ("Ads", "qualified", "open", 13),
    ("Ads", "garbage", "won", 1),
    ("Ads", "garbage", "open", 79),
    ("Webinar", "qualified", "won", 10),
    ("Webinar", "qualified", "open", 15),
    ("Webinar", "marketing", "open", 25),
)


def scenario_26():
    costs = {"Ads": 10000.0, "Webinar": 10000.0}
    return count_channels(SCENARIO_26, SEGMENTS, lost_known=False, costs=costs)


def test_scenario_26_counts_and_rates():
    figures = scenario_26()
    ads, webinar = figures.channels
    assert (ads.leads, ads.qualified, ads.garbage, ads.sales) == (100, 20, 80, 8)
    assert (webinar.leads, webinar.qualified, webinar.garbage, webinar.sales) == (50, 25, 0, 10)
    total = figures.total
    assert [c.conversion.value for c in (ads, webinar, total)] == [0.08, 0.2, 0.12]
    assert [c.qualified_conversion.value for c in (ads, webinar)] == [0.35, 0.4]
    assert (total.qualified_conversion.hits, total.qualified_conversion.of) == (17, 45)
    assert round(total.qualified_conversion.value, 3) == 0.378


def test_scenario_26_costs_and_reversal():
    figures = scenario_26()
    ads, webinar = figures.channels
    assert (ads.cost_per_lead, webinar.cost_per_lead) == (100, 200)
    assert (ads.cost_per_qualified, webinar.cost_per_qualified) == (500, 400)
    assert (ads.cost_per_sale, webinar.cost_per_sale) == (1250, 1000)
    told = [sentence(reversal) for reversal in figures.reversals]
    assert told[0].startswith(
        "Ads is cheaper than Webinar per lead (100 against 200) "
        "but dearer per qualified lead (500 against 400)."
    )
    assert "dearer per sale (1,250 against 1,000)" in told[1]
    assert len(told) == 2
    assert sentences(figures.reversals) == [
        "Ads is cheaper than Webinar per lead (100 against 200) but dearer per qualified lead "
        "(500 against 400) and per sale (1,250 against 1,000). "
        "The numbers are small, so it may not come again."
    ]
    assert not figures.reversals[0].sure, "20 and 25 qualified leads: it may not come again"


def test_the_denominator_is_said():
    figures = scenario_26()
    assert "all leads so far" in denominator(figures)
    assert "can still rise" in denominator(figures)
    decided = count_channels(SCENARIO_26, SEGMENTS, lost_known=True)
    assert decided.channels[0].conversion.of == 8
    assert "132 open ones are left out" in denominator(decided)


def test_open_leads_are_never_lost():
    frame = leads(
        ("a", "qualified", "won", 2), ("a", "qualified", "lost", 2), ("a", "x", "open", 6)
    )
    channel = count_channels(frame, SEGMENTS, lost_known=True).channels[0]
    assert (channel.conversion.hits, channel.conversion.of, channel.open) == (2, 4, 6)


def test_the_json_form():
    form = json.loads(json.dumps(to_json(scenario_26())))
    assert form["channels"][0]["channel"] == "Ads"
    assert form["channels"][0]["conversion"]["value"] == 0.08
    assert form["total"]["qualified_conversion"]["of"] == 45
    assert form["reversals"][0]["ahead"] == {"measure": "cost_per_lead", "values": [100, 200]}
    assert form["conversion_of"] == "all"


def test_spellings_of_a_channel_are_one_and_blank_ones_stand_last():
    frame = leads(
        ("Ads", "qualified", "open", 3),
        (" ads", "qualified", "open", 2),
        ("ADS  ", "garbage", "open", 1),
        (None, "garbage", "open", 9),
        ("  ", "garbage", "open", 1),
        ("Реклама", "qualified", "open", 1),
        ("реклама", "qualified", "open", 2),
    )
    figures = count_channels(frame, SEGMENTS, lost_known=False)
    assert [(c.name, c.leads) for c in figures.channels] == [("Ads", 6), ("реклама", 3), ("", 10)]


def test_another_segment_may_be_the_qualified_one():
    figures = count_channels(SCENARIO_26, SEGMENTS, lost_known=False, qualified="marketing")
    assert figures.channels[1].qualified == 25
    with pytest.raises(UsageError, match="Did you mean marketing"):
        count_channels(SCENARIO_26, SEGMENTS, lost_known=False, qualified="marketng")
    with pytest.raises(UsageError, match="no segments"):
        count_channels(SCENARIO_26, (), lost_known=False)


def test_one_segment_has_no_garbage():
    figures = count_channels(SCENARIO_26, ("qualified",), lost_known=False)
    assert figures.garbage_segment is None
    assert figures.total.garbage == 0


def test_no_leads_at_all():
    figures = count_channels(leads(), SEGMENTS, lost_known=False, costs={"Ads": 1.0})
    assert figures.channels == ()
    assert figures.total.conversion.of == 0
    assert to_json(figures)["total"]["conversion"] is None
    assert [f.code for f in figures.findings] == ["cost-without-leads"]


def test_a_cost_without_leads_is_pointed_out_with_the_nearest_channel():
    figures = count_channels(
        SCENARIO_26, SEGMENTS, lost_known=False, costs={"Adds": 5.0, "webinar ": 7.0}
    )
    codes = [f.code for f in figures.findings]
    assert codes == ["cost-without-leads", "cost-missing"]
    assert figures.findings[0].hint == "Did you mean Ads?"
    assert "`Ads`" in figures.findings[1].message
    assert figures.total.cost is None
    assert figures.channels[1].cost == 7


def test_few_leads_are_cautioned_about():
    frame = leads(("a", "qualified", "won", 20), ("b", "qualified", "won", 1))
    found = count_channels(frame, SEGMENTS, lost_known=False).findings
    assert [f.message for f in found] == [
        "Few to judge by, so that rates may be chance: a (20 leads), b (1 lead)."
    ]


def cost_table(*rows):
    return pl.DataFrame(rows, schema={"Channel": pl.String, "Cost ": pl.String}, orient="row")


def test_costs_are_read_as_people_write_them():
    costs, findings = read_costs(
        cost_table(("Ads", "10 000 ₽"), ("Webinar", "1.5e4"), (None, None), ("Ads ", "500,50"))
    )
    assert costs == {"Ads": 10500.5, "Webinar": 15000.0}
    assert [f.code for f in findings] == ["cost-repeated"]


@pytest.mark.parametrize("text", ["a lot", "", "-5", "1,234", "10%", "inf", "nan"])
def test_costs_that_cannot_be_read_are_refused_with_their_row(text):
    with pytest.raises(DataError, match=r"Row 2 of the cost file: the cost of `Ads`"):
        read_costs(cost_table(("Webinar", "5"), ("Ads", text)))


def test_a_cost_file_without_its_columns():
    with pytest.raises(DataError, match="no column `cost`"):
        read_costs(pl.DataFrame({"channel": ["a"], "price": ["1"]}))


def channel(name, leads, qualified, sales, qualified_sales, cost=None):
    return Channel(name, leads, qualified, 0, sales, qualified_sales, leads, qualified, 0, cost)


def test_a_reversal_of_rates_is_told_only_beyond_chance():
    many = find_reversals([channel("a", 1000, 600, 200, 60), channel("b", 1000, 300, 100, 90)])
    assert {(r.first, r.ahead, r.behind) for r in many} == {
        ("a", "qualified_share", "qualified_conversion"),
        ("a", "conversion", "qualified_conversion"),
    }
    assert all(r.sure for r in many)
    assert find_reversals([channel("a", 20, 12, 4, 1), channel("b", 20, 6, 2, 2)]) == ()


def test_a_sure_reversal_of_costs_stands_first():
    found = find_reversals(
        [channel("a", 10000, 1000, 500, 90, 1000.0), channel("b", 5000, 2000, 501, 400, 1000.0)]
    )
    assert (found[0].sure, found[0].behind) == (True, "cost_per_qualified")
    assert "may not come again" not in sentence(found[0])


def test_costs_that_are_nearly_equal_do_not_turn():
    one, other = channel("a", 100, 20, 10, 5, 1000.0), channel("b", 50, 19, 9, 5, 980.0)
    assert {r.behind for r in find_reversals([one, other])} == set()
    assert {r.behind for r in find_reversals([one, channel("b", 50, 25, 10, 5, 980.0)])} == {
        "cost_per_qualified"
    }


def test_leads_without_a_channel_need_no_cost():
    frame = leads(("Ads", "qualified", "won", 8), ("", "garbage", "open", 2))
    figures = count_channels(frame, SEGMENTS, lost_known=False, costs={"Ads": 100.0})
    assert figures.total.cost == 100
    assert figures.total.cost_per_lead == 10
    assert [f.code for f in figures.findings] == ["few-leads"]


def test_equal_channels_and_missing_costs_have_no_reversal():
    assert find_reversals([channel("a", 10, 5, 2, 1, 10.0), channel("b", 10, 5, 2, 1, 10.0)]) == ()
    assert find_reversals([channel("a", 10, 5, 2, 1, 10.0), channel("b", 5, 5, 2, 1)]) == ()
    assert find_reversals([channel("a", 10, 0, 0, 0, 10.0), channel("b", 5, 5, 2, 1, 10.0)]) == ()


def test_costs_in_two_currencies_are_refused():
    with pytest.raises(DataError, match=r"mixes USD \(row 1\) and EUR \(row 3\)"):
        read_costs(cost_table(("Ads", "$100"), ("Mail", "5"), ("Fair", "€100")))


def test_a_cost_that_may_be_two_numbers_is_said_to_be():
    with pytest.raises(DataError, match="may be two numbers"):
        read_costs(cost_table(("Ads", "1,234")))
