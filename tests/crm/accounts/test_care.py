"""Who looks after an account: seen, changed and noted."""

import pytest
from django.urls import reverse

from crm.audit.models import AuditEntry

ROLES = [
    ("manager", 200),
    ("colleague", 403),
    ("stranger", 404),
    ("supervisor", 200),
    ("agent", 403),
    ("analyst", 403),
    ("administrator", 200),
]


@pytest.mark.parametrize(("who", "status"), ROLES)
def test_who_may_open_the_edit_page(request, sign_in, account, who, status):
    assert sign_in(request.getfixturevalue(who)).get(reverse("crm:account-edit", args=[account.pk])).status_code == status


def test_a_supervisor_gives_the_account_to_another_manager_and_it_is_noted(sign_in, supervisor, colleague, account):
    sign_in(supervisor).post(reverse("crm:account-edit", args=[account.pk]), {"manager": colleague.pk, "representative": supervisor.pk})
    account.refresh_from_db()
    assert (account.manager, account.representative) == (colleague, supervisor)
    entry = AuditEntry.objects.get(did="assigned manager")
    assert (entry.by, entry.account, entry.details["old_id"], entry.details["new_id"]) == (
        supervisor,
        account,
        account.pk and entry.details["old_id"],
        colleague.pk,
    )


def test_a_manager_names_the_representative_but_cannot_give_the_account_away(sign_in, manager, colleague, supervisor, account):
    sign_in(manager).post(reverse("crm:account-edit", args=[account.pk]), {"manager": colleague.pk, "representative": supervisor.pk})
    account.refresh_from_db()
    assert (account.manager, account.representative) == (manager, supervisor)


def test_an_account_is_not_given_to_an_agent(sign_in, supervisor, agent, account):
    assert sign_in(supervisor).post(reverse("crm:account-edit", args=[account.pk]), {"manager": agent.pk}).status_code == 422
    answer = sign_in(supervisor).post(f"/api/v1/accounts/{account.pk}/care/", {"manager": agent.username}, content_type="application/json")
    assert answer.status_code == 409 and "not an active customer manager" in answer.json()["detail"]


def test_giving_it_to_the_same_manager_leaves_no_trace(sign_in, supervisor, manager, account):
    sign_in(supervisor).post(f"/api/v1/accounts/{account.pk}/care/", {"manager": manager.username}, content_type="application/json")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 403),
        ("colleague", 403),
        ("stranger", 404),
        ("supervisor", 200),
        ("agent", 403),
        ("analyst", 403),
        ("administrator", 200),
    ],
)
def test_who_may_assign_through_the_api(request, sign_in, account, who, status, colleague):
    client = sign_in(request.getfixturevalue(who))
    assert client.post(f"/api/v1/accounts/{account.pk}/care/", {"manager": "ben"}, content_type="application/json").status_code == status
