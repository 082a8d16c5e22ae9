"""Damaged files, full disks, rows that readers hold: what was in force stays, and the page says what to do."""

import datetime as dt
import json
import logging
import resource
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from crm.changes.models import DirtyMonth
from segmentation.lake.models import LakeMonth
from segmentation.lake.session import lake
from segmentation.runs.models import Change, Run, Standing
from segmentation.runs.services import pruning, publishing, rebuilding
from segmentation.runs.words import error_words
from tests.segmentation.runs.conftest import NOVEMBER, OCTOBER, holding, standings

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def no_file_larger_than(size):
    """The kernel refuses what is written beyond, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def year_file():
    return Path(lake().year("bills", 2025))


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-100])


def turn_a_bit(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut_short, turn_a_bit])
def test_a_damaged_file_is_named_and_written_again(harm, billed, recomputed, client, analyst, caplog):
    recomputed()
    sound = standings()
    harm(year_file())
    with caplog.at_level(logging.ERROR):
        run = recomputed()
    assert (run.state, run.counts["repaired"]) == ("published", ["bills/year=2025/part.parquet (damaged)"])
    assert "bills/year=2025/part.parquet is damaged" in caplog.text
    assert standings() == sound
    assert recomputed().counts["repaired"] == []
    client.force_login(analyst)
    assert "bills/year=2025/part.parquet" in client.get(reverse("segmentation:run-detail", args=[run.pk])).content.decode()


def test_damage_stays_in_the_ledger_until_it_is_made_good(billed, recomputed):
    recomputed()
    year_file().write_bytes(b"no parquet at all")
    with no_file_larger_than(1000):
        assert recomputed().state == "failed"
    assert DirtyMonth.objects.filter(table="bills", period=dt.date(2025, 5, 1)).exists()
    assert recomputed().state == "published"
    assert not DirtyMonth.objects.exists()


def test_a_full_disk_leaves_the_last_run_in_force_and_says_so(billed, recomputed, client, analyst):
    before = recomputed(OCTOBER)
    shown = standings()
    files = sorted(Path(lake().root).rglob("*"))
    Path(lake().month("bills", dt.date(2026, 10, 1))).unlink()
    with no_file_larger_than(1000):
        run = recomputed()
    assert (run.state, run.attempts) == ("failed", 1)
    assert "disk is full" in error_words(run)
    assert "File too large" in error_words(run)
    assert Run.objects.in_force() == before
    assert standings() == shown
    assert set(Path(lake().root).rglob("*")) <= set(files)  # no half file takes up the room that is left
    client.force_login(analyst)
    assert "Free some space, then recompute" in client.get(reverse("segmentation:run-detail", args=[run.pk])).content.decode()
    assert recomputed().state == "published"


def shape():
    """Columns, keys, indexes and rights of the table of standings."""
    with connection.cursor() as db:
        db.execute(
            "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'segmentation_standing'::regclass order by 1"
        )
        keys = db.fetchall()
        db.execute("select indexname, indexdef from pg_indexes where tablename = 'segmentation_standing' order by 1")
        indexes = db.fetchall()
        db.execute(
            "select attname, attnotnull, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'segmentation_standing'::regclass and attnum > 0"
        )
        columns = db.fetchall()
        db.execute("select reloptions from pg_class where oid = 'segmentation_standing'::regclass")
        return keys, indexes, columns, db.fetchall()


def oid():
    with connection.cursor() as db:
        db.execute("select 'segmentation_standing'::regclass::oid")
        return db.fetchone()


def test_a_table_built_anew_is_the_table_it_replaces(billed, recomputed, monkeypatch, make_account):
    recomputed(OCTOBER)
    was, before = shape(), standings()
    late = make_account(opened_on=dt.date(2026, 11, 30))  # not judged: its blank row is kept
    Standing.objects.create(account=late)
    monkeypatch.setattr(publishing, "REBUILD_FROM", 1)
    old = oid()
    run = recomputed()
    assert oid() != old
    assert run.counts["written"] > 150
    assert shape() == was
    assert set(standings()) == {*before, late.pk}
    monkeypatch.undo()
    assert recomputed().counts["written"] == 0


HELD = {
    "a reader": ("PATIENCE", ("10ms",), "select count(*) from segmentation_standing where run_id is not null"),
    "a vacuum": ("WRITERS", "20ms", "lock table segmentation_standing in share update exclusive mode"),
}


@pytest.mark.parametrize("who", HELD)
def test_who_does_not_let_go_of_the_table_is_not_waited_for_and_it_is_written_in_place(who, billed, recomputed, monkeypatch):
    recomputed(OCTOBER)
    patience, short, statement = HELD[who]
    monkeypatch.setattr(publishing, "REBUILD_FROM", 1)
    monkeypatch.setattr(rebuilding, patience, short)
    before = oid()
    with holding(statement):
        run = recomputed()
        assert run.state == "published"
        assert Standing.objects.filter(run=run).count() == run.counts["written"]
    assert oid() == before


def test_nothing_is_left_to_be_checked_by_the_commit_that_exchanges_the_table(billed, recomputed, monkeypatch):
    """Readers wait for that commit. What moves lean on is checked when it is written, so that a move of nobody is refused at once."""
    recomputed(OCTOBER)

    def exchanged(names, swap=rebuilding.swap):
        with pytest.raises(IntegrityError), transaction.atomic():
            Change.objects.create(run=Run.objects.latest("pk"), account_id=-1)
        return swap(names)

    monkeypatch.setattr(publishing, "REBUILD_FROM", 1)
    monkeypatch.setattr(publishing, "swap", exchanged)
    before = oid()
    assert recomputed().state == "published"
    assert oid() != before


def test_accounts_seated_and_deleted_while_the_table_is_built_are_there_and_gone_in_it(billed, recomputed, monkeypatch, make_account):
    recomputed(OCTOBER)
    gone = make_account()
    deleted, seated = Standing.objects.create(account=gone).pk, []

    def indexed(db, index=rebuilding._index):
        seated.append(Standing.objects.create(account=make_account()).pk)
        gone.delete()
        return index(db)

    monkeypatch.setattr(publishing, "REBUILD_FROM", 1)
    monkeypatch.setattr(rebuilding, "_index", indexed)
    built, before = shape(), set(standings())
    run = recomputed()
    assert (run.state, shape()) == ("published", built)
    assert set(standings()) == before - {deleted} | set(seated)
    assert Standing.objects.filter(run=run).count() == run.counts["written"] - 1


def test_reasons_become_text_and_json_again(make_account):
    """Migration 0031 on a table that holds something: said and unsaid, there and back."""
    told = import_module("segmentation.migrations.0031_reasons_are_text")
    said, unsaid = (Standing.objects.create(account=make_account(), headline=text, reasons=text) for text in ('{"v":1,"risk":[]}', ""))
    with connection.cursor() as db:
        db.execute(told.TO_JSON)
        db.execute("select account_id, reasons = '{}' from segmentation_standing")
        assert dict(db.fetchall()) == {said.pk: False, unsaid.pk: True}
        db.execute(told.TO_TEXT)
    for standing in (said, unsaid):
        standing.refresh_from_db()
    assert (unsaid.headline, unsaid.reasons) == ("", "")
    assert json.loads(said.reasons) == json.loads(said.headline) == {"v": 1, "risk": []}


def test_old_runs_files_are_removed_but_not_those_a_page_or_a_run_asks_for(billed, recomputed, monkeypatch):
    monkeypatch.setattr(pruning, "RUNS", 1)
    monkeypatch.setattr(pruning, "FEATURES", 1)
    october = recomputed(OCTOBER)
    runs = [recomputed(day) for day in (dt.date(2026, 11, 20), dt.date(2026, 11, 21), NOVEMBER)]
    folder = Path(lake().root)
    assert {path.name for path in (folder / "scores").iterdir()} == {f"run={october.pk}", f"run={runs[-1].pk}"}
    assert {path.name for path in (folder / "features").iterdir()} == {f"run={runs[-1].pk}"}


def test_a_year_is_folded_when_a_newer_one_begins(billed, recomputed):
    recomputed()
    assert set(LakeMonth.objects.filter(table="bills", in_year_file=True).values_list("period__year", flat=True)) == {2024, 2025}
    assert not list(Path(lake().root, "bills").glob("period=2025-*"))
