"""The supervisor's tiers."""

import io

import openpyxl
import pytest


@pytest.fixture
def judged(make_account, west, stand, move):
    """Two accounts at East (one rose to gold) and one at Riverside, outside Boss's county."""
    here, risen, there = make_account(), make_account(category="ev_charging"), make_account(unit=west, manager=None)
    stand(here, tier="diamond", revenue_12m_fen=300_00, risk_band="high", current_score=80, potential_score=70)
    stand(risen, tier="gold", revenue_12m_fen=100_00, current_score=60, potential_score=20)
    stand(there, tier="gold", revenue_12m_fen=900_00)
    move(risen, "silver", "gold")
    return here, risen, there


def test_a_supervisor_counts_only_the_own_subtree(sign_in, supervisor, judged):
    context = sign_in(supervisor).get("/tiers/").context
    assert {row.key: row.accounts for row in context["tiers"] if row.accounts} == {"diamond": 1, "gold": 1}
    assert context["kpis"]["key_accounts"] == 2
    assert context["kpis"]["risk_yuan"] == 300


def test_moves_are_counted_by_unit_and_category(sign_in, supervisor, judged):
    context = sign_in(supervisor).get("/tiers/").context
    assert [(row.label, row.up, row.down) for row in context["units"]] == [("East Station", 1, 0)]
    assert {row.key: row.up for row in context["categories"]} == {"large_industrial": 0, "ev_charging": 1}


def test_the_picture_of_moves_adds_up_to_the_accounts(sign_in, supervisor, judged):
    links = sign_in(supervisor).get("/tiers/moves.json").json()["links"]
    assert {(link["source"], link["target"]): link["value"] for link in links} == {("a-diamond", "b-diamond"): 1, ("a-silver", "b-gold"): 1}


def test_the_quadrants_show_only_scored_accounts_in_reach(sign_in, supervisor, judged):
    points = sign_in(supervisor).get("/tiers/quadrants.json").json()["points"]
    assert [(point["x"], point["y"], point["size"]) for point in points] == [(80, 70, 300), (60, 20, 100)]


def test_the_analyst_sees_the_whole_utility_by_branch(sign_in, analyst, judged):
    rows = sign_in(analyst).get("/tiers/").context["units"]
    assert [(row.label, row.accounts) for row in rows] == [("East Branch", 2), ("Riverside Branch", 1)]


def test_a_unit_out_of_reach_is_not_found(sign_in, supervisor, judged, west):
    assert sign_in(supervisor).get("/tiers/", {"unit_code": west.code}).status_code == 404


def test_the_workbook_holds_the_figures_of_the_page(sign_in, supervisor, judged):
    response = sign_in(supervisor).get("/tiers/workbook.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert [[cell.value for cell in row[:3]] for row in book["Tiers"].iter_rows(min_row=2, max_row=3)] == [
        ["Diamond", 1, 300],
        ["Platinum", 0, 0],
    ]
    assert [cell.value for cell in book["Moves"][2]][1:] == ["Silver", "Gold"]


def test_the_api_reports_the_same(sign_in, supervisor, judged):
    report = sign_in(supervisor).get("/api/v1/tier-report/").json()
    assert [(row["key"], row["accounts"]) for row in report["tiers"] if row["accounts"]] == [("diamond", 1), ("gold", 1)]


@pytest.mark.parametrize("rows", [2, 30])
def test_the_report_costs_the_same_at_any_size(rows, sign_in, supervisor, make_account, stand, django_assert_max_num_queries):
    for _ in range(rows):
        stand(make_account())
    client = sign_in(supervisor)
    with django_assert_max_num_queries(18):
        client.get("/tiers/")


def test_figures_are_counted_once_for_all_who_see_the_same_and_anew_after_a_run(sign_in, supervisor, make_user, county, judged, stand):
    here, *_ = judged
    first = sign_in(supervisor).get("/tiers/").context["figures"]
    stand(here, tier="silver", revenue_12m_fen=1)
    other = make_user("vera", supervisor.role, county)
    assert sign_in(other).get("/tiers/").context["figures"].counted_at == first.counted_at
    assert sign_in(other).get("/tiers/?tier=gold").context["figures"].counted_at > first.counted_at


def test_what_one_may_see_is_never_shown_from_what_was_kept_for_another(sign_in, supervisor, manager, stranger, analyst, judged):
    def accounts(user, query=""):
        return sum(row.accounts for row in sign_in(user).get(f"/tiers/{query}").context["tiers"])

    assert [accounts(user) for user in (analyst, supervisor, manager, stranger)] == [3, 2, 2, 1]
    assert [accounts(user, "?mine=true") for user in (manager, stranger)] == [2, 0]
