"""The audit trail reads as sentences, and shows what was before."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from crm.audit.filters import deeds
from crm.audit.models import AuditEntry
from crm.audit.services import record
from crm.audit.verbs import SENTENCES, sentence


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("agent", 403), ("analyst", 403), ("supervisor", 200), ("administrator", 200)]
)
def test_who_reads_the_trail(request, sign_in, account, who, status):
    entry = record(by=None, did="noted", on=account)
    client = sign_in(request.getfixturevalue(who))
    assert client.get(reverse("crm:audit-list")).status_code == status
    assert client.get(reverse("crm:audit-detail", args=[entry.pk])).status_code == status
    assert client.get("/api/v1/audit/").status_code == status


def test_a_supervisor_reads_what_was_done_to_the_own_accounts_only(sign_in, supervisor, administrator, make_account, west):
    near, far = record(by=None, did="noted", on=make_account()), record(by=None, did="noted", on=make_account(unit=west, manager=None))
    client = sign_in(supervisor)
    assert [row["id"] for row in client.get("/api/v1/audit/").json()["results"]] == [near.pk]
    assert client.get(reverse("crm:audit-detail", args=[far.pk])).status_code == 404
    assert len(sign_in(administrator).get("/api/v1/audit/").json()["results"]) == 2


def test_every_known_deed_is_a_whole_sentence_and_a_choice():
    assert len(deeds()) == len(SENTENCES)
    for key in SENTENCES:
        kind, _space, verb = key.partition(" ") if key.startswith(("crm.", "segmentation.", "marketing.")) else ("", "", key)
        text = sentence(AuditEntry(did=verb, subject_kind=kind or "crm.account", subject_id="7", details={}))
        assert "%(" not in text and text


def test_an_unknown_deed_is_shown_as_it_was_written(account, manager):
    with translation.override("en"):
        assert sentence(record(by=manager, did="juggled", on=account)) == f"Anna: juggled (account {account.pk})"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"by": "anna"}, 2), ({"by": "nobody"}, 0), ({"deed": "revealed"}, 1), ({"deed": "crm.account noted"}, 2),
        ({"since": "2026-11-10"}, 1), ({"until": "2026-11-10"}, 2), ({"since": "x"}, 3),
    ],
)  # fmt: skip
def test_the_trail_is_filtered(sign_in, administrator, manager, account, query, found):
    for day, did, by in ((1, "noted", manager), (5, "revealed", None), (20, "noted", manager)):
        entry = record(by=by, did=did, on=account)
        AuditEntry.objects.filter(pk=entry.pk).update(at=timezone.make_aware(dt.datetime(2026, 11, day, 12)))
    client = sign_in(administrator)
    assert len(client.get(reverse("crm:audit-list"), query).context["rows"].rows) == found
    assert len(client.get(reverse("crm:audit-list"), {"account": account.number} | query).context["rows"].rows) == found


def test_the_list_costs_the_same_at_two_sizes(sign_in, administrator, make_account, cost_of):
    counts = []
    sign_in(administrator)
    for size in (3, 30):
        for _ in range(size):
            record(by=administrator, did="noted", on=make_account())
        counts.append(cost_of(reverse("crm:audit-list")))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_old_and_new_values_come_from_the_change_history_masked_for_those_who_may_not_read_them(
    sign_in, supervisor, administrator, manager, account
):
    from crm.customers.models import Contact
    from crm.customers.services import save_contact

    contact = Contact.objects.create(customer=account.customer, name="诸葛亮", phone="13812345678")
    for phone in ("13800000001", "13800000002"):
        save_contact(customer=account.customer, by=manager, values={"phone": phone}, contact=Contact.objects.get(pk=contact.pk))
    entry = AuditEntry.objects.filter(did="changed").latest("id")
    plain = sign_in(supervisor).get(reverse("crm:audit-detail", args=[entry.pk])).content.decode()
    assert "13800000001" in plain and "13800000002" in plain
    masked = sign_in(administrator).get(reverse("crm:audit-detail", args=[entry.pk])).content.decode()
    assert "1380000000" not in masked and "＊＊＊" in masked
    assert "1380000000" not in sign_in(administrator).get(f"/api/v1/audit/{entry.pk}/").content.decode()
