"""The behaviour report against PostgreSQL asked by other SQL; its sentences against its numbers; its scope against its reader."""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from pyarrow import parquet

from crm.people.errors import Refused
from crm.people.models import User
from segmentation.churn.models import ModelUse, RiskModel
from segmentation.lake.session import lake, open_session
from segmentation.readings import standing
from segmentation.readings.matrix import SCHEMA
from segmentation.reports import behaviour, held
from segmentation.reports.building import build
from segmentation.reports.facts import said
from segmentation.reports.figures import FIGURES
from segmentation.runs.models import Run
from segmentation.segments.models import Segment, SegmentMember
from tests import leftovers
from tests.segmentation.reports import judged_utility
from tests.segmentation.reports.judged_utility import NOVEMBER, OCTOBER

pytestmark = pytest.mark.django_db
YEAR = "period between '2025-11-01' and '2026-10-01'"
LAST_YEAR = "period between '2024-11-01' and '2025-10-01'"
OPENED = "(opened_at at time zone 'Asia/Shanghai')::date between date '2026-11-22' - 364 and date '2026-11-22'"


@pytest.fixture(scope="module")
def utility(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        made = judged_utility.build(tmp_path_factory.mktemp("judged"))
        yield made
        made["settings"].disable()
        leftovers.clear()


@pytest.fixture
def report(utility):
    """`report(language=…, reader="boss", …)`"""

    def make(language="en", reader="ada", **asked):
        someone = User.objects.get(username=reader)  # afresh: a person remembers for a request what is in reach
        return build(kind="behaviour", reader=someone, language=language, **asked)

    return make


def sql(query, *parameters):
    with connection.cursor() as db:
        db.execute(query, parameters)
        return db.fetchone()[0]


def figures(report):
    return {figure.name: figure for chapter in report.chapters for figure in chapter.figures}


def table(report, name):
    return next(each for chapter in report.chapters for each in chapter.tables if each.name == name)


CROSS = {
    "accounts": "select count(*) from crm_account where opened_on <= '2026-11-22' and closed_on is null",
    "opened_12m": "select count(*) from crm_account where opened_on > '2025-11-22'",
    "kwh": f"select sum(kwh) from crm_bill where {YEAR}",
    "billed": f"select sum(total) * 100 from crm_bill where {YEAR}",
    "average_price": f"select sum(total) / sum(kwh) from crm_bill where {YEAR}",
    "peak_share": f"select sum(sharp_kwh + peak_kwh) / sum(sharp_kwh + peak_kwh + flat_kwh + valley_kwh + deep_valley_kwh) from crm_bill where {YEAR}",
    "basic_share": f"select sum(basic_charge) / sum(total) from crm_bill where {YEAR}",
    "penalties": f"select sum(adjustment) * 100 from crm_bill where {YEAR} and adjustment > 0",
    "arrears": """select sum(b.total - coalesce(p.paid, 0)) * 100 from crm_bill b left join
        (select account_id, period, sum(amount) as paid from crm_payment where paid_on <= '2026-11-22' group by 1, 2) p using (account_id, period)
        where b.due_on < '2026-11-22' and b.period > '2024-10-01'""",
    "arrears_accounts": """select count(distinct account_id) from crm_bill b where due_on < '2026-11-22' and total > 0
        and not exists (select from crm_payment p where p.account_id = b.account_id and p.period = b.period and p.paid_on <= '2026-11-22')""",
    "payments": "select count(*) from crm_payment where paid_on between date '2026-11-22' - 364 and '2026-11-22'",
    "tickets": f"select count(*) from crm_ticket where {OPENED}",
    "complaints": f"select count(*) from crm_ticket where kind = 'complaint' and {OPENED}",
    "answer_hours_median": f"select percentile_cont(0.5) within group (order by extract(epoch from answered_at - opened_at) / 3600) from crm_ticket where {OPENED}",
    "answer_hours_p90": f"select percentile_cont(0.9) within group (order by extract(epoch from answered_at - opened_at) / 3600) from crm_ticket where {OPENED}",
    "promise_kept": f"""select avg((answered_at is not null and answered_at <= answer_due_at)::int) from crm_ticket
        where {OPENED} and (answered_at is not null or answer_due_at < '2026-11-23')""",
    "reopened_share": f"select avg((reopened_count > 0)::int) from crm_ticket where {OPENED}",
    "high_risk": "select count(*) from segmentation_standing where risk_band = 'high'",
    "key_revenue": "select sum(revenue_12m_fen) from segmentation_standing where tier in ('diamond', 'platinum', 'gold')",
    "own_generation": "select count(*) from crm_account where pv_kw > 0",
}  # fmt: skip


def test_figures_agree_with_other_sql(report):
    found = figures(report())
    traits = {row[0]: row[1] for row in table(report(), "traits").rows}
    for name, query in CROSS.items():
        asked = float(sql(query) or 0)
        if name in found:
            assert found[name].value == pytest.approx(asked, rel=1e-6), name
        else:
            assert traits[FIGURES[name].label[0]] == said(asked, FIGURES[name].unit, "en"), name
    assert found["kwh"].before == pytest.approx(float(sql(f"select sum(kwh) from crm_bill where {LAST_YEAR}")))


def test_tables_add_up_to_the_figures(report):
    made = report()
    found = figures(made)
    for name, place, figure in (
        ("by_category", 1, "accounts"),
        ("by_unit", 3, "kwh_12m"),
        ("by_area", 1, "accounts"),
        ("by_channel", 1, "payments"),
        ("arrears_by_age", 2, "arrears"),
    ):
        assert sum(row[place] for row in table(made, name).rows) == pytest.approx(found[figure].value), name
    months = table(made, "by_month").rows
    assert [row[0] for row in months[-12:]] == [f"2025-{n}" for n in (11, 12)] + [f"2026-{n:02}" for n in range(1, 11)]
    assert sum(row[1] for row in months[-12:]) == pytest.approx(found["kwh"].value)


def test_three_sentences_a_chapter_hold_the_numbers(report):
    made = report()
    assert [chapter.name for chapter in made.chapters] == ["overview", "consumption", "credit", "satisfaction", "churn", "value"]
    held = {
        "overview": ["accounts", "customers", "opened_12m", "closed_12m", "kwh_12m"],
        "consumption": ["kwh", "peak_share", "valley_share", "average_price", "penalties"],
        "credit": ["arrears_accounts", "arrears_share", "arrears", "on_time_share"],
        "satisfaction": ["complaints", "tickets", "answer_hours_median", "answer_hours_p90", "promise_kept", "satisfaction"],
        "churn": ["high_risk", "high_risk_share", "elevated_risk", "risk_revenue"],
        "value": ["key_accounts", "key_revenue_share", "moved_up", "moved_down", "potential_large"],
    }
    for chapter in made.chapters:
        assert len(chapter.sentences) == 3, chapter.name
        assert chapter.actions, chapter.name
        told = " ".join(chapter.sentences)
        for name in held[chapter.name]:
            figure = figures(made)[name]
            assert said(figure.value, figure.unit, "en") in told, (name, told)


def test_chinese_has_the_same_numbers_and_no_english(report):
    english, chinese = report(), report(language="zh-hans")
    assert {name: figure.value for name, figure in figures(english).items()} == {
        name: figure.value for name, figure in figures(chinese).items()
    }
    for chapter in chinese.chapters:
        words = " ".join(
            [
                chapter.title,
                *chapter.sentences,
                *chapter.actions,
                *chapter.missing,
                *[block.title for block in (*chapter.tables, *chapter.charts)],
            ]
        )
        assert re.findall(r"[A-Za-z]{5,}", words) == [], chapter.name


def test_no_chart_is_empty_and_names_are_unique(report):
    made = report()
    names = [block.name for chapter in made.chapters for block in (*chapter.tables, *chapter.charts)]
    assert len(names) == len(set(names))
    for chapter in made.chapters:
        for chart in chapter.charts:
            assert any(any(each.values) for each in chart.series) or chart.flows, chart.name


def test_a_supervisor_reads_of_the_own_unit_alone(report, utility):
    own = figures(report(reader="boss"))
    east = utility["units"]["east"]
    assert own["accounts"].value == sql("select count(*) from crm_account where unit_id = %s", east.pk)
    assert own["kwh"].value == pytest.approx(
        float(sql(f"select sum(kwh) from crm_bill join crm_account a on a.id = account_id where unit_id = %s and {YEAR}", east.pk))
    )
    assert own["tickets"].value == sql(
        f"select count(*) from crm_ticket join crm_account a on a.id = account_id where unit_id = %s and {OPENED}", east.pk
    )
    assert own["arrears"].value < figures(report())["arrears"].value
    with pytest.raises(Refused, match="3340102"):
        report(reader="boss", unit="3340102")


def test_what_is_kept_follows_a_right_taken_away(report, utility):
    """The numbers are kept; an account moved out of the unit a moment later is gone from them."""
    before = figures(report(reader="boss"))["accounts"].value
    with connection.cursor() as db:
        db.execute(
            "update crm_account set unit_id = %s where id = (select min(id) from crm_account where unit_id = %s)",
            [utility["units"]["west"].pk, utility["units"]["east"].pk],
        )
    assert figures(report(reader="boss"))["accounts"].value == before - 1


def test_scope_by_category_tier_and_segment(report, utility):
    ids = [row for (row,) in rows("select id from crm_account order by id limit 7")]
    assert figures(report(segment=ids))["accounts"].value == 7
    assert figures(report(reader="boss", segment=ids))["accounts"].value == sql(
        "select count(*) from crm_account where id = any(%s) and unit_id = %s", ids, utility["units"]["east"].pk
    )
    industrial = report(category="large_industrial")
    assert figures(industrial)["accounts"].value == sql("select count(*) from crm_account where category = 'large_industrial'")
    assert "Large industrial" in industrial.subtitle
    assert figures(report(tier="silver"))["scored"].value == sql("select count(*) from segmentation_standing where tier = 'silver'")
    for wrong in ({"category": "x"}, {"tier": "x"}, {"unit": "99999"}, {"segment": []}):
        with pytest.raises(Refused):
            report(**wrong)


def test_leavers_are_expected_only_where_a_model_gave_probabilities(report, settings, tmp_path):
    assert figures(report()).get("expected_leavers") is None
    assert "no probability" in " ".join(report().chapters[4].missing)
    run, lake = Run.objects.in_force(), Path(urlsplit(settings.LAKE_URL).path)
    shutil.copytree(lake, tmp_path / "lake")
    path = tmp_path / f"lake/scores/run={run.pk}/part.parquet"
    table = parquet.read_table(path)
    table = table.drop_columns([name for name in ("risk_model",) if name in table.column_names])
    parquet.write_table(table.append_column("risk_model", pa.array([3] * len(table), pa.int64())), path)
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    cache.clear()
    made = report()
    asked = sql("select sum(risk_score) / 100 from segmentation_standing")
    assert figures(made)["expected_leavers"].value == pytest.approx(float(asked), abs=0.06)
    assert said(figures(made)["expected_leavers"].value, "count", "en") in made.chapters[4].sentences[0]
    assert "no probability" not in " ".join(made.chapters[4].missing)


def test_how_the_warning_held_agrees_with_a_count_one_by_one(report, settings, monkeypatch):
    monkeypatch.setattr(held, "HORIZON", dt.timedelta(days=20))
    cache.clear()
    made = table(report(), "warning_held")
    then = Run.objects.get(as_of=OCTOBER)
    path = Path(urlsplit(settings.LAKE_URL).path) / f"scores/run={then.pk}/part.parquet"
    now = dict(rows("select account_id, usage_state from segmentation_standing"))
    lost = ("collapsed", "stopped", "dormant", "closed")
    warned = [row for row in parquet.read_table(path).to_pylist() if row["risk_score"] is not None and row["usage_state"] not in lost]
    gone = {row["account_id"]: now[row["account_id"]] in ("stopped", "collapsed") for row in warned}
    assert any(gone.values()) and not all(gone.values())
    by_band = {row[0].lower(): row[1:3] for row in made.rows}
    for band in {row["risk_band"] for row in warned}:
        of_band = [gone[row["account_id"]] for row in warned if row["risk_band"] == band]
        assert by_band[band] == (len(of_band), sum(of_band)), band
    pairs = [(a["risk_score"], b["risk_score"]) for a in warned if gone[a["account_id"]] for b in warned if not gone[b["account_id"]]]
    auc = sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs)
    assert f"AUC {auc:.2f}" in made.note


def test_a_model_in_force_tells_its_measured_quality(report):
    run = Run.objects.in_force()
    bins = [{"said": n / 20, "left": n / 25, "count": 9} for n in range(10)]
    card = {"any": {"auc": 0.83, "ap": 0.4, "lift10": 4.2, "ece": 0.012}, "rules": {"auc": 0.71}, "calibration": bins, "tested": 90, "tested_from": "2026-06-01"}  # fmt: skip
    model = RiskModel.objects.create(state="in_force", asked_at=timezone.now(), card=card)
    Run.objects.filter(pk=run.pk).update(counts=run.counts | {"risk": {"source": "model", "model": model.pk}})
    ModelUse.objects.create(
        model=model,
        run_number=run.pk,
        role="champion",
        as_of=OCTOBER,
        held={"high": 3},
        expected={"high": {"accounts": 9, "expected": 4.5}},
    )
    made = report()
    quality = table(made, "model_quality")
    assert "0.83" in quality.takeaway and "0.71" in quality.takeaway and "1.2" in quality.takeaway
    assert table(made, "expected_held").rows == (("High", 9, 4.5, 3),)
    chart = next(chart for chart in made.chapters[4].charts if chart.name == "calibration")
    assert chart.series[1].values == tuple(each["left"] for each in bins)
    assert not [each for each in report(reader="boss").chapters[4].tables if each.name == "expected_held"]  # the whole utility's


def test_the_load_of_metered_accounts_is_that_of_their_readings(report, settings):
    keys = [key for (key,) in rows("select id from crm_account order by id limit 2")]
    first = NOVEMBER - dt.timedelta(days=9)
    powers = {key: [4_000 * (n + 1) + 1_000 * (hour == 10 + n) for hour in range(24)] for n, key in enumerate(keys)}  # Wh an hour
    listed = [{"account_id": key, "received": False, "day": first + dt.timedelta(days=n), "minutes": 60, "wh": powers[key]} for key in keys for n in range(10)]  # fmt: skip
    where = lake()
    with open_session(of=where) as session:
        session.register("made", pa.Table.from_pylist(listed, schema=SCHEMA))
        standing.write(
            session=session, lake=where, query="select * from made", period=first.replace(day=1), batch_id=None, at=timezone.now()
        )
    cache.clear()
    load = table(report(), "traits")
    told = {row[0]: row[1] for row in load.rows}
    curve = next(chart for chart in report().chapters[0].charts if chart.name == "day_curve")
    assert curve.series[0].values == tuple(sum(powers[key][hour] for key in keys) / 1000 for hour in range(24))
    factors = sorted(sum(each) / 24 / max(each) for each in powers.values())
    assert told["Load factor of metered accounts, median"] == said(sum(factors) / 2, "share", "en")
    assert told["Drawn together"] == said(max(curve.series[0].values) * 1000 / sum(map(max, powers.values())), "share", "en")


def test_a_segment_is_found_by_name_and_read_in_the_readers_sight(utility, report):
    ids = [key for (key,) in rows("select id from crm_account order by id limit 9")]
    ada = User.objects.get(username="ada")
    segment = Segment.objects.create(name="Nine", owner=ada, shared=True, rule={}, made_at=timezone.now(), run=Run.objects.in_force())
    SegmentMember.objects.bulk_create([SegmentMember(segment=segment, account_id=key, since=NOVEMBER) for key in ids])
    for reader, expected in (
        ("ada", 9),
        ("boss", sql("select count(*) from crm_account where id = any(%s) and unit_id = %s", ids, utility["units"]["east"].pk)),
    ):
        client = Client()
        client.force_login(User.objects.get(username=reader))
        answer = client.get("/api/v1/reports/behaviour/", {"segment": "Nine"}).json()
        counted = next(block for block in answer["chapters"][0]["blocks"] if block["name"] == "accounts")
        assert counted["value"] == expected
        assert "Nine" in answer["subtitle"]
        page = client.get("/reports/behaviour/", {"segment": "Nine"})
        assert page.context["asked"] == {"segment": "Nine"}
        assert client.get("/api/v1/reports/behaviour/", {"segment": "Ten"}).status_code == 409


def rows(query):
    with connection.cursor() as db:
        db.execute(query)
        return db.fetchall()


def test_an_earlier_day_is_told_by_its_own_run(report):
    made = report(as_of=OCTOBER + dt.timedelta(days=3))
    assert made.as_of == OCTOBER
    assert table(made, "by_month").rows[-1][0] == "2026-09"
    assert all(not figure.link for figure in figures(made).values())
    with pytest.raises(Refused, match="2026-01-01"):
        report(as_of=dt.date(2026, 1, 1))


def test_page_and_api_tell_the_same(utility, report):
    client = Client()
    client.force_login(utility["people"]["boss"])
    page = client.get("/reports/behaviour/")
    assert page.status_code == 200
    expected = report(reader="boss")
    assert [each["chapter"].sentences for each in page.context["chapters"]] == [chapter.sentences for chapter in expected.chapters]
    answer = client.get("/api/v1/reports/behaviour/").json()
    told = {block["name"]: block["value"] for chapter in answer["chapters"] for block in chapter["blocks"] if block["block"] == "figure"}
    assert told == {name: figure.value for name, figure in figures(expected).items()}
    charts = [block for chapter in answer["chapters"] for block in chapter["blocks"] if block["block"] == "chart"]
    assert {chart["drawing"]["kind"] for chart in charts} >= {"bar", "column", "line", "bar-stacked", "pie"}
    assert client.get("/api/v1/reports/behaviour/", {"unit": "3340102"}).status_code == 409
    assert client.get("/api/v1/reports/behaviour/", {"as_of": "x"}).status_code == 400
    assert "3340102" not in client.get("/reports/behaviour/", {"unit": "3340102"}).content.decode().split("<main")[1].replace(
        'value="3340102"', ""
    )


def test_the_second_time_nothing_is_counted(report, monkeypatch):
    first = report()
    monkeypatch.setattr("segmentation.reports.gathering._count", None)
    with translation.override("en"):
        assert report(language="zh-hans").as_of == first.as_of == NOVEMBER


def test_the_command_writes_a_file(utility, tmp_path):
    out = tmp_path / "report.json"
    call_command("report", "behaviour", "--language", "zh-hans", "--unit", "3340101", "--out", str(out))
    written = json.loads(out.read_text())
    assert (written["kind"], written["language"], written["as_of"], written["subtitle"]) == (
        "behaviour",
        "zh-hans",
        "2026-11-22",
        "城东供电分公司",
    )
    with pytest.raises(CommandError, match="99999"):
        call_command("report", "behaviour", "--unit", "99999")
    with pytest.raises(CommandError, match="No such"):
        call_command("report", "behaviour", "--segment", "No such")


def test_every_figure_is_described_in_both_languages():
    for figure in FIGURES.values():
        assert all(figure.label) and all(figure.meaning)
        assert re.search(r"[一-龥]", figure.meaning[1]), figure.name
    used = {name for each in behaviour.BREAKDOWNS for name in each.figures}
    assert used <= set(FIGURES)
