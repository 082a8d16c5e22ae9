"""Green Button files: the real samples, and what they must not be."""

import datetime as dt
from pathlib import Path

import pytest

from segmentation.readings.services import load_of
from tests.crm.imports.conftest import SHARED_DATA

pytestmark = pytest.mark.django_db
SAMPLES = SHARED_DATA / "greenbutton"
NUMBER = "3304012289"
HEAD = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">'
START = 1_793_548_800  # 2026-11-02 00:00 in Shanghai


@pytest.fixture
def metered(make_account):
    return make_account(number=NUMBER)


def sample(name) -> bytes:
    path = Path(SAMPLES / name)
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return path.read_bytes()


def feed(readings, *, uom=72, multiplier=0, flow=1, length=900, kind=0, behaviour=4):
    """A feed of one usage point with the given (start, duration, value)s."""
    rows = "".join(
        f"<IntervalReading><timePeriod><duration>{duration}</duration><start>{start}</start></timePeriod><value>{value}</value></IntervalReading>"
        for start, duration, value in readings
    )
    espi = 'xmlns="http://naesb.org/espi"'

    def entry(link, content, related=""):
        more = f'<link rel="related" href="{related}"/>' if related else ""
        return f'<entry><link rel="self" href="{link}"/>{more}<content>{content}</content></entry>'

    return HEAD + "".join([
        entry("/UsagePoint/1", f"<UsagePoint {espi}><ServiceCategory><kind>{kind}</kind></ServiceCategory></UsagePoint>", "/UsagePoint/1/MeterReading"),
        entry("/UsagePoint/1/MeterReading/1", f"<MeterReading {espi}/>", "/ReadingType/7"),
        entry("/ReadingType/7", f"<ReadingType {espi}><accumulationBehaviour>{behaviour}</accumulationBehaviour><flowDirection>{flow}</flowDirection>"
              f"<intervalLength>{length}</intervalLength><powerOfTenMultiplier>{multiplier}</powerOfTenMultiplier><uom>{uom}</uom></ReadingType>"),
        entry("/UsagePoint/1/MeterReading/1/IntervalBlock/1", f"<IntervalBlock {espi}><interval><duration>1</duration><start>{START}</start></interval>{rows}</IntervalBlock>"),
    ]) + "</feed>"  # fmt: skip


def test_a_real_year_of_hours_is_kept_to_the_watt_hour(metered, send):
    batch = send(sample("Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml"), f"{NUMBER}.xml")
    assert (batch.state, batch.created, batch.failed) == ("loaded", 8760, 0)
    assert {note["code"] for note in batch.preview["notes"]} == {"other_zone"}
    load = load_of(account_id=metered.pk)
    assert load.delivered.minutes.tolist() == [60] * len(load.delivered)
    assert int(load.delivered.wh[load.delivered.wh > 0].sum()) == 4_425_305


def test_a_usage_point_is_known_by_its_title(make_account, send):
    account = make_account(external_id="Coastal Multi-Family 12hr")
    assert send(sample("electric_containerized.xml"), "download.xml").created == 8
    assert load_of(account_id=account.pk).has_readings


@pytest.mark.parametrize(
    ("name", "code"), [("gas_direct.xml", "not_electricity"), ("TestGBDataOneYearDailyBinnedMonthly.xml", "interval_length")]
)
def test_gas_and_daily_totals_are_refused(metered, send, name, code):
    batch = send(sample(name), f"{NUMBER}-{name}")
    assert (batch.state, batch.message["code"]) == ("failed", code)


@pytest.mark.parametrize(
    ("told", "code"),
    [({"uom": 169}, "unit_not_energy"), ({"uom": ""}, "unit_not_energy"), ({"behaviour": 3}, "not_interval_energy"), ({"flow": 4}, "flow_not_understood"),
     ({"kind": 1}, "not_electricity"), ({"length": 300}, "interval_length")],
)  # fmt: skip
def test_what_is_no_interval_energy_is_refused(metered, send, told, code):
    assert send(feed([(START, 900, 1)], **told), f"{NUMBER}.xml").message["code"] == code


def test_powers_of_ten_mean_power_and_direction_are_understood(metered, send):
    send(feed([(START, 900, 1500), (START + 900, 900, 2)], multiplier=-3), f"a{NUMBER}.xml")
    send(feed([(START + 1800, 900, 8)], multiplier=3, uom=38), f"b{NUMBER}.xml")
    send(feed([(START, 900, 700)], flow=19), f"c{NUMBER}.xml")
    load = load_of(account_id=metered.pk)
    assert load.of_day(dt.date(2026, 11, 2)).wh[0, :3].tolist() == [2, 0, 2000]
    assert load.received.wh[0, 0] == 700


def test_bad_readings_are_named_and_the_good_ones_land(metered, send):
    batch = send(
        feed([(START, 900, 5), (START + 900, 400, 5), ("x", 900, 5), (START + 1000, 900, 5), (START + 1800, 900, -5)]), f"{NUMBER}.xml"
    )
    assert {(problem["row"], problem["field"], problem["code"]) for problem in batch.problems} == {
        (2, "duration", "bad_interval"), (3, "start", "not_whole"), (4, "start", "off_grid"), (5, "value", "too_small"),
    }  # fmt: skip
    assert batch.created == 1


def test_nobody_knows_the_usage_point(metered, send):
    batch = send(feed([(START, 900, 5)]), "download.xml")
    assert (batch.state, batch.problems[0]["code"]) == ("refused", "unknown_usage_point")


def test_entities_and_broken_files_are_refused(metered, send):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'
    assert send(bomb, f"{NUMBER}.xml").message["code"] == "xml_entities"
    assert send(feed([(START, 900, 5)])[:-40], f"{NUMBER}.xml").message["code"] == "xml_broken"
