"""Reasons: what is stored, and what it says in both languages."""

import json

import pytest

from segmentation.engine.explain import REASONS, number, reasons_of, words
from segmentation.engine.judge import OUTPUT, STAGES, judge, stages
from segmentation.engine.policy import INDICATORS, Policy
from segmentation.engine.warning import rules

from .facts import AS_OF, bills, on_duckdb, tables

STORED = {
    "headline": ["usage_down", 37.5, 0.69],
    "lifts": [["kwh_12m", 21.4, 18420000, 99.2]],
    "pulls": [["trend", -9.8, -0.051, 3.1]],
    "next": ["platinum", 4.2, "growth", 0.08, 0.15],
    "credit": [["late_bills", -9.0, 3, 12]],
    "risk": [["usage_down", 37.5, 0.69], ["contract_end", 12.0, 46], ["arrears", 20.0, 62, 1234500]],
}


def test_reasons_read_as_english():
    assert words(STORED, "en") == {
        "headline": "Last 3 months at 69 % of the same months a year before",
        "lifts": ["12 months' use 18.42 GWh: higher than 99.2 % of its peers (+21.4)"],
        "pulls": ["Trend over 6 months −5.1 % a month: higher than 3.1 % of its peers (−9.8)"],
        "next": "4.2 points below platinum; growth on the year before at +15.0 % would do it (now +8.0 %)",
        "credit": ["3 of 12 bills late in 12 months (−9.0)"],
        "risk": [
            "Last 3 months at 69 % of the same months a year before (+37.5)",
            "Contract ends in 46 days (+12.0)",
            "Overdue for 62 days: ¥12,345 (+20.0)",
        ],
    }


def test_reasons_read_as_chinese_from_their_stored_text_too():
    said = words(json.dumps(STORED), "zh-hans")
    assert said["headline"] == "近3个月电量为上年同期的69%"
    assert said["lifts"] == ["近12个月电量1,842.0万kWh，高于99.2%的同类用户（+21.4）"]
    assert said["next"] == "距铂金级还差4.2分；用电量同比增长达到+15.0%即可（现为+8.0%）"
    assert said["risk"][1] == "购售电合同46天后到期（+12.0）"
    assert said["risk"][2] == "欠费62天，共1.2万元（+20.0）"


def test_nothing_to_say_says_nothing():
    assert words({}, "en") == words(None, "en") == words("{}", "zh-hans") == {}


def test_the_interface_gets_reasons_with_their_numbers_named():
    named = reasons_of(STORED)
    assert named["lifts"] == [
        {"code": "kwh_12m", "direction": "up", "contribution": 21.4, "numbers": {"value": 18420000, "percentile": 99.2}}
    ]
    assert named["risk"][2]["numbers"] == {"arrears_days": 62, "arrears_fen": 1234500}
    assert named["next"] == {"tier": "platinum", "points": 4.2, "indicator": "growth", "now": 0.08, "needed": 0.15}


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (512, "kWh", "512 kWh", "512kWh"),
        (18_420_000, "kWh", "18.42 GWh", "1,842.0万kWh"),
        (1_234_500, "fen", "¥12,345", "1.2万元"),
        (420_000_000, "fen", "¥4.20 M", "420.0万元"),
        (-46, "deadline", "ended 46 days ago", "已到期46天"),
        (1, "days", "1 day", "1天"),
        (None, "kWh", "–", "–"),
    ],
)
def test_numbers_are_said_as_people_say_them(value, unit, english, chinese):
    assert (number(value, unit, 0), number(value, unit, 1)) == (english, chinese)


def test_every_rule_and_bar_has_words_with_a_place_for_each_of_its_numbers():
    for rule in rules(Policy().warning):
        assert REASONS[rule.code].numbers == rule.numbers
    for code, said in REASONS.items():
        for sentence in (said.en, said.zh):
            assert all(f"{{{place}}}" in sentence for place in range(len(said.numbers))), code
        assert len(said.units) == len(said.numbers)


@pytest.fixture(scope="module")
def crowd():
    accounts = [{"account_id": it, "category": "large_industrial", "contract_kva": 400.0 + it} for it in range(60)]
    rows = [row for it in range(60) for row in bills(it, [100 + it * month % 37 for month in range(30)], fen=5000 + 100 * it, due_days=10)]
    paid = [{"account_id": 0, "paid_on": AS_OF, "amount_fen": 5000, "period": rows[0]["period"]}]
    return tables(accounts, rows, payments=paid)


def test_the_standing_has_exactly_the_columns_promised_and_its_reasons_can_be_said(crowd):
    standing = judge(on_duckdb(crowd), as_of=AS_OF)
    assert standing.schema.equals(OUTPUT)
    assert standing["account_id"].to_pylist() == list(range(60))
    for row in standing.to_pylist():
        for language in ("en", "zh-hans"):
            said = words(row["reasons"], language)
            assert said["risk"], "all owe, so there is a risk to tell"
            assert all("{" not in it for it in [*said.get("lifts", []), *said.get("pulls", []), *said["risk"], said.get("next", "")])
        assert (row["headline_code"] == "") == ("headline" not in json.loads(row["reasons"]))
        assert len(row["sparkline"]) == 12


def test_stages_come_one_by_one_with_a_row_per_account(crowd):
    seen = [(name, table.num_rows) for name, table in stages(on_duckdb(crowd), as_of=AS_OF)]
    assert seen == [(name, 60) for name in STAGES if name != "churn"]  # which needs a model


def test_the_same_facts_give_the_same_standing_on_duckdb_and_arrow(crowd):
    assert judge(on_duckdb(crowd), as_of=AS_OF).equals(judge(crowd, as_of=AS_OF))


def test_indicators_are_features_the_engine_knows():
    from segmentation.engine.features import CARRIED, FEATURES

    known = {it.name for it in FEATURES} | set(CARRIED)
    assert {it.feature for it in INDICATORS} <= known
