"""How figures are written, in both languages."""

from decimal import Decimal

import pytest

from crm.display import rules


def plain(text: str) -> str:
    """Spaces that hold a figure to its unit, read as spaces."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "0 kWh", "0 kWh"),
        (842, "842 kWh", "842 kWh"),
        (8_420, "8.42 MWh", "8,420 kWh"),
        (18_400, "18.4 MWh", "1.84 万kWh"),
        (18_420_000, "18.4 GWh", "1,842 万kWh"),
        (192_000_000, "192 GWh", "1.92 亿kWh"),
        (-1_200_000, "−1.20 GWh", "−120 万kWh"),
        (999.6, "1,000 kWh", "1,000 kWh"),
    ],
)
def test_energy_is_written_in_the_unit_its_size_calls_for(value, en, zh):
    assert (plain(rules.kwh(value, "en")), plain(rules.kwh(value, "zh-hans"))) == (en, zh)


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (Decimal("84210"), "¥ 84,210", "¥ 8.42 万"),
        (8_421, "¥ 8,421", "¥ 8,421"),
        (610_000, "¥ 0.61 M", "¥ 61.0 万"),
        (Decimal("4210000"), "¥ 4.21 M", "¥ 421 万"),
        (12_040_000, "¥ 12.0 M", "¥ 1,204 万"),
        (192_000_000, "¥ 192 M", "¥ 1.92 亿"),
        (3_100_000_000, "¥ 3.10 B", "¥ 31.0 亿"),
        (-4_210_000, "−¥ 4.21 M", "−¥ 421 万"),
    ],
)
def test_yuan_are_written_in_the_unit_its_size_calls_for(value, en, zh):
    assert (plain(rules.yuan(value, "en")), plain(rules.yuan(value, "zh-hans"))) == (en, zh)


@pytest.mark.parametrize("write", [rules.number, rules.percent, rules.delta, rules.money, rules.fen])
@pytest.mark.parametrize("nothing", [None, "", float("nan"), float("inf"), "abc", True])
def test_what_is_no_figure_is_a_dash(write, nothing):
    assert write(nothing) == "—"


def test_a_missing_energy_is_a_dash_and_not_zero():
    assert rules.kwh(None, "en") == "—"
    assert rules.yuan(float("nan"), "zh-hans") == "—"


def test_money_is_exact_and_fen_are_hundredths():
    assert plain(rules.money(Decimal("5200"))) == "¥ 5,200.00"
    assert plain(rules.fen(520_000)) == "¥ 5,200.00"
    assert plain(rules.fen(-1)) == "−¥ 0.01"
    assert plain(rules.money(Decimal("0.005"))) == "¥ 0.01"


def test_a_negative_that_rounds_to_nothing_has_no_sign():
    assert rules.number(Decimal("-0.4")) == "0"
    assert plain(rules.money(Decimal("-0.001"))) == "¥ 0.00"


def test_numbers_are_grouped_and_padded():
    assert rules.number(1284) == "1,284"
    assert rules.number(Decimal("1284.25"), 1) == "1,284.3"
    assert rules.number(-14) == "−14"


def test_a_ratio_is_written_as_percent():
    assert plain(rules.percent(0.71)) == "71 %"
    assert plain(rules.percent(Decimal("0.0855"), 1)) == "8.6 %"


def test_a_change_carries_its_sign():
    assert [rules.delta(value) for value in (8, -14, 0, 0.4)] == ["+8", "−14", "0", "0"]


@pytest.mark.parametrize(
    ("seconds", "parts"),
    [
        (4 * 3600 + 52 * 60 + 59, [("hour", 4), ("minute", 52)]),
        (26 * 3600 + 59, [("day", 1), ("hour", 2)]),
        (86_400 + 120, [("day", 1)]),
        (252, [("minute", 4), ("second", 12)]),
        (0.4, [("second", 0)]),
        (-3 * 3600, [("hour", 3)]),
    ],
)
def test_a_length_of_time_is_told_by_its_two_largest_parts(seconds, parts):
    assert rules.clock_parts(seconds) == parts


@pytest.mark.parametrize(
    ("hours", "state"),
    [(30, "ok"), (8, "ok"), (7.9, "soon"), (4, "soon"), (3.9, "critical"), (0, "critical"), (-0.01, "overdue")],
)
def test_a_clock_changes_colour_as_it_runs_down(hours, state):
    assert rules.due_state(hours * 3600) == state


def test_a_sparkline_spans_its_box_from_lowest_to_highest():
    assert rules.sparkline([1, 3, 2], width=84, height=22) == ["2,20 42,2 82,11"]


def test_a_missing_month_breaks_the_line_and_is_not_drawn_as_zero():
    first, second = rules.sparkline([5, 4, None, 2, 1], width=84, height=22)
    assert first.count(",") == 2
    assert second.startswith("62,")


def test_a_flat_line_lies_in_the_middle_and_nothing_draws_nothing():
    assert rules.sparkline([4, 4], width=84, height=22) == ["2,11 82,11"]
    assert rules.sparkline([None, None], width=84, height=22) == []
    assert rules.sparkline([], width=84, height=22) == []


def test_a_lone_value_is_a_dash_that_can_be_seen():
    assert rules.sparkline([None, 4, None], width=84, height=22) == ["42,11 43.5,11"]
