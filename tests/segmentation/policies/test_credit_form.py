"""Credit is edited with the meaning of each number, what it comes to, and what is wrong with it, on the page and in the API."""

import re

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from segmentation.engine.policy import CreditPolicy, Policy
from segmentation.policies import credit_words, services
from segmentation.policies import models as stored
from segmentation.policies.limits import MOST, POINTS, faults, lowest

BODY = Policy().to_dict()["credit"]
WRONG = [
    ({"b_from": 0}, "b_from", "above 0 and under 100"),
    ({"a_from": 70}, "a_from", "above grade B, which begins at 70"),
    ({"start": 95}, "start", "at least 70, under 90"),
    ({"late_points": -1}, "late_points", "from 0 to 100"),
    ({"late_points": 31}, "late_points", "more than the limit of 30 points"),
    ({"arrears_month_points": 40}, "arrears_month_points", "more than the limit of 30 points"),
    ({"late_most": 60}, "arrears_most", "add up to 105 points"),
    ({"forced_debt_months": 0}, "forced_debt_months", "from 1 to 12"),
    ({"new_bills": 2.5}, "new_bills", "whole number"),
    ({"theft_years": 30}, "theft_years", "from 0 to 20"),
]


@pytest.fixture
def draft(db, analyst):
    return services.draft(source=stored.Policy.objects.get(kind="credit", state="published"), by=analyst)


@pytest.fixture
def form(draft, sign_in, analyst):
    """`form(late_points=5)`: the answer to the page's form, posted with those numbers otherwise than they stand."""
    url = f"/policies/{draft.pk}/edit/"

    def post(**changes):
        client = sign_in(analyst)
        shown = client.get(url).context["form"]
        answer = client.post(url, {name: shown[name].value() for name in shown.fields} | changes)
        draft.refresh_from_db()
        return answer

    return post


@pytest.mark.parametrize(("change", "field", "says"), WRONG)
def test_a_number_that_cannot_be_meant_is_refused_by_name_in_both_languages(change, field, says):
    body = BODY | change
    found = faults(body)
    assert [name for name, _code, _given in found] == [field]
    assert says in credit_words.fault_words(found[0], body)
    with override("zh-hans"):
        said = credit_words.fault_words(found[0], body)
    assert not re.search(r"[a-z]{2}|%\(", said) and said.endswith("。"), said


def test_the_page_marks_the_number_and_the_api_names_it(form, draft, sign_in, analyst):
    answer = form(late_points=31, start=95)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"late_points", "start"}
    assert "These numbers do not go together" in answer.content.decode()
    url = f"/api/v1/policies/{draft.pk}/edit/"
    refused = sign_in(analyst).post(url, {"body": draft.body | {"late_points": 31}}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "bad_policy")
    assert "“Lost for each late bill of 12 months” is more than the limit of 30 points" in refused.json()["detail"]
    words = sign_in(analyst).post(url, {"body": draft.body | {"late_points": "three"}}, content_type="application/json")
    assert "“Lost for each late bill of 12 months” needs a number" in words.json()["detail"]
    draft.refresh_from_db()
    assert (draft.body["late_points"], draft.body["start"]) == (3.0, 80.0)


def test_the_page_tells_the_meaning_the_number_in_force_and_what_the_rules_come_to(form, draft, sign_in, analyst):
    page = sign_in(analyst).get(f"/policies/{draft.pk}/edit/").content.decode()
    for words in (
        "paid after its due day", "In force: 3 points.", "Each takes off 3 points; from 10 bills on it stays at 30 points. 4 late bills alone cost grade A.",
        "from 30 days on it stays at 15 points", "10 points at once, 20 points when the oldest debt is 60 days old, never more than 30 points",
        "At most 75 points are lost: whoever does all of it late keeps 25 points.", "3 months of this year unpaid", "Power stolen within 2 years",
        "younger than 6 months, or fewer than 3 bills due", "grade C, whatever the points", "grade B at best",
    ):  # fmt: skip
        assert words in page, words
    preview = form(late_points=10, preview="1")
    assert preview.status_code == 200
    assert "<html" not in preview.content.decode()
    assert "from 3 bills on it stays at 30 points. 2 late bills alone cost grade A." in preview.content.decode()
    assert "more than the limit" in form(late_points=31, preview="1").content.decode()
    assert draft.body["late_points"] == 3.0, "a preview saves nothing"


def test_a_kind_of_account_has_credit_rules_of_its_own_beside_those_in_force(draft, sign_in, analyst):
    client = sign_in(analyst)
    client.post(f"/policies/{draft.pk}/draft/", {"account_kind": "residential"})
    homes = stored.Policy.objects.get(kind="credit", account_kind="residential")
    page = client.get(f"/policies/{homes.pk}/edit/")
    assert "Residential" in page.content.decode()
    assert "In force: 90 points." in page.content.decode()  # the general one still judges homes
    shown = page.context["form"]
    saved = client.post(f"/policies/{homes.pk}/edit/", {name: shown[name].value() for name in shown.fields} | {"forced_debt_months": 2})
    assert saved.status_code == 302
    said = client.get(saved.url).content.decode()
    assert "2 months of this year unpaid" in said
    assert "What differs from version" not in said or "Months of this year" in said


@given(st.lists(st.floats(0, 40), min_size=3, max_size=3))
def test_whoever_does_everything_late_keeps_what_is_said(limits):
    body = (
        BODY
        | dict(zip(MOST, limits, strict=True))
        | dict.fromkeys(("late_points", "day_points", "arrears_points", "arrears_month_points"), 0)
    )
    wrong = [code for _name, code, _given in faults(body)]
    assert wrong == (["too_many_points"] if sum(limits) > POINTS else [])
    assert lowest(body) == max(POINTS - sum(limits), 0)
    CreditPolicy(**body)  # the engine reads whatever these limits let pass


@pytest.mark.parametrize(
    ("kind", "change", "says"),
    [
        ("value", {"method": "hand", "weights": {"current": [0.5, 0.2, 0.1, 0.1, 0.2], "potential": [0.4, 0.3, 0.2, 0.1]}}, "do not add up to 100 %"),
        ("value", {"cutoffs": {"diamond": 88, "platinum": 60, "gold": 70, "silver": 58}}, "The cut-offs must rise"),
        ("warning", {"bands": {"watch": 50, "elevated": 40, "high": 65}}, "The bands must rise"),
    ],
)  # fmt: skip
def test_the_api_refuses_weights_that_do_not_sum_and_borders_out_of_order(kind, change, says, sign_in, analyst):
    draft = services.draft(source=stored.Policy.objects.get(kind=kind, state="published"), by=analyst)
    refused = sign_in(analyst).post(f"/api/v1/policies/{draft.pk}/edit/", {"body": draft.body | change}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "bad_policy")
    assert says in refused.json()["detail"]
