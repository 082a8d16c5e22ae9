"""Policies change by new versions only, and a page shows every number."""

import pytest
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.policy import Policy as EnginePolicy
from segmentation.policies import services
from segmentation.policies.models import Policy


@pytest.fixture
def value(db):
    return Policy.objects.get(kind="value", state="published")


def test_an_installation_starts_with_the_engines_defaults_written_out(db):
    assert services.engine_policy(policies=services.in_force()).to_dict() == EnginePolicy().to_dict()


def test_a_published_draft_retires_the_version_before_and_is_audited(value, analyst):
    draft = services.draft(source=value, by=analyst)
    services.edit(policy=draft, body=draft.body | {"margin": 3.0}, note="calmer", by=analyst)
    services.publish(policy=draft, by=analyst, at=timezone.now())
    value.refresh_from_db()
    assert value.state == "retired"
    assert services.in_force()["value"] == draft
    assert services.engine_policy(policies=services.in_force()).value.margin == 3.0
    done = AuditEntry.objects.filter(by=analyst, subject_id=str(draft.pk)).order_by("id").values_list("did", flat=True)
    assert list(done) == ["drafted a policy", "edited a policy", "published a policy"]


def test_there_is_one_draft_of_a_kind(value, analyst, administrator):
    assert services.draft(source=value, by=analyst) == services.draft(source=value, by=administrator)


def test_a_published_version_never_changes(value, analyst):
    with pytest.raises(AlreadyDone):
        services.edit(policy=value, body=value.body | {"margin": 9.0}, note="", by=analyst)
    with pytest.raises(AlreadyDone):
        services.publish(policy=value, by=analyst, at=timezone.now())
    value.refresh_from_db()
    assert (value.body["margin"], value.state) == (2.0, "published")


def test_an_older_version_comes_back_as_a_new_one(value, analyst):
    draft = services.draft(source=value, by=analyst)
    services.edit(policy=draft, body=draft.body | {"margin": 3.0}, note="", by=analyst)
    services.publish(policy=draft, by=analyst, at=timezone.now())
    value.refresh_from_db()
    back = services.bring_back(policy=value, by=analyst, at=timezone.now())
    assert (back.version, back.state, back.body) == (3, "published", value.body)
    with pytest.raises(Refused):
        services.bring_back(policy=back, by=analyst, at=timezone.now())


@pytest.mark.parametrize("kind", ["value", "credit", "warning"])
def test_the_form_saved_as_it_is_changes_no_number(kind, sign_in, analyst):
    source = Policy.objects.get(kind=kind, state="published")
    client = sign_in(analyst)
    edit = client.post(f"/policies/{source.pk}/draft/").headers["Location"]
    form = client.get(edit).context["form"]
    typed = {name: field.initial for name, field in form.fields.items() if name != "note"}
    assert client.post(edit, typed).status_code == 302
    assert Policy.objects.get(kind=kind, state="draft").body == source.body


def test_numbers_that_cannot_be_judged_by_are_refused_with_the_reason(value, sign_in, analyst):
    client = sign_in(analyst)
    edit = client.post(f"/policies/{value.pk}/draft/").headers["Location"]
    form = client.get(edit).context["form"]
    typed = {name: field.initial for name, field in form.fields.items() if name != "note"} | {"shares__default__silver": 99}
    refused = client.post(edit, typed)
    assert refused.status_code == 422
    [reason] = refused.context["form"].non_field_errors()
    assert "add up" in reason
    assert Policy.objects.get(kind="value", state="draft").body == value.body


def test_a_draft_shows_what_differs_from_the_version_in_force(value, sign_in, analyst):
    draft = services.draft(source=value, by=analyst)
    services.edit(policy=draft, body=draft.body | {"margin": 3.5}, note="", by=analyst)
    page = sign_in(analyst).get(f"/policies/{draft.pk}/")
    assert [(it["before"], it["after"]) for it in page.context["differences"]] == [(2.0, 3.5)]


def test_an_administrator_reads_policies_and_a_manager_does_not(value, sign_in, administrator, manager):
    page = sign_in(administrator).get(f"/policies/{value.pk}/")
    assert page.status_code == 200
    assert "/draft/" not in page.content.decode()
    assert sign_in(administrator).post(f"/policies/{value.pk}/draft/").status_code == 403
    assert sign_in(manager).get("/policies/").status_code == 403
