"""Every address, for every role: let in, told no, or nothing there; and no list, chart or search lets out what a person may not see."""

from collections import defaultdict
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.rights.matrix import API, PAGES, ROLES
from tests.rights.world import build, cookies_of


@pytest.fixture(autouse=True, scope="module")
def _fresh_cache():
    """In the place of everybody's: the world is the same for all tests here, and what reading it leaves in the cache is true for the next."""
    yield
    cache.clear()


pytestmark = pytest.mark.usefixtures("nobody_at_work")
PEOPLE = {"manager": "anna", "supervisor": "boss", "agent": "lina", "analyst": "ada", "administrator": "root"}
OURS = {f"api:{name}": answer for name, answer in API.items()} | PAGES


def addresses(patterns=None, namespace=""):
    """The full name of every address, without allauth's own."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver) and not str(pattern.pattern).startswith("auth/"):
            yield from addresses(pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_address_has_its_answer_and_every_answer_an_address():
    assert set(addresses()) == set(OURS)


def letter(response):
    if response.status_code == 404:
        return "n"
    if response.status_code in (401, 403):
        return "f"
    assert response.status_code < 500 and response.status_code != 405, response.content[:500]
    return "o"


def text_of(response):
    """What a person or a program reads in it; nothing of a file, which exports' and attachments' own tests read."""
    if response.streaming or response.status_code != 200:
        return ""
    body = response.content.decode()
    # Chinese stands as \\u8d75 in JSON, and in what a page hands to its scripts.
    return body + body.encode().decode("unicode_escape", errors="ignore") if "\\u" in body else body


def secrets_of(world, whose):
    """(who and where a private person is, what the account is known by)"""
    account, customer, contact = (world.things[(kind, whose)] for kind in ("account", "customer", "contact"))
    phones = {customer.phone, contact.phone, *(f"{operator}0571{account.number[-4:]}" for operator in ("137", "139"))}
    return {customer.name, contact.name, f"{whose}路88号", *phones}, {account.number, customer.name, customer.phone}


class Rights(TestCase):
    """One world for all; each role's request is rolled back, so that the next finds the world as it was. What is let out is read as well:
    nothing of another branch for those who have one, and no person's name, phone or address for those who may not read them."""

    @classmethod
    def setUpTestData(cls):
        cls.world = build()
        cls.cookies = {role: cookies_of(cls.world.people[name]) for role, name in PEOPLE.items()}
        (person, _account), (stranger, strange_account) = secrets_of(cls.world, "own"), secrets_of(cls.world, "foreign")
        cls.secrets = defaultdict(lambda: person | stranger, manager=strange_account | stranger, supervisor=strange_account | stranger)

    def ask(self, role, answer, url):
        self.client.cookies = SimpleCookie(self.cookies[role])
        with transaction.atomic():
            if answer.method == "get":
                response = self.client.get(
                    url
                    + answer.query.format(
                        older=self.world.key("older run", "own"),
                        ticket=self.world.key("ticket", "own"),
                        risk=self.world.key("risk model", "own"),
                    )
                )
            else:
                response = self.client.post(url, answer.data, **({"content_type": "application/json"} if "/api/" in url else {}))
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return response

    def check(self, name, answer):
        if answer.method != "get":
            self.addCleanup(cache.clear)  # what is written there is not rolled back: that a person revealed something stands in the session
        for whose in ("own", "unit", "foreign") if answer.about and (answer.about, "foreign") in self.world.things else ("own",):
            keys = [self.world.key(answer.about, whose)] if answer.about else []
            keys += [self.world.key(extra, whose) if extra in ("contact", "answer") else extra for extra in answer.extra]
            url = reverse(name, args=keys) if name != "crm:account-tab" else reverse(name, kwargs={"pk": keys[0], "tab": keys[1]})
            answers = {role: self.ask(role, answer, url) for role in ROLES}
            got = "".join(map(letter, answers.values()))
            assert got == getattr(answer, whose), f"{name} ({whose}): expected {getattr(answer, whose)}, got {got}"
            if answer.method == "get":
                for role, response in answers.items():
                    text = text_of(response)
                    told = sorted(secret for secret in self.secrets[role] if secret in text)
                    assert not told, f"{name} ({whose}) tells {role} {told}"


def _make(name, answer):
    def test(self):
        self.check(name, answer)

    test.__name__ = f"test_{name.replace(':', '_').replace('-', '_')}"
    return test


for _name, _answer in OURS.items():
    _test = _make(_name, _answer)
    setattr(Rights, _test.__name__, _test)

LISTS = sorted(name for name, answer in OURS.items() if answer.method == "get" and not answer.about and name not in ("schema", "api-docs"))


class Leaks(TestCase):
    """What a search must not find, whatever is asked for."""

    @classmethod
    def setUpTestData(cls):
        cls.world = build()

    def text(self, role, name, query=""):
        self.client.force_login(self.world.people[PEOPLE[role]])
        response = self.client.get(reverse(name, args=OURS[name].extra) + (query or OURS[name].query))
        return text_of(response)

    def test_search_finds_nothing_of_another_branch(self):
        account, customer = self.world.things[("account", "foreign")], self.world.things[("customer", "foreign")]
        for role in ("manager", "supervisor"):
            for name in (
                "crm:search",
                "api:search-list",
                "segmentation:portfolio",
                "api:standing-list",
                "api:accounts-list",
                "crm:ticket-find-account",
            ):
                for word in (account.number, customer.name, customer.phone):
                    assert f"/accounts/{account.pk}/" not in self.text(role, name, f"?q={word}"), f"{name} finds {word} for {role}"

    def test_a_mangled_cursor_is_no_error_of_ours(self):
        self.client.force_login(self.world.people["root"])
        for name in LISTS:
            response = self.client.get(reverse(name, args=OURS[name].extra) + "?cursor=nonsense")
            assert response.status_code < 500, name

    def test_an_analyst_cannot_find_people_by_phone(self):
        account, customer = self.world.things[("account", "own")], self.world.things[("customer", "own")]
        for name in ("crm:search", "api:search-list", "segmentation:portfolio", "api:standing-list", "api:accounts-list"):
            assert account.number not in self.text("analyst", name, f"?q={customer.phone}"), name


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("healthz", "readyz", "home", "crm:survey")])
def test_without_signing_in_there_is_only_the_door(db, client, name):
    response = client.get(reverse(name, args=OURS[name].extra))
    assert response.status_code in (302, 401, 403)
    if response.status_code == 302:
        assert response["Location"].startswith("/auth/login/")
