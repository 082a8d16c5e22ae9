"""Policies change by new versions only, nobody puts their own in force, and a page shows every number."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.policies import services
from segmentation.policies.models import Policy

DAY = dt.date(2026, 11, 1)
NOW = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


@pytest.fixture
def value(db):
    return Policy.objects.get(kind="value", state="published")


@pytest.fixture
def submitted(analyst):
    """`submitted(source, margin=3.0)`: a version of other numbers that waits for an approver, as if it had been simulated."""

    def make(source, day=DAY, **numbers):
        draft = services.draft(source=source, by=analyst)
        services.edit(policy=draft, body=draft.body | numbers, note="", by=analyst)
        services.mark_simulated(policy_id=draft.pk, body=draft.body)
        draft.refresh_from_db()
        return services.submit(policy=draft, valid_from=day, by=analyst, at=NOW)

    return make


def test_an_installation_starts_with_the_engines_defaults_written_out(db):
    assert services.engine_policy(policies=services.in_force()).to_dict() == EnginePolicy().to_dict()


def test_an_approved_version_ends_the_one_before_on_its_day_and_is_audited(value, submitted, analyst, supervisor):
    version = services.approve(policy=submitted(value, margin=3.0), by=supervisor, at=NOW, reason="calmer")
    value.refresh_from_db()
    assert (value.state, value.valid_until) == ("retired", DAY)
    assert services.in_force(on=DAY)["value"] == version
    assert services.in_force(on=DAY - dt.timedelta(days=1))["value"] == value
    assert services.engine_policy(policies=services.in_force(on=DAY)).value.margin == 3.0
    done = AuditEntry.objects.filter(subject_id=str(version.pk)).order_by("id").values_list("did", "by__role")
    assert list(done) == [
        ("drafted a policy", "analyst"), ("edited a policy", "analyst"), ("submitted a policy", "analyst"), ("published a policy", "supervisor"),
    ]  # fmt: skip


def test_a_draft_is_simulated_before_it_is_submitted_and_a_change_makes_it_a_draft_again(value, analyst):
    draft = services.draft(source=value, by=analyst)
    with pytest.raises(Refused, match="Simulate it first"):
        services.submit(policy=draft, valid_from=DAY, by=analyst, at=NOW)
    assert services.mark_simulated(policy_id=draft.pk, body=draft.body)
    draft = services.edit(policy=draft, body=draft.body | {"margin": 3.0}, note="", by=analyst)
    assert draft.state == "draft"
    assert not services.mark_simulated(policy_id=draft.pk, body=value.body), "what was simulated is not what stands there now"


def test_nobody_approves_their_own_version(value, submitted, supervisor):
    version = submitted(value, margin=3.0)
    Policy.objects.filter(pk=version.pk).update(submitted_by=supervisor)
    with pytest.raises(Refused, match="own version"):
        services.approve(policy=version, by=supervisor, at=NOW)
    assert services.in_force()["value"] == value


def test_a_refused_version_is_a_draft_again_with_the_reason(value, submitted, supervisor):
    version = submitted(value, margin=3.0)
    with pytest.raises(Refused, match="Say why"):
        services.refuse(policy=version, reason=" ", by=supervisor)
    version = services.refuse(policy=version, reason="Too calm", by=supervisor)
    assert (version.state, version.decision, version.decided_by) == ("draft", "Too calm", supervisor)
    with pytest.raises(AlreadyDone):
        services.approve(policy=version, by=supervisor, at=NOW)


def test_a_version_may_be_approved_for_a_day_to_come_but_not_before_one_already_in_force(value, submitted, supervisor):
    later = DAY + dt.timedelta(days=30)
    services.approve(policy=submitted(value, day=later, margin=3.0), by=supervisor, at=NOW)
    assert services.in_force(on=DAY)["value"] == value
    with pytest.raises(Refused, match="choose that day or a later one"):
        submitted(services.in_force(on=later)["value"], day=DAY, margin=4.0)


def test_one_kind_of_account_can_have_its_own_version_beside_the_general_one(value, analyst, supervisor):
    homes = services.draft(source=value, by=analyst, account_kind="residential")
    homes = services.edit(policy=homes, body=homes.body | {"margin": 5.0}, note="", by=analyst)
    services.mark_simulated(policy_id=homes.pk, body=homes.body)
    homes.refresh_from_db()
    services.approve(policy=services.submit(policy=homes, valid_from=DAY, by=analyst, at=NOW), by=supervisor, at=NOW)
    special = services.in_force_for(on=DAY)
    judged = services.engine_policy(policies=services.in_force(on=DAY), special=special)
    assert (judged.value.margin, judged.value_for["residential"].margin) == (2.0, 5.0)
    warning = Policy.objects.get(kind="warning")
    with pytest.raises(Refused):
        services.draft(source=warning, by=analyst, account_kind="residential")


def test_there_is_one_version_of_a_kind_on_its_way(value, analyst, administrator):
    assert services.draft(source=value, by=analyst) == services.draft(source=value, by=administrator)


def test_a_published_version_never_changes_not_even_in_the_database(value, analyst):
    with pytest.raises(AlreadyDone):
        services.edit(policy=value, body=value.body | {"margin": 9.0}, note="", by=analyst)
    for change in ({"body": {}}, {"state": "draft"}, {"valid_from": DAY}, {"version": 7}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Policy.objects.filter(pk=value.pk).update(**change)
    with pytest.raises(IntegrityError, match="cannot be removed"), transaction.atomic():
        Policy.objects.filter(pk=value.pk).delete()
    value.refresh_from_db()
    assert (value.body["margin"], value.state) == (2.0, "published")


def test_the_database_keeps_one_version_in_force_on_a_day(value, analyst):
    with pytest.raises(IntegrityError, match="one_policy_in_force_per_kind_and_day"), transaction.atomic():
        Policy.objects.create(kind="value", version=9, body=value.body, state="published", valid_from=DAY)


def test_an_older_version_comes_back_as_a_new_one_that_waits_for_an_approver(value, submitted, analyst, supervisor):
    services.approve(policy=submitted(value, margin=3.0), by=supervisor, at=NOW)
    value.refresh_from_db()
    back = services.bring_back(policy=value, valid_from=DAY, by=analyst, at=NOW)
    assert (back.version, back.state, back.body) == (3, "submitted", value.body)
    services.approve(policy=back, by=supervisor, at=NOW)
    assert services.in_force(on=DAY)["value"] == back
    with pytest.raises(Refused):
        services.bring_back(policy=back, valid_from=DAY, by=analyst, at=NOW)


def typed_of(form):
    """What a browser would post of a form left as it is."""
    typed = {name: field.initial for name, field in form.fields.items() if name != "note"}
    if hasattr(form, "indicators"):
        for row in form.indicators():
            typed |= {f"{key}__{row['name']}": row[key] for key in ("side", "better", "cut", "weight")}
        typed |= form.pairs()
    return typed


@pytest.mark.parametrize("kind", ["value", "credit", "warning"])
def test_the_form_saved_as_it_is_changes_no_number(kind, sign_in, analyst):
    source = Policy.objects.get(kind=kind, state="published")
    client = sign_in(analyst)
    edit = client.post(f"/policies/{source.pk}/draft/").headers["Location"]
    assert client.post(edit, typed_of(client.get(edit).context["form"])).status_code == 302
    assert Policy.objects.get(kind=kind, state="draft").body == source.body


@pytest.fixture
def studio(value, sign_in, analyst):
    """`studio(**changes)`: the answer to the studio's form posted with changes, and the draft."""
    client = sign_in(analyst)
    edit = client.post(f"/policies/{value.pk}/draft/").headers["Location"]
    typed = typed_of(client.get(edit).context["form"])

    def post(**changes):
        answer = client.post(edit, {key: it for key, it in (typed | changes).items() if it is not None})
        return answer, Policy.objects.get(kind="value", state="draft")

    return post


def test_indicators_come_and_go_with_their_judgements_by_pair(studio):
    answer, draft = studio(side__load_factor="potential", pair__growth__load_factor="5", side__capacity_use="", cut__cv="2.5")
    assert answer.status_code == 302
    sides = {it["feature"]: it["group"] for it in draft.body["indicators"]}
    assert sides["load_factor"] == "potential"
    assert "capacity_use" not in sides
    names = [name for name, side in sides.items() if side == "potential"]
    matrix = draft.body["pairwise"]["potential"]
    assert matrix[names.index("growth")][names.index("load_factor")] == 5
    assert matrix[names.index("load_factor")][names.index("growth")] == 1 / 5
    assert matrix[names.index("growth")][names.index("contract_kva")] == 2, "what was judged of a pair stays with the pair"
    assert next(it["winsor"] for it in draft.body["indicators"] if it["feature"] == "cv") == 0.025


def test_weights_by_hand_gates_and_floors_are_kept(studio):
    hand = {"kwh_12m": 50, "revenue_12m_fen": 20, "average_price_fen": 10, "cv": 10, "late_count_12m": 10}
    hand |= {"growth": 40, "contract_kva": 30, "capacity_use": 20, "trend": 10}
    weights = {f"weight__{name}": weight for name, weight in hand.items()}
    answer, draft = studio(
        method="hand", gate__C="silver", gate__B="platinum", floor__1="silver", tier_by="cutoff", peers_by="voltage", **weights
    )
    assert answer.status_code == 302
    assert draft.body["weights"] == {"current": [0.5, 0.2, 0.1, 0.1, 0.1], "potential": [0.4, 0.3, 0.2, 0.1]}
    assert (draft.body["gate"], draft.body["floor"]) == ({"C": "silver", "B": "platinum"}, {"special": "gold", "1": "silver"})
    assert (draft.body["tier_by"], draft.body["peers_by"]) == ("cutoff", "voltage")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"method": "hand", **{f"weight__{name}": 10 for name in ("kwh_12m", "revenue_12m_fen", "average_price_fen", "cv", "late_count_12m",
          "growth", "contract_kva", "capacity_use", "trend")}}, "do not add up to 100 %"),
        ({"method": "hand"}, "Give every indicator a weight"),
        ({"pair__kwh_12m__revenue_12m_fen": "1/9", "pair__kwh_12m__cv": "9"}, "contradict each other"),
        ({"cutoffs__gold": 90}, "must rise"),
        ({"cutoffs__gold": 80}, "must rise"),
        ({"winsor": 50}, "under 50 %"),
        ({"cut__cv": "half"}, "numbers from 0 to 100"),
        ({"side__kwh_12m": ""}, "must stay among the indicators"),
        ({"side__growth": "", "side__contract_kva": "", "side__capacity_use": "", "side__trend": ""}, "at least one indicator"),
        ({"shares__default__silver": 99}, "add up"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_judged_by_is_refused_with_the_reason(changes, says, studio):
    answer, draft = studio(**changes)
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].non_field_errors())
    assert draft.body["cutoffs"]["gold"] == 70


def test_a_draft_shows_what_differs_from_the_version_in_force(value, sign_in, analyst):
    draft = services.draft(source=value, by=analyst)
    services.edit(policy=draft, body=draft.body | {"margin": 3.5}, note="", by=analyst)
    page = sign_in(analyst).get(f"/policies/{draft.pk}/")
    assert [(it["before"], it["after"]) for it in page.context["differences"]] == [("2", "3.5")]
    by_hand = {
        "method": "hand",
        "weights": {"current": [0.5, 0.2, 0.1, 0.1, 0.1], "potential": [0.4, 0.3, 0.2, 0.1]},
        "gate": {"C": "silver"},
    }
    services.edit(policy=draft, body=draft.body | by_hand, note="", by=analyst)
    said = {it["label"]: it["after"] for it in sign_in(analyst).get(f"/policies/{draft.pk}/").context["differences"]}
    assert said["Weights"] == "By hand"
    assert said["Credit grade C"] == "at most Silver"
    assert said["Current value: 12 months' use"] == 35.0


def test_an_administrator_and_a_supervisor_decide_and_a_manager_does_not_even_read(
    value, submitted, sign_in, administrator, supervisor, manager
):
    version = submitted(value, day=timezone.localdate(), margin=3.0)
    page = sign_in(administrator).get(f"/policies/{version.pk}/")
    assert "/approve/" in page.content.decode()
    assert "/draft/" not in page.content.decode()
    assert sign_in(administrator).post(f"/policies/{value.pk}/draft/").status_code == 403
    assert sign_in(manager).get("/policies/").status_code == 403
    assert sign_in(supervisor).post(f"/policies/{version.pk}/approve/").status_code == 302
    assert services.in_force(on=timezone.localdate())["value"] == version
