"""The load of an account, on its page and for programs."""

import datetime as dt

import pytest

from segmentation.readings.services import chart, load_of

from .conftest import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(account, send):
    """2 to 8 November 2026, Monday to Sunday; at weekends half."""
    body = [
        lines(account.number, day=f"2026-11-{day:02d}", kwh=lambda slot, day=day: (2 if day < 7 else 1) * (1 + (slot == 40)))
        for day in range(2, 9)
    ]
    send("account,start,kwh\n" + "".join(text.partition("\n")[2] for text in body))
    return account


def test_the_panel_tells_load_factor_peak_and_night(week, sign_in, manager):
    page = sign_in(manager).get(f"/accounts/{week.pk}/load/").content.decode()
    assert "2026-11-02 at 10:00" in page
    assert "16.0 kW" in page  # 4 kWh in a quarter of an hour
    assert "2026-11-02 to 2026-11-08" in page
    assert "load/chart/?show=day&amp;day=2026-11-08" in page


def test_a_day_is_drawn_against_the_usual_day_of_its_kind(week, sign_in, manager):
    told = sign_in(manager).get(f"/accounts/{week.pk}/load/chart/?day=2026-11-07").json()
    assert [each["name"] for each in told["series"]] == ["2026-11-07", "Average day off"]
    assert told["series"][0]["values"][:2] == [4.0, 4.0]
    assert (told["x"]["values"][0], told["x"]["values"][-1], told["unit"]) == ("00:00", "23:45", "kW")


def test_an_average_working_day_is_of_working_days_only(week):
    told = chart(load_of(account_id=week.pk, show="working"))
    assert told["series"][0]["values"][0] == 8.0
    assert told["series"][1]["values"][0] == 4.0


def test_a_day_without_readings_is_an_empty_curve_and_nonsense_is_the_latest_day(week, sign_in, manager):
    assert sign_in(manager).get(f"/accounts/{week.pk}/load/chart/?day=2026-10-01").json()["series"] == []
    for nonsense in ("2026-02-31", "soon", ""):
        assert sign_in(manager).get(f"/accounts/{week.pk}/load/?day={nonsense}").status_code == 200
    assert load_of(account_id=week.pk, show="sideways").show == "day"


def test_an_account_without_readings_says_how_they_get_there(account, sign_in, manager):
    assert "can import them" in sign_in(manager).get(f"/accounts/{account.pk}/load/").content.decode()


def test_programs_get_the_same(week, sign_in, manager):
    told = sign_in(manager).get(f"/api/v1/loads/{week.pk}/?day=2026-11-02").json()
    assert (told["peak_kw"], told["peak_clock"], told["days"], len(told["kw"])) == (16.0, "10:00", 7, 96)
    assert told["load_factor"] == pytest.approx((5 * 8 + 2 * 4) * 97 / 96 / 7 / 16)
    assert sign_in(manager).get(f"/api/v1/loads/{week.pk}/?day=x").status_code == 400


def test_a_load_is_seen_by_who_sees_the_account(week, sign_in, stranger):
    client = sign_in(stranger)
    assert [client.get(address).status_code for address in (f"/accounts/{week.pk}/load/", f"/api/v1/loads/{week.pk}/")] == [404, 404]


def test_the_demonstration_adds_up_to_its_bills(make_account, send):
    from crm.billing.models import Bill
    from segmentation.readings import demo

    account = make_account(is_synthetic=True)
    Bill.objects.create(account=account, period=dt.date(2026, 10, 1), kwh=9300, issued_on=dt.date(2026, 10, 31), max_demand_kw=60)
    made = demo.create(at=dt.datetime(2026, 11, 5, tzinfo=dt.UTC), until=dt.date(2026, 10, 31), largest=1, others=0)
    load = load_of(account_id=account.pk)
    assert made == 31 * 96 == load.facts().days * 96
    assert load.facts().kwh == pytest.approx(9300, rel=1e-3)
    assert load.facts().peak_kw <= 60.001
    assert demo.create(at=dt.datetime(2026, 11, 5, tzinfo=dt.UTC), until=dt.date(2026, 10, 31)) == 0
