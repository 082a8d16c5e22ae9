"""Features on their pages: spread, drift, uses, and an account's place among its peers."""

import re
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from crm.accounts.models import Account
from segmentation import engine
from segmentation.engine.features import FEATURES
from segmentation.runs import services
from segmentation.studio.features import reading, used
from segmentation.studio.features.drift import psi
from tests.segmentation.billed import bill_accounts
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER


def test_drift_is_nothing_for_the_same_accounts_and_much_for_others():
    rng = np.random.default_rng(1)
    before, unknown = rng.normal(0, 1, 2000), np.full(2000, np.nan)
    assert psi(before, before) == 0
    assert psi(before, rng.normal(0, 1, 2000)) < 0.05
    assert psi(before, before + 1) > 0.25
    assert psi(before, unknown) > 0.25 and psi(unknown, unknown) == 0
    assert psi(before[:10], before) is None and psi(None, before) is None
    # By hand: half below and half above a single edge becomes 25 : 75.
    half = np.repeat([0.0, 1.0], 100)
    assert psi(half, np.repeat([0.0, 1.0], [50, 150])) == pytest.approx((0.25 - 0.5) * np.log(0.5) + (0.75 - 0.5) * np.log(1.5), abs=1e-3)


def test_what_uses_a_feature_is_what_the_engine_reads():
    folder, names = Path(engine.__file__).parent, {feature.name for feature in FEATURES}
    for file, told in (("credit", used.CREDIT), ("warning", used.WARNING), ("usage", used.USAGE)):
        read = set(re.findall(r'"([a-z0-9_]+)"', (folder / f"{file}.py").read_text(encoding="utf-8"))) & names
        assert told == read, file


@pytest.fixture
def judged(transactional_db, east, settings, tmp_path):
    settings.LAKE_URL, settings.VAR_DIR = (tmp_path / "lake").as_uri(), tmp_path
    bill_accounts(accounts=120, months=26, unit_id=east.pk)
    return [services.recompute_here(as_of=day, by=None, clock=timezone.now) for day in (OCTOBER, NOVEMBER)]


@pytest.mark.django_db(transaction=True)
def test_pages_and_programs_read_the_spread_and_the_place_among_peers(judged, sign_in, analyst, manager, stranger, supervisor):
    client = sign_in(analyst)
    listed = client.get("/features/")
    rows = {row["name"]: row for row in listed.context["features"]}
    assert set(rows) == {feature.name for feature in FEATURES}
    assert (rows["kwh_12m"]["missing"], rows["kwh_12m"]["drift"], rows["power_factor"]["missing"]) == (0, "steady", 0)
    assert rows["satisfaction"]["missing"] == 1
    assert any("current value" in words for words in rows["kwh_12m"]["used"])
    page = client.get("/features/kwh_12m/")
    assert [(row["category"], row["accounts"]) for row in page.context["rows"]] == [("general_commercial", 60), ("large_industrial", 60)]
    chart = client.get("/features/kwh_12m/chart/").json()
    assert all(sum(line["values"]) == pytest.approx(1, abs=1e-3) for line in chart["series"])
    assert client.get("/features/no_such/").status_code == 404

    most = _most(judged[1])
    panel = sign_in(manager).get(f"/accounts/{most}/features/")
    own = {row["name"]: row for row in panel.context["features"]}
    assert panel.context["compared"]["peers"] == 60
    assert own["kwh_12m"]["percentile"] == pytest.approx(100 * 59.5 / 60, abs=0.1)
    assert own["satisfaction"]["percentile"] is None
    assert own["high_voltage"]["percentile"] == 50  # all its peers are alike
    by_api = sign_in(manager).get(f"/api/v1/account-features/{most}/").json()
    assert {row["name"]: row["percentile"] for row in by_api}["kwh_12m"] == own["kwh_12m"]["percentile"]
    assert sign_in(stranger).get(f"/accounts/{most}/features/").status_code == 404

    supervisor.unit = stranger.unit
    supervisor.save(update_fields=["unit"])
    assert sign_in(supervisor).get("/features/kwh_12m/").context["rows"] == []


def _most(run):
    """The account of large industry with the highest use, counted here."""
    with reading._open() as (session, where):
        _features, scores, _measured = reading._files(session, where, run)
        query = f"select account_id from {scores} where category = 'large_industrial' order by kwh_12m desc limit 1"
        return session.execute(query).fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_features_that_left_the_lake_are_told_and_no_page_breaks(judged, sign_in, analyst, tmp_path):
    (tmp_path / "lake" / "features" / f"run={judged[1].pk}" / "part.parquet").unlink()
    client, account = sign_in(analyst), Account.objects.first()
    assert "no longer in the lake" in client.get("/features/growth/").content.decode()
    for path in ("/features/", "/features/growth/chart/", f"/accounts/{account.pk}/features/"):
        assert client.get(path).status_code == 200
