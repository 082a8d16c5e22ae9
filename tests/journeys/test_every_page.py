"""Every page of the rail and the pages behind it: clean for axe in both themes and at both widths, within the edges of a phone, silent consoles.

One synthetic utility, judged once, is read by all tests of this module; nothing here changes its accounts.
"""

import pytest
from django.core.files.base import ContentFile
from django.db.models import Count
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from config.shell import RAIL
from crm.accounts.models import Account
from crm.customers.models import Customer
from crm.demo.sign_ins import demo_password
from crm.imports import services as imports
from crm.people.models import User
from crm.people.roles import PERMISSIONS, Role
from crm.service_levels.models import ClockPolicy, Entitlement, ServiceLevel
from crm.tickets.models import Ticket
from marketing.green_channel import services as green_channel
from marketing.retention import demo as retention_demo
from marketing.retention.models import Plan, Playbook, Trial
from segmentation.churn.models import RiskModel
from segmentation.policies import services as policies
from segmentation.policies.models import Policy
from segmentation.runs import services as runs
from tests import leftovers
from tests.journeys import workers
from tests.journeys.chromium import journey
from tests.journeys.looking import PHONE, TWO_LOOKS, faults_of
from tests.segmentation import churn_world

pytestmark = [*journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_at_work")]

RAIL_PAGES = {name: permission for _group, entries in RAIL for name, _label, _icon, permission in entries}
# Who has most to press on a page; any other page is looked at by an administrator, or else by the first role that may open it.
AT_HOME = {
    "marketing:desk": Role.MANAGER, "segmentation:portfolio": Role.MANAGER, "crm:ticket-list": Role.AGENT, "segmentation:tier-report": Role.SUPERVISOR,
    "segmentation:run-list": Role.ANALYST, "segmentation:policy-list": Role.ANALYST, "marketing:proposal-list": Role.SUPERVISOR,
    "marketing:retention-plans": Role.SUPERVISOR, "marketing:market-watch": Role.SUPERVISOR,
    "segmentation:report-list": Role.SUPERVISOR,
}  # fmt: skip
FEWER_ROWS = {"segmentation:portfolio": "?tier=diamond&tier=platinum&tier=gold"}  # the fiftieth row looks like the tenth
TABS = ["usage", "bills", "complaints", "service", "judgement", "timeline"]


@pytest.fixture(scope="module")
def utility(django_db_setup, django_db_blocker):
    """The address of a demonstration that was judged, with a proposal and a checked file waiting."""
    with django_db_blocker.unblock(), override_settings(DEMO=True):
        workers.silence()
        workers.make_utility(accounts=300)
        runs.recompute_here(as_of=timezone.localdate(), by=None, clock=timezone.now, listen=lambda stage: None)
        retention_demo.create(at=timezone.localtime())
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        leftovers.clear()


@pytest.fixture
def _django_db_helper():
    """In the place of pytest-django's, which empties the database after each test: here the utility empties it when the module is done."""


@pytest.fixture
def address(utility):
    return utility


@pytest.fixture
def one(utility):
    """`one("analyst")`: the demonstration's known person of that role."""
    return lambda role: User.objects.get(username=role)


@pytest.fixture(scope="module")
def account(utility):
    """The manager's account with most tickets."""
    mine = Account.objects.filter(manager__username="manager", status="active")
    return mine.annotate(tickets_count=Count("tickets")).order_by("-tickets_count", "pk").first()


@pytest.fixture(scope="module")
def proposal(utility):
    manager, today = User.objects.get(username="manager"), timezone.localdate()
    free = Account.objects.filter(manager=manager, status="active").exclude(pk__in=Entitlement.objects.values("account")).first()
    terms = green_channel.Terms(
        level=ServiceLevel.objects.get(),
        services=["short_clock"],
        starts_on=today,
        ends_on=today + timezone.timedelta(days=364),
        reason="Large",
    )
    return green_channel.propose(account=free, terms=terms, by=manager, at=timezone.localtime())


@pytest.fixture(scope="module")
def batch(account):
    text = f"户号,账期,电量\n{account.number},2020-01,5\n{account.number},2020-13,5\n"
    by = User.objects.get(username="administrator")
    received = imports.receive(upload=ContentFile(text.encode(), "bills.csv"), name="bills.csv", kind="bills", by=by, at=timezone.now())
    imports.check(batch_id=received.pk)
    return received


def roles_of(permission):
    return [role for role in Role if permission in PERMISSIONS[role]]


def looked_at_by(name):
    able = roles_of(RAIL_PAGES[name])
    return AT_HOME.get(name) or (Role.ADMINISTRATOR if Role.ADMINISTRATOR in able else able[0])


@pytest.fixture(scope="module")
def pages(account, proposal, batch):
    """{role: addresses of its pages of the rail and of what lies behind them}"""
    found = {role: [reverse(name) + FEWER_ROWS.get(name, "") for name in RAIL_PAGES if looked_at_by(name) == role] for role in Role}
    ticket = Ticket.objects.open().filter(account__isnull=False).first()
    found[Role.MANAGER] += [
        reverse("crm:account-detail", args=[account.pk]), *[reverse("crm:account-tab", args=[account.pk, tab]) for tab in TABS],
        reverse("marketing:propose", args=[account.pk]), reverse("crm:engagement-plan", args=[account.pk]), reverse("crm:me"),
        f"{reverse('crm:search')}?q={account.number[:6]}",
    ]  # fmt: skip
    found[Role.AGENT] += [reverse("crm:ticket-detail", args=[ticket.pk]), f"{reverse('crm:ticket-new')}?account={account.pk}"]
    found[Role.SUPERVISOR] += [reverse("marketing:proposal-detail", args=[proposal.pk]), reverse("crm:account-edit", args=[account.pk])]
    found[Role.SUPERVISOR] += [reverse(f"segmentation:{name}") for name in ("tiers-report", "report-schedule-list", "report-schedule-new")]
    granted = Entitlement.objects.visible_to(User.objects.get(username="supervisor")).order_by("-ends_on").first()
    found[Role.SUPERVISOR] += [
        reverse(f"marketing:{name}")
        for name in ("entitlement-list", "channel-effect", "channel-rules", "candidate-list", "large-customer-list", "large-customer-new")
    ]
    found[Role.SUPERVISOR] += [reverse("marketing:entitlement-detail", args=[granted.pk])]
    plan = Plan.objects.visible_to(User.objects.get(username="supervisor")).order_by("-state", "pk").first()
    found[Role.MANAGER] += [reverse("marketing:retention-start", args=[account.pk]), reverse("marketing:loss-note", args=[account.pk])]
    found[Role.SUPERVISOR] += [reverse("marketing:retention-overview"), reverse("marketing:retention-plan", args=[plan.pk])]
    found[Role.ANALYST] += [
        reverse("marketing:trial-detail", args=[Trial.objects.first().pk]),
        reverse("marketing:trial-list"),
        reverse("marketing:trial-open"),
        reverse("marketing:playbook-list"),
        reverse("marketing:playbook-edit", args=[Playbook.objects.first().pk]),
        reverse("marketing:rival-list"),
        reverse("segmentation:run-detail", args=[runs.Run.objects.get().pk]),
        reverse("segmentation:policy-detail", args=[Policy.objects.first().pk]),
        *pages_of_a_model(),
    ]
    credit = policies.draft(source=Policy.objects.get(kind="credit", state="published"), by=User.objects.get(username="analyst"))
    found[Role.ANALYST] += [reverse("segmentation:policy-edit", args=[credit.pk])]
    found[Role.ADMINISTRATOR] += [
        reverse("crm:import-detail", args=[batch.pk]), reverse("crm:import-formats"), reverse("crm:unit-list"), reverse("crm:clock-policy-list"),
        reverse("crm:clock-policy-add"), f"{reverse('crm:clock-policy-try')}?number={account.number}&ticket_kind=complaint&category=outage&severity=normal",
        reverse("crm:clock-policy-revise", args=[ClockPolicy.objects.filter(ticket_kind="complaint").first().pk]),
        reverse("crm:webhook-new"), reverse("crm:webhook-log"), reverse("crm:job-failures"),
        reverse("crm:person-edit", args=[User.objects.first().pk]), f"/accounts/{Customer.objects.filter(kind='person').first().accounts.first().pk}/",
    ]  # fmt: skip
    return found


def pages_of_a_model():
    """Its card, which is long, is looked at where a model is trained (`test_retention`)."""
    asked = {"until": "2026-10-31", "horizon_days": 90}
    model = RiskModel.objects.create(state="trained", asked_at=timezone.now(), card=churn_world.CARD, parameters=asked)
    compare = f"{reverse('segmentation:risk-model-compare', args=[model.pk])}?with={model.pk}"
    return [reverse("segmentation:risk-model-time", args=[model.pk]), compare, reverse("segmentation:churn-terms")]


@pytest.mark.parametrize("role", list(Role))
def test_axe_finds_nothing_serious_and_nothing_runs_over_the_edge_of_a_phone(role, visit, address, one, pages):
    page, faults = visit(one(role), "/me/"), {}
    for path in pages[role]:
        answer = page.goto(address + path)
        assert answer.status == 200, path
        faults[path] = faults_of(page, TWO_LOOKS, within="main" if faults else "html")  # the shell is the same on all
    assert {path: found for path, found in faults.items() if found} == {}


def test_axe_finds_nothing_serious_at_the_door(new_page, address):
    page = new_page()
    page.goto(f"{address}/auth/login/")
    assert faults_of(page) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_rail_has_a_page_for_every_right(role, visit, one):
    """That each opens, for every role that may, is shown by the rights matrix; how it looks, above."""
    page = visit(one(role), "/me/")
    links = page.get_by_role("navigation", name="Main").get_by_role("link").evaluate_all("all => all.map((link) => link.pathname)")
    assert links == [reverse(name) for name, permission in RAIL_PAGES.items() if role in roles_of(permission)]


def test_on_a_phone_the_rail_is_a_drawer_that_leads_to_the_portfolio(visit, one):
    page = visit(one("manager"), "/desk/", **PHONE)
    expect(page.locator("#rail")).to_be_hidden()
    page.get_by_role("button", name="Open the menu").click()
    page.locator("#rail").get_by_role("link", name="Portfolio").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Portfolio")


def test_the_language_is_switched_and_remembered_after_signing_out(sign_in_by_form, address, utility):
    page = sign_in_by_form("manager", demo_password(), "/portfolio/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Portfolio")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(heading).not_to_have_text("Portfolio")
    page.locator(".topbar-user summary").click()
    page.locator(".topbar-user form button").click()
    page.goto(f"{address}/auth/login/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_theme_is_remembered_on_every_page(visit, address, one):
    page = visit(one("manager"), "/desk/", scheme="light")
    theme = page.locator("html")
    for _light_then_dark in range(2):
        page.locator("[data-theme-toggle]").click()
    expect(theme).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{address}/portfolio/")
    expect(theme).to_have_attribute("data-bs-theme", "dark")
    page.locator("[data-theme-toggle]").click()  # as the device has it
    page.goto(f"{address}/desk/")
    expect(theme).to_have_attribute("data-bs-theme", "light")
