"""Features are what was known on the date, and unknown where nothing was."""

import datetime as dt

import pytest

from segmentation.engine.features import FEATURES, compute, describe
from segmentation.engine.tables import MissingColumn, MissingTable

from .facts import AS_OF, LAST_MONTH, bills, features, judged, month_back, on_duckdb, paid, table, tables


def test_a_year_of_use_is_the_sum_of_its_twelve_months_and_growth_is_against_the_twelve_before():
    row = features(tables([1], bills(1, [100] * 12 + [110] * 12)))[1]
    assert (row["kwh_12m"], row["kwh_prev_12m"]) == (1320, 1200)
    assert row["growth"] == pytest.approx(0.1)


def test_a_bill_issued_after_the_date_is_not_known_on_it():
    given = tables([1], bills(1, [100] * 24))
    assert features(given, dt.date(2026, 10, 31))[1]["kwh_m0"] == 100
    before = features(given, dt.date(2026, 10, 30))[1]
    assert before["month"] == dt.date(2026, 9, 1)
    assert before["months_known"] == 23


def test_a_month_billed_for_few_accounts_yet_is_not_the_month_judged():
    rows = [row for account in range(1, 11) for row in bills(account, [100] * 13)]
    early = [row for row in rows if row["period"] != LAST_MONTH or row["account_id"] <= 4]
    assert features(tables(range(1, 11), early))[9]["month"] == dt.date(2026, 9, 1)
    assert features(tables(range(1, 11), rows))[9]["month"] == LAST_MONTH


def test_growth_is_unknown_rather_than_wrong_where_a_month_is_missing():
    row = features(tables([1], bills(1, [100] * 5 + [None] + [100] * 18)))[1]
    assert row["growth"] is None
    assert row["kwh_prev_12m"] == 1100


def test_an_account_without_bills_has_no_use_rather_than_zero_use():
    row = features(tables([1, 2], bills(1, [100] * 12)))[2]
    assert (row["kwh_12m"], row["zero_months"], row["revenue_12m_fen"]) == (None, None, None)


def test_money_nobody_gave_stays_unknown():
    row = features(tables([1], bills(1, [100] * 12)))[1]
    assert (row["revenue_12m_fen"], row["average_price_fen"], row["arrears_fen"]) == (None, None, None)


def test_the_average_price_leaves_out_kwh_billed_without_money():
    rows = bills(1, [1000] * 6, last=month_back(LAST_MONTH, 6)) + bills(1, [100] * 6)
    for row in rows[6:]:
        row["total_fen"] = 6000
    assert features(tables([1], rows))[1]["average_price_fen"] == pytest.approx(60)


def test_no_complaint_is_zero_where_tickets_are_recorded_and_unknown_where_they_are_not():
    rows = bills(1, [100] * 12)
    assert features(tables([1], rows))[1]["complaints_12m"] is None
    ticket = {"account_id": 2, "kind": "complaint", "opened_at": dt.datetime(2026, 9, 1), "closed_at": None}
    both = features(tables([1, 2], rows, tickets=[ticket]))
    assert (both[1]["complaints_12m"], both[2]["complaints_12m"], both[2]["open_complaints"]) == (0, 1, 1)


def test_a_ticket_closed_later_was_open_on_the_date():
    closed_later = {"account_id": 1, "kind": "fault", "opened_at": dt.datetime(2026, 10, 30, 9), "closed_at": dt.datetime(2026, 11, 1, 9)}
    tomorrow = {"account_id": 1, "kind": "fault", "opened_at": dt.datetime(2026, 11, 1, 0), "closed_at": None}
    row = features(tables([1], bills(1, [100] * 12), tickets=[closed_later, tomorrow]))[1]
    assert (row["tickets_12m"], row["open_tickets"]) == (1, 1)


def test_lateness_and_arrears_are_as_known_on_the_date():
    rows = bills(1, [100] * 12, fen=5000, due_days=10)
    settled = paid(rows[:9]) + paid(rows[9:10], days_late=5)
    row = features(tables([1], rows, payments=settled))[1]
    assert row["late_count_12m"] == 2  # August's paid five days late, September's overdue since 10 October
    assert (row["arrears_fen"], row["arrears_days"]) == (5000, 21)
    earlier = features(tables([1], rows, payments=settled), dt.date(2026, 9, 30))[1]
    assert earlier["arrears_fen"] == 0


def test_a_bill_paid_in_two_parts_is_late_by_its_last_part():
    rows = bills(1, [100] * 12, fen=5000, due_days=0)
    whole = paid(rows[:11])
    parts = [{**paid(rows[11:])[0], "amount_fen": 2000}, {**paid(rows[11:], days_late=0)[0], "amount_fen": 3000}]
    parts[1]["paid_on"] += dt.timedelta(days=7)
    row = features(tables([1], rows, payments=whole + parts), dt.date(2026, 11, 30))[1]
    assert (row["late_count_12m"], row["days_late_max"], row["arrears_fen"]) == (1, 7, 0)


def test_money_paid_without_naming_a_bill_is_taken_off_the_arrears():
    rows = bills(1, [100] * 6, fen=5000, due_days=0)
    loose = [{"account_id": 1, "paid_on": dt.date(2026, 10, 1), "amount_fen": 24000, "period": None}]
    assert features(tables([1], rows, payments=loose))[1]["arrears_fen"] == 25000 - 24000


def test_bills_without_one_payment_anywhere_are_a_file_not_imported_yet_and_no_arrears():
    rows = bills(1, [100] * 6, fen=5000, due_days=0)
    assert features(tables([1], rows, payments=[]))[1]["arrears_fen"] is None


def test_an_account_opened_after_the_date_is_left_out():
    accounts = [{"account_id": 1, "opened_on": dt.date(2020, 1, 1)}, {"account_id": 2, "opened_on": dt.date(2026, 11, 1)}]
    assert list(features(tables(accounts, bills(1, [100] * 12)))) == [1]


def test_months_without_use_are_counted_back_from_the_latest():
    given = tables([1, 2, 3], bills(1, [5, 0, 0]) + bills(2, [0, 0, 5]) + bills(3, [0, 0, 0]))
    assert [features(given)[it]["zero_months"] for it in (1, 2, 3)] == [2, 0, 3]


def test_duckdb_and_arrow_give_the_same_features():
    rows = [
        row for account in range(1, 8) for row in bills(account, [100 + account * month % 13 for month in range(30)], fen=5000, due_days=5)
    ]
    ticket = {"account_id": 2, "kind": "complaint", "opened_at": dt.datetime(2026, 9, 1), "closed_at": None}
    accounts = [
        {"account_id": it, "category": "residential", "contract_kva": 30.0, "opened_on": dt.date(2020, 5, it)} for it in range(1, 8)
    ]
    given = tables(accounts, rows, payments=paid(rows[:-3], days_late=2, until=AS_OF), tickets=[ticket])
    by_arrow = compute(given, AS_OF).collect("pyarrow").to_native().sort_by("account_id")
    by_duckdb = compute(on_duckdb(given), AS_OF).collect("pyarrow").to_native().sort_by("account_id")
    for name in by_duckdb.column_names:
        expected = [pytest.approx(it, rel=1e-12) if isinstance(it, float) else it for it in by_duckdb[name].to_pylist()]
        assert by_arrow[name].to_pylist() == expected, name


def test_bills_settled_in_a_matrix_and_by_a_join_are_settled_alike():
    """Ids with gaps, payments in parts, ahead of time, late, missing, for no bill, for a bill nobody wrote, and after the date."""
    ids = [3, 4, 90, 91, 5000]
    rows = [row for account in ids for row in bills(account, [100.0] * 26, fen=account * 100, due_days=5)]
    rows[7] |= {"total_fen": None}
    rows[8] |= {"due_on": None}
    payments = []
    for place, bill in enumerate(rows):
        due, whole = bill["due_on"] or AS_OF, bill["total_fen"] or 50
        parts = {0: [], 1: [(-20, whole)], 2: [(3, whole // 2), (9, whole - whole // 2)], 3: [(1, whole - 1)]}.get(place % 7, [(-1, whole)])
        payments += [
            {"account_id": bill["account_id"], "paid_on": due + dt.timedelta(days=late), "amount_fen": fen, "period": bill["period"]}
            for late, fen in parts
        ]
    payments += [{"account_id": account, "paid_on": dt.date(2026, 10, 2), "amount_fen": 70, "period": None} for account in (4, 90)]
    payments += [{"account_id": 88, "paid_on": dt.date(2026, 10, 2), "amount_fen": 70, "period": LAST_MONTH}]
    accounts = [{"account_id": it, "category": "residential", "opened_on": dt.date(2020, 5, 1)} for it in [*ids, 6000]]
    given = tables(accounts, rows, payments=payments)
    names = [feature.name for feature in FEATURES if "payments" in feature.needs]
    by_join, by_matrix = (
        compute(them, AS_OF).collect("pyarrow").to_native().sort_by("account_id").select(["account_id", *names]).to_pylist()
        for them in (given, on_duckdb(given))
    )
    assert by_matrix == by_join
    part = compute(on_duckdb(given), AS_OF, accounts=(90, 91)).collect("pyarrow").to_native().select(["account_id", *names])
    assert part.sort_by("account_id").to_pylist() == by_join[2:4]
    assert by_join[0]["arrears_fen"] > 0 and by_join[-1]["arrears_fen"] is None


def test_pandas_frames_are_read_too():
    given = tables([1], bills(1, [100] * 12))
    assert judged(given)[1]["kwh_12m"] == 1200
    frames = {name: it.to_pandas() for name, it in given.items()}
    assert compute(frames, AS_OF).collect("pyarrow").to_native()["kwh_12m"].to_pylist() == [1200]


def test_a_missing_table_or_column_is_named():
    with pytest.raises(MissingTable, match="bills"):
        compute({"accounts": table([{"account_id": 1}])}, AS_OF)
    with pytest.raises(MissingColumn, match="'period'"):
        compute({"accounts": table([{"account_id": 1}]), "bills": table([{"account_id": 1, "kwh": 1.0}])}, AS_OF)


def test_every_feature_is_listed_once_and_described_in_both_languages():
    names = [it.name for it in FEATURES]
    assert len(names) == len(set(names)) >= 40
    for language in ("en", "zh-hans"):
        assert all(it["meaning"] and it["unit"] for it in describe(language))
    with pytest.raises(ValueError, match="fr"):
        describe("fr")


def test_how_use_ends_if_it_goes_on_falling_is_told_only_where_it_falls():
    steady = [100.0] * 24
    falling = [100.0] * 18 + [95.0, 90.0, 85.0, 80.0, 75.0, 70.0]
    found = features(tables([1, 2], [*bills(1, steady), *bills(2, falling)]))
    assert found[1]["months_to_zero"] is None
    # The ratio falls by 0.05 a month and stands at 0.75 over the last three months.
    assert found[2]["months_to_zero"] == pytest.approx(15.0)
    assert found[2]["last_3_to_base"] == pytest.approx(75 / 100)


def test_the_whole_bill_is_compared_only_where_every_month_has_money():
    whole, short = bills(1, [100.0] * 24, fen=1000), bills(2, [100.0] * 24, fen=1000)
    for bill in whole[12:]:
        bill["total_fen"] = 1500
    short[3]["total_fen"] = None
    found = features(tables([1, 2], [*whole, *short]))
    assert (found[1]["bill_change"], found[2]["bill_change"]) == (pytest.approx(0.5), None)


def test_contacts_tickets_services_and_substitutes_are_counted_as_they_stood():
    day = dt.timedelta(days=1)
    account = {"account_id": 1, "has_pv": True, "has_gas": False, "prepaid": True}
    tickets = [{"account_id": 1, "kind": "inquiry", "opened_at": dt.datetime.combine(AS_OF, dt.time()) - it * day} for it in (10, 200)]
    met = [{"account_id": 1, "kind": kind, "happened_on": AS_OF - it * day} for kind, it in (("visit", 3), ("call", 30), ("call", 400))]
    entitled = [{"account_id": 1, "starts_on": AS_OF - 9 * day, "ends_on": end} for end in (None, AS_OF + day, AS_OF - day)]
    found = features(tables([account], bills(1, [1.0] * 12), tickets=tickets, engagement=met, entitlements=entitled))[1]
    assert (found["tickets_3m"], found["tickets_12m"], found["contacts_12m"], found["services_in_force"]) == (1, 2, 2, 2)
    assert (found["own_pv"], found["uses_gas"], found["own_storage"], found["pays_ahead"]) == (True, False, None, True)
