"""Readings come in as CSV: kept once, named where they are wrong."""

import datetime as dt

import pytest
from django.urls import reverse

from crm.imports.problems import FileProblem

from .conftest import lines

pytestmark = pytest.mark.django_db


def test_a_day_of_quarters_is_kept_and_the_same_file_is_refused(account, send, day_of_account, files):
    batch = send(lines(account.number))
    assert (batch.state, batch.rows_total, batch.created, batch.failed) == ("loaded", 96, 96, 0)
    assert day_of_account("2026-11-02") == [1000 + 10 * slot for slot in range(96)]
    with pytest.raises(FileProblem) as refusal:
        send(lines(account.number))
    assert refusal.value.code == "already_loaded"
    assert files() == 1


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(account, send, day_of_account, files):
    batch = send(lines(account.number), dry=True)
    assert (batch.state, batch.created, files()) == ("checked", 96, 0)
    assert batch.preview["rows"][0]["values"] == {"account": account.number, "starts_at": "2026-11-02 00:00", "kwh": "1", "minutes": 15}
    assert day_of_account("2026-11-02") is None


def test_a_corrected_file_changes_only_what_differs(account, send, day_of_account):
    send(lines(account.number))
    batch = send(lines(account.number, kwh=lambda slot: 9 if slot == 5 else 1 + slot / 100, slots=range(4, 8)))
    assert (batch.created, batch.updated, batch.unchanged) == (0, 1, 3)
    assert day_of_account("2026-11-02")[3:7] == [1030, 1040, 9000, 1060]


def test_many_small_files_of_a_month_are_folded_into_one(account, send, day_of_account, files):
    for day in range(1, 8):
        send(lines(account.number, day=f"2026-11-{day:02d}"))
    assert files() <= 4
    assert all(day_of_account(f"2026-11-{day:02d}") for day in range(1, 8))


def test_every_bad_row_is_named_with_field_and_reason_and_the_good_ones_land(account, send, day_of_account):
    number = account.number
    content = "\n".join([
        "户号,开始时间,电量(kWh)", f"{number},2026-11-02 00:00,1.5", f"{number},2026-11-02 00:15,-1", f"{number},2026-11-02 00:30,abc",
        "9999999999,2026-11-02 00:45,1", f"{number},2026-11-02 00:50,1", f"{number},2026-13-02 00:00,1", "12,2026-11-02 01:00,1",
        f"{number},2026-11-02 01:15,1,7", f"{number},2027-01-01 00:00,1", f"{number},2026-11-02 00:00,2", f"{number},2026-11-02 01:30,",
        f"{number},2026-11-02 01:45,nan", f"{number},2026/11/2 02:00,\"1,000.25\"",
    ])  # fmt: skip
    batch = send(content)
    told = {(problem["row"], problem["field"], problem["code"]) for problem in batch.problems}
    assert told == {
        (3, "kwh", "too_small"), (4, "kwh", "not_a_number"), (5, "account", "unknown_account"), (6, "starts_at", "off_grid"),
        (7, "starts_at", "bad_moment"), (8, "account", "bad_account_number"), (9, "", "cells_do_not_fit"), (10, "starts_at", "in_future"),
        (11, "starts_at", "duplicate"), (13, "kwh", "not_a_number"),
    }  # fmt: skip
    assert (batch.created, batch.failed, batch.rows_total) == (2, 10, 13)
    assert {note["code"] for note in batch.preview["notes"]} == {"gaps"}
    found = day_of_account("2026-11-02")
    assert (found[0], found[8]) == (1500, 1_000_250)


def test_rows_keep_their_numbers_past_empty_lines(account, send):
    batch = send(f"account,start,kwh\n\n{account.number},2026-11-02 00:00,1\n\n{account.number},2026-11-02 00:15,x\n")
    assert [problem["row"] for problem in batch.problems] == [5]


@pytest.mark.parametrize(
    ("header", "code"),
    [("account,start,MWh", "no_unit_of_energy"), ("account,start,电量", "no_unit_of_energy"), ("account,start,kvarh", "no_unit_of_energy"),
     ("account,kwh", "missing_columns"), ("start,kwh", "missing_columns"), ("account,start,kwh,kw", "column_twice")],
)  # fmt: skip
def test_a_wrong_or_untold_unit_is_refused(account, send, header, code):
    batch = send(header + "\n" + ",".join([account.number] + ["2026-11-02 00:00"] * header.count(",")) + "\n")
    assert (batch.state, batch.message["code"]) == ("failed", code)


def test_mean_power_becomes_energy_and_an_interval_may_be_named_by_its_end(account, send, day_of_account):
    send(f"account,end,kw,minutes\n{account.number},2026-11-02 00:30,10,30\n{account.number},2026-11-02 24:00,4,30\n")
    found = day_of_account("2026-11-02")
    assert len(found) == 48
    assert (found[0], found[47]) == (5000, 2000)


def test_a_day_a_line_with_96_figures_of_power(account, send, day_of_account):
    header = "户号,日期," + ",".join(f"P{number}" for number in range(1, 97))
    batch = send(f"{header}\n{account.number},2026-11-02,{','.join(['4'] * 95 + [''])}\n".encode("gb18030"))
    assert (batch.created, batch.rows_total) == (95, 96)
    assert day_of_account("2026-11-02") == [1000] * 95 + [-1]


def test_hourly_readings_must_say_that_they_are(account, send, day_of_account):
    hourly = (
        lines(account.number, slots=range(24), minutes=60)
        + lines(account.number, day="2026-11-03", slots=range(24), minutes=60).partition("\n")[2]
    )
    assert send(hourly).message["code"] == "interval_not_said"
    said = "\n".join(f"{line},{'minutes' if at == 0 else 60}" for at, line in enumerate(hourly.splitlines()))
    assert send(said).created == 48
    assert len(day_of_account("2026-11-03")) == 24


def test_what_the_customer_feeds_in_is_kept_apart(account, send):
    from segmentation.readings.services import load_of

    send(f"account,start,kwh,direction\n{account.number},2026-11-02 12:00,3,上网\n{account.number},2026-11-02 12:00,1,delivered\n")
    load = load_of(account_id=account.pk)
    assert (load.delivered.wh.max(), load.received.wh.max()) == (1000, 3000)


def test_in_the_hour_that_is_repeated_both_passes_are_kept_and_a_third_is_named(account, send, day_of_account, settings, monkeypatch):
    settings.TIME_ZONE = "Europe/Berlin"
    times = ["01:45", "02:00", "02:15", "02:30", "02:45", "02:00", "02:15", "02:30", "02:45", "03:00", "02:45"]
    rows = [f"{account.number},2026-10-25 {time},{at + 1}" for at, time in enumerate(times)]
    batch = send("account,start,kwh\n" + "\n".join([*rows, f"{account.number},2026-03-29 02:15,1"]) + "\n")
    assert {(problem["row"], problem["code"]) for problem in batch.problems} == {(12, "duplicate"), (13, "no_such_time")}
    found = day_of_account("2026-10-25")
    assert len(found) == 100
    assert found[7:17] == [1000 * (at + 1) for at in range(10)]


def test_a_load_that_dies_leaves_nothing_behind(account, send, day_of_account, monkeypatch, files):
    from segmentation.readings import standing

    def full(*args, **more):
        raise OSError("No space left on device")

    monkeypatch.setattr(standing.Lake, "write", full)
    assert send(lines(account.number)).state == "failed"
    monkeypatch.undo()
    assert files() == 0
    assert day_of_account("2026-11-02") is None


def test_who_may_not_import_does_not_load(account, send, manager):
    assert send(lines(account.number), by=manager).message["code"] == "not_allowed"


def test_wrong_rows_are_given_back_to_be_corrected(account, send, sign_in, administrator):
    batch = send(f"account,start,kwh\n{account.number},2026-11-02 00:00,1\n{account.number},2026-11-02 00:15,x\n")
    text = b"".join(sign_in(administrator).get(reverse("crm:import-errors", args=[batch.pk])).streaming_content).decode()
    assert f"{account.number},2026-11-02 00:15,x" in text
    assert dt.date(2026, 11, 2).isoformat() in text
