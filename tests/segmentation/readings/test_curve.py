"""What a curve says of a load."""

import datetime as dt

import numpy as np
import pytest

from segmentation.readings import curve, days
from segmentation.readings.matrix import UNKNOWN, WIDEST, Days, merge

MONDAY = days.number_of(dt.date(2026, 11, 2))


def made(*rows, minutes=15, first=MONDAY):
    wh = np.full((len(rows), WIDEST), UNKNOWN, np.int32)
    for at, row in enumerate(rows):
        wh[at, : len(row)] = row
    many = len(rows)
    slots = np.full(many, 24 * 60 // minutes)
    return Days(np.ones(many, np.int64), np.zeros(many, bool), first + np.arange(many), np.full(many, minutes, np.uint8), slots, wh)


def test_load_factor_is_mean_over_peak_power_and_the_peak_has_its_time():
    found = curve.facts(made([250] * 95 + [500]))
    assert found.peak_kw == 2.0
    assert (found.peak_day, found.peak_second) == (dt.date(2026, 11, 2), 95 * 900)
    assert found.load_factor == pytest.approx((95 * 1 + 2) / 96 / 2)
    assert found.kwh == pytest.approx(24.25)


def test_intervals_that_are_not_known_take_no_part():
    found = curve.facts(made([UNKNOWN] * 48 + [250] * 48))
    assert (found.load_factor, found.known, found.kwh) == (1.0, 0.5, 12.0)
    nothing = curve.facts(made([UNKNOWN] * 96))
    assert (nothing.load_factor, nothing.peak_kw, nothing.night_kw, nothing.kwh) == (None, None, None, 0.0)


def test_the_load_of_the_night_is_the_middle_of_each_nights_lowest():
    night = [[low] + [400] * 95 for low in (100, 200, 300)] + [[800] * 24 + [1] + [800] * 71]
    assert curve.facts(made(*night)).night_kw == pytest.approx((200 + 300) / 2 / 1000 * 4)


def test_an_average_day_leaves_out_what_is_not_known_and_days_of_another_length():
    minutes, kw = curve.mean_day(made([100] * 96, [300] * 95 + [UNKNOWN]))
    assert minutes == 15
    assert kw[:95] == pytest.approx([0.8] * 95)
    assert kw[95] == pytest.approx(0.4)
    assert curve.mean_day(made()) is None


def test_new_readings_are_laid_over_those_that_stood():
    old = made([1] * 96)
    new = made([UNKNOWN] * 94 + [1, 7])
    whole, differs, counts = merge(new, old)
    assert counts == {"new": 0, "changed": 1, "same": 1}
    assert differs.tolist() == [True]
    assert whole.wh[0, :96].tolist() == [1] * 95 + [7]


def test_a_day_read_at_another_length_takes_the_place_of_the_old_one():
    whole, _differs, counts = merge(made([4] * 24, minutes=60), made([1] * 96))
    assert counts == {"new": 0, "changed": 24, "same": 0}
    assert (whole.wh[0] != UNKNOWN).sum() == 24


def test_a_day_survives_the_way_to_the_lake_and_back():
    from segmentation.readings.matrix import from_table

    there = made([1, UNKNOWN, 3] + [5] * 93, [2] * 96)
    back = from_table(there.table())
    assert (back.wh == there.wh).all()
    assert back.day.tolist() == there.day.tolist()
