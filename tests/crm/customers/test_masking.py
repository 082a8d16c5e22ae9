"""Personal data: plain to those who look after people, after an audited reveal to agents and administrators, never to analysts."""

import pytest
from django.urls import reverse

from crm.audit.models import AuditEntry
from crm.customers.models import Contact

PHONE, CONTACT_PHONE, NAME = "13812345678", "13987654321", "欧阳明"


@pytest.fixture
def private(make_account):
    account = make_account(
        name=NAME, name_en="", kind="person", phone=PHONE, category="residential", address="杭州市上城区解放路 8 号 301 室"
    )
    Contact.objects.create(customer=account.customer, name="诸葛亮亮", phone=CONTACT_PHONE, email="zg@example.com", is_primary=True)
    return account


def everything(client, account):
    """All that the page, its parts and the API say of the account."""
    urls = [
        reverse("crm:account-detail", args=[account.pk]), reverse("crm:account-contacts", args=[account.pk]), reverse("crm:account-tab", args=[account.pk, "timeline"]),
        f"/api/v1/accounts/{account.pk}/", f"/api/v1/customers/{account.customer_id}/", f"/api/v1/contacts/?customer={account.customer_id}",
        f"/api/v1/accounts/{account.pk}/timeline/", "/api/v1/accounts/", "/api/v1/search/?q=" + account.number, reverse("crm:search") + "?q=" + account.number,
    ]  # fmt: skip
    return "".join(client.get(url, headers={"Accept-Language": "zh-hans"}).content.decode() for url in urls)


SECRETS = [PHONE, CONTACT_PHONE, NAME, "诸葛亮亮", "zg@example.com", "301 室"]


@pytest.mark.parametrize("who", ["manager", "supervisor"])
def test_those_who_look_after_people_read_them_plainly(request, sign_in, private, who):
    text = everything(sign_in(request.getfixturevalue(who)), private)
    assert all(secret in text for secret in SECRETS)


@pytest.mark.parametrize("who", ["agent", "administrator", "analyst"])
def test_others_read_them_masked_on_every_page_and_route(request, sign_in, private, who):
    text = everything(sign_in(request.getfixturevalue(who)), private)
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("who", ["agent", "administrator"])
def test_a_reveal_is_noted_and_lasts_for_the_session(request, sign_in, client, private, who):
    user = request.getfixturevalue(who)
    answer = sign_in(user).post(reverse("crm:reveal", args=[private.customer_id]))
    assert answer.status_code == 302 and answer.url == reverse("crm:account-detail", args=[private.pk])
    assert all(secret in everything(client, private) for secret in SECRETS)
    entry = AuditEntry.objects.get(did="revealed")
    assert (entry.by, entry.account, entry.subject_id) == (user, private, str(private.customer_id))
    client.logout()
    assert PHONE not in everything(sign_in(user), private)


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("supervisor", 403), ("analyst", 403), ("stranger", 403), ("agent", 302), ("administrator", 302)]
)
def test_who_may_reveal(request, sign_in, private, who, status):
    assert sign_in(request.getfixturevalue(who)).post(reverse("crm:reveal", args=[private.customer_id])).status_code == status


def test_a_reveal_needs_a_post_and_leads_to_our_own_pages_only(sign_in, agent, private):
    client = sign_in(agent)
    url = reverse("crm:reveal", args=[private.customer_id])
    assert client.get(url).status_code == 405
    assert client.post(url, {"back": "https://elsewhere.example/"}).url == reverse("crm:account-detail", args=[private.pk])


def test_a_reveal_through_the_api_answers_in_plain_once_and_is_noted(sign_in, agent, analyst, private):
    from rest_framework.test import APIClient

    from crm.people.services import new_token

    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {new_token(person=agent)}")
    url = f"/api/v1/customers/{private.customer_id}/"
    assert program.get(url).json()["phone"] == "138****5678"
    assert program.post(url + "reveal/").json()["phone"] == PHONE
    assert program.get(url).json()["phone"] == "138****5678"
    assert AuditEntry.objects.filter(did="revealed").count() == 1
    assert sign_in(analyst).post(url + "reveal/").status_code == 403


def test_the_name_of_an_organisation_is_public_but_its_contacts_are_not(sign_in, analyst, account):
    Contact.objects.create(customer=account.customer, name="诸葛亮亮", phone=CONTACT_PHONE)
    text = everything(sign_in(analyst), account)
    assert "华鑫精密铸造有限公司" in text and "诸葛亮亮" not in text and CONTACT_PHONE not in text


def contact_values(**more):
    return {"name": "赵工", "duty": "electrical", "phone": "0571 1234 5678", "email": ""} | more


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 302),
        ("supervisor", 302),
        ("colleague", 403),
        ("stranger", 404),
        ("agent", 403),
        ("analyst", 403),
        ("administrator", 403),
    ],
)
def test_who_may_add_a_contact(request, sign_in, account, who, status):
    url = reverse("crm:contact-new", args=[account.customer_id])
    assert sign_in(request.getfixturevalue(who)).post(url, contact_values()).status_code == status
    assert Contact.objects.count() == (status == 302)


def test_a_contact_is_changed_found_by_its_new_phone_and_noted_without_personal_values(sign_in, manager, account):
    from crm.people.masking import Reader
    from crm.search.services import find

    client = sign_in(manager)
    first = Contact.objects.create(customer=account.customer, name="钱工", is_primary=True)
    second = Contact.objects.create(customer=account.customer, name="孙工", phone="1")
    client.post(reverse("crm:contact-edit", args=[account.customer_id, second.pk]), contact_values(phone="0579 7654 3210", is_primary="on"))
    assert not Contact.objects.get(pk=first.pk).is_primary and Contact.objects.get(pk=second.pk).is_primary
    assert find(text="057976543210", reader=Reader(manager)).accounts == [account]
    entry = AuditEntry.objects.get(did="changed")
    assert entry.details["fields"] == ["duty", "is_primary", "name", "phone"] and "3210" not in str(entry.details)


def test_a_contact_is_removed(sign_in, manager, account):
    contact = Contact.objects.create(customer=account.customer, name="钱工")
    sign_in(manager).post(reverse("crm:contact-remove", args=[account.customer_id, contact.pk]))
    assert not Contact.objects.exists() and AuditEntry.objects.filter(did="removed", account=account).exists()
