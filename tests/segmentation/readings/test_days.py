"""Local days hold as many seconds as pass in them."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.readings import days

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
SPRING, AUTUMN = days.number_of(dt.date(2026, 3, 29)), days.number_of(dt.date(2026, 10, 25))


def test_a_day_on_which_clocks_change_is_an_hour_shorter_or_longer():
    assert [days.seconds_in(BERLIN, number) // 3600 for number in (SPRING, AUTUMN, SPRING + 1)] == [23, 25, 24]
    assert days.seconds_in(SHANGHAI, SPRING) == 86_400


def test_a_time_that_was_skipped_is_no_time_and_a_repeated_one_comes_again_an_hour_later():
    with pytest.raises(days.NoSuchTime):
        days.moment_of(BERLIN, dt.datetime(2026, 3, 29, 2, 30))
    assert days.moment_of(BERLIN, dt.datetime(2026, 10, 25, 2, 30))[1] == 3600
    assert days.moment_of(BERLIN, dt.datetime(2026, 10, 25, 4, 30))[1] == 0


@settings(deadline=None)
@given(st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=10))
def test_a_moment_is_found_again_from_its_day_and_second(moments):
    for zone in (BERLIN, SHANGHAI):
        number, second = days.filed(zone, np.array(moments, np.int64))
        assert [days.midnight(zone, int(n)) + int(s) for n, s in zip(number, second, strict=True)] == moments
        assert all(0 <= s < days.seconds_in(zone, int(n)) for n, s in zip(number, second, strict=True))


def test_the_repeated_hour_stands_twice_on_the_clock():
    clock = days.clock_times(BERLIN, AUTUMN, 60)
    assert len(clock) == 25
    assert clock[1:5] == ["01:00", "02:00", "02:00", "03:00"]
