"""The lake holds what PostgreSQL holds, and rewrites no more than it must."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import narwhals as nw
import pytest

from crm.billing.models import Bill
from crm.changes.models import DirtyMonth
from crm.changes.services import touch
from crm.engagement.models import Engagement
from crm.tickets.models import Ticket
from segmentation.engine.tables import TABLES
from segmentation.lake import services
from segmentation.lake.models import LakeMonth
from segmentation.lake.session import lake
from segmentation.lake.store import BadLakeUrl, Lake
from tests.segmentation.billed import bill_accounts

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture
def facts(account, east):
    bill_accounts(accounts=20, months=15, unit_id=east.pk)
    # A quarter to midnight UTC on the last of September is already October at the utility.
    Ticket.objects.create(
        account=account, kind="complaint", category="service", title="x", opened_at=dt.datetime(2026, 9, 30, 23, 45, tzinfo=dt.UTC)
    )
    Engagement.objects.create(account=account, subject="visit", happened_on=dt.date(2026, 10, 5))
    Engagement.objects.create(account=account, subject="planned only", planned_on=dt.date(2026, 12, 5))
    return account


def read(path):
    return duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning = false)")


def times(table):
    return {path.parent.name: path.stat().st_mtime_ns for path in Path(lake().root, table).rglob("part.parquet")}


def test_files_hold_exactly_the_columns_the_engine_was_promised(facts, synced):
    synced()
    for table, columns in TABLES.items():
        path = lake().whole(table) if table in ("accounts", "entitlements", "changes") else lake().month(table, OCTOBER)
        schema = nw.from_native(read(path)).collect_schema()
        assert dict(schema) == {column.name: column.dtype for column in columns}, table


def test_money_is_fen_and_what_nobody_knows_stays_unknown(facts, synced):
    Bill.objects.create(account=facts, period=OCTOBER, kwh="1234.56", total="987.65", issued_on=dt.date(2026, 11, 3))
    synced()
    row = read(lake().month("bills", OCTOBER)).filter(f"account_id = {facts.pk}").fetchone()
    told = dict(zip([column.name for column in TABLES["bills"]], row, strict=True))
    assert (told["kwh"], told["total_fen"], told["energy_fen"], told["due_on"], told["days_in_period"]) == (1234.56, 98765, None, None, 31)


def test_files_are_sorted_by_account(facts, synced):
    synced()
    ids = [row[0] for row in read(lake().month("bills", OCTOBER)).fetchall()]
    assert ids == sorted(ids)
    assert len(ids) == 20


def test_a_ticket_belongs_to_the_month_of_the_utilitys_own_clock(facts, synced):
    synced()
    opened_at = read(lake().month("tickets", OCTOBER)).fetchone()[4]
    assert opened_at == dt.datetime(2026, 10, 1, 7, 45)


def test_the_first_sync_writes_every_month_and_the_second_none(facts, synced):
    assert len(synced().months["bills"]) == 15
    before = times("bills")
    again = synced()
    assert not again.months["bills"]
    assert times("bills") == before
    assert LakeMonth.objects.get(table="bills", period=OCTOBER).rows == 20


def test_only_the_month_that_changed_is_rewritten(facts, synced):
    synced()
    before = times("bills")
    Bill.objects.filter(period=OCTOBER).update(kwh=7)
    touch(table="bills", periods=[dt.date(2026, 10, 17)])
    assert synced().months["bills"] == [OCTOBER]
    after = times("bills")
    assert {month for month in after if after[month] != before[month]} == {"period=2026-10"}
    assert read(lake().month("bills", OCTOBER)).aggregate("max(kwh)").fetchone() == (7,)
    assert not DirtyMonth.objects.exists()


def test_a_month_that_lost_its_last_row_leaves_the_lake(facts, synced):
    synced()
    Bill.objects.filter(period=OCTOBER).delete()
    touch(table="bills", periods=[OCTOBER])
    synced()
    assert "period=2026-10" not in times("bills")
    assert not LakeMonth.objects.filter(table="bills", period=OCTOBER).exists()


def test_a_lost_file_is_written_again(facts, synced):
    synced()
    shutil.rmtree(Path(lake().root, "payments", "period=2026-02"))
    assert synced().months["payments"] == [dt.date(2026, 2, 1)]


def test_a_lost_lake_is_rebuilt(facts, synced):
    first = synced()
    shutil.rmtree(lake().root)
    again = synced()
    assert (again.rows, again.months) == (first.rows, first.months)


def test_a_sync_that_breaks_forgets_nothing(facts, synced, opened, monkeypatch):
    synced()
    touch(table="bills", periods=[OCTOBER])
    with monkeypatch.context() as broken:
        broken.setattr(Lake, "write", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            synced()
    assert DirtyMonth.objects.filter(table="bills").count() == 1
    assert synced().months["bills"] == [OCTOBER]


def test_tables_are_opened_from_the_files_that_stand(facts, synced, opened):
    synced()
    with opened() as session:
        tables = services.open_tables(session=session, lake=lake())
        assert set(tables) == {"accounts", "bills", "payments", "tickets", "engagement"}
        assert tables["bills"].count("*").fetchone() == (300,)
        assert tables["engagement"].count("*").fetchone() == (1,)


@pytest.mark.parametrize(("url", "root"), [("file:///a/b%20c", "/a/b c"), ("/a/b", "/a/b"), ("s3://bucket/lake/", "s3://bucket/lake")])
def test_a_lake_lies_in_a_folder_or_in_object_storage(url, root):
    assert Lake.at(url).root == root


def test_any_other_address_is_refused():
    with pytest.raises(BadLakeUrl, match="ftp://x"):
        Lake.at("ftp://x")


def test_a_table_without_months_is_rewritten_only_when_a_row_of_it_was_written(facts, synced, east):
    synced()
    before = times("accounts")
    assert "accounts" not in synced().months and times("accounts") == before
    type(facts).objects.filter(pk=facts.pk).update(has_gas=True)  # by whatever way, no service told
    assert synced().months["accounts"] and times("accounts") != before
    assert read(lake().whole("accounts")).filter("has_gas").aggregate("list(account_id)").fetchone() == ([facts.pk],)
    type(east).objects.filter(pk=east.pk).update(name="城东所")  # its code, which is read, might have changed as well
    assert synced().months["accounts"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_the_file_of_a_table_without_months_is_made_good(facts, synced, harm):
    synced()
    whole = read(lake().whole("accounts")).fetchall()
    harm(Path(lake().whole("accounts")))
    assert [told.split(" ")[0] for told in synced().repaired] == ["accounts/part.parquet"]
    assert read(lake().whole("accounts")).fetchall() == whole
