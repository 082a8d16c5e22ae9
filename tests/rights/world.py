"""A small utility in which every kind of thing stands three times: Anna's own, a colleague's at her station, another branch's."""

import datetime as dt
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from crm.accounts.models import Account
from crm.answers.models import CannedAnswer
from crm.attachments.models import Attachment
from crm.audit.services import record
from crm.billing.models import Bill, Payment
from crm.customers.models import Contact, Customer
from crm.engagement.models import Engagement
from crm.escalation.models import Chain, Escalation
from crm.exports.models import Export
from crm.imports.models import ImportBatch
from crm.jobs.models import TaskFailure
from crm.lists.models import SavedView
from crm.people.models import Unit, User
from crm.routing.models import Absence, RoutingDecision, RoutingRule
from crm.satisfaction.models import Survey
from crm.service_levels.models import ClockPolicy, Entitlement, ServiceLevel
from crm.taxonomy.models import Term
from crm.telephony.models import Call, Integration, Line
from crm.tickets.models import Ticket
from crm.webhooks.models import Delivery, Event, Subscription
from marketing.development.models import LargeCustomer, Prospect
from marketing.green_channel.models import ChannelRule, Proposal
from marketing.green_channel.rules import SEED
from marketing.market.models import LossNote, Rival
from marketing.retention.models import Assignment, Exemption, Offer, Plan, Playbook, Trial
from segmentation.churn.models import ModelText, RiskModel
from segmentation.groups.models import BehaviourGroup, Grouping, GroupRule, Membership
from segmentation.policies.models import Policy
from segmentation.reports.models import GeneratedReport, ReportSchedule
from segmentation.runs.models import Change, Run, Standing
from segmentation.segments.models import Segment

NOW = dt.datetime(2026, 11, 20, 3, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
GOLD = {"field": "tier", "is": "in", "value": ["gold"]}


@dataclass
class World:
    people: dict = field(default_factory=dict)
    things: dict = field(default_factory=dict)
    """(kind, "own" | "unit" | "foreign") → row; things that belong to no account stand under "own" only."""

    def __deepcopy__(self, memo):
        """Tests read it and write to the database alone, so that each need not have a copy of its own."""
        return self

    def key(self, about, whose):
        row = self.things.get((about, whose)) or self.things[(about, "own")]
        return row.pk


def cookies_of(person) -> dict[str, str]:
    """What a browser of that person sends once signed in."""
    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def build() -> World:
    world = World()
    east, west = _units()
    for name, role, unit in (
        ("anna", "manager", east), ("boss", "supervisor", east.parent), ("lina", "agent", None),
        ("ada", "analyst", None), ("root", "administrator", None), ("ben", "manager", east), ("zoe", "manager", west),
    ):  # fmt: skip
        world.people[name] = User.objects.create(username=name, role=role, unit=unit, full_name=name, full_name_en=name.title())
    older = Run.objects.create(as_of=TODAY - dt.timedelta(days=30), state="published", asked_at=NOW, started_at=NOW, finished_at=NOW)
    run = Run.objects.create(as_of=TODAY, state="published", in_force=True, asked_at=NOW, started_at=NOW, finished_at=NOW)
    places = {"own": ("anna", east, "3300000001"), "unit": ("ben", east, "3300000002"), "foreign": ("zoe", west, "3300000003")}
    for whose, (manager, unit, number) in places.items():
        _account(world, whose, world.people[manager], unit, number, run)
    world.things |= {
        ("risk model", "own"): RiskModel.objects.create(state="trained", asked_at=NOW, card={"any": {"ap": 0.6}, "rules": {"ap": 0.2}}),
        ("run", "own"): run, ("older run", "own"): older, ("policy", "own"): Policy.objects.filter(state="published").first(),
        ("clock", "own"): ClockPolicy.objects.first(), ("rule", "own"): ChannelRule.objects.first() or ChannelRule.objects.create(**SEED),
        ("answer", "own"): CannedAnswer.objects.first(), ("term", "own"): Term.objects.first(),
        ("level", "own"): ServiceLevel.objects.first(), ("unit", "own"): east, ("person", "own"): world.people["zoe"],
        ("view", "own"): SavedView.objects.create(owner=world.people["anna"], page="segmentation:portfolio", name="Mine"),
        ("segment", "own"): Segment.objects.create(owner=world.people["ada"], name="Gold", shared=True, rule=GOLD, made_at=NOW),
        ("personal segment", "own"): Segment.objects.create(owner=world.people["anna"], name="Mine", rule=GOLD, made_at=NOW, run=run),
        ("export", "own"): Export.objects.create(owner=world.people["anna"], what="portfolio", asked_at=NOW),
        ("report", "own"): GeneratedReport.objects.create(owner=world.people["anna"], reach=east, plain=True, asked_at=NOW),
        ("report schedule", "own"): ReportSchedule.objects.create(name="Monthly", unit=east, created_at=NOW),
        ("batch", "own"): ImportBatch.objects.create(
            kind="bills", file_name="bills.csv", sha256="0" * 64, state="refused", failed=1, uploaded_by=world.people["root"], uploaded_at=NOW,
            file=ContentFile("户号,月份\n3300000001,2026-13\n".encode(), name="bills.csv"),
        ),
    }  # fmt: skip
    ModelText.objects.create(model=world.things["risk model", "own"], body={})
    _machines(world)
    _service(world)
    _groups(world, run)
    _retention(world)
    return world


def _groups(world, run):
    """A behaviour group with an expert rule; each of the three accounts is in it."""
    group = BehaviourGroup.objects.create(kind="monthly", number=1, shape=["steady", 0], columns=["m01"], centre=[1.0], size=3)
    grouping = Grouping.objects.create(run=run, kind="monthly", state="done", in_force=True, at=NOW, accounts=3, k=3)
    rule = GroupRule.objects.create(
        group=group, feature="kwh_12m", comparison="ge", threshold=1, note="Why", made_by=world.people["ada"], made_at=NOW
    )
    world.things |= {("group", "own"): group, ("grouping", "own"): grouping, ("group rule", "own"): rule}
    for whose in ("own", "unit", "foreign"):
        Membership.objects.create(account=world.things[("account", whose)], monthly=1)


def _retention(world):
    """A plan under way with an offer, a lot, an exemption and a loss of each account."""
    trial = Trial.objects.create(name="Trial", share="0.2", bands=["high"], horizon_days=90, seed=7, ethics="E", opened_at=NOW)
    playbook = Playbook.objects.first()
    world.things |= {("trial", "own"): trial, ("playbook", "own"): playbook, ("rival", "own"): Rival.objects.first()}
    for whose in ("own", "unit", "foreign"):
        account, by = world.things[("account", whose)], world.things[("proposal", whose)].proposed_by
        plan = Plan.objects.create(account=account, playbook=playbook, started_by=by, started_at=NOW, ending=f"密{account.number}")
        rows = {
            "plan": plan,
            "offer": Offer.objects.create(plan=plan, what=f"优惠{account.number}", cost_yuan=5, offered_on=TODAY, by=by, at=NOW),
            "lot": Assignment.objects.create(
                trial=trial, account=account, arm="holdout", stratum="high|gold|residential", assigned_at=NOW, due_on=TODAY
            ),
            "exemption": Exemption.objects.create(account=account, reason="R", by=by, at=NOW),
            "loss": LossNote.objects.create(
                account=account, lost_on=TODAY, outcome="closed", cause="price", note=f"因{account.number}", noted_by=by, noted_at=NOW
            ),
        }
        world.things |= {(kind, whose): row for kind, row in rows.items()}


def _machines(world):
    """Calls, webhooks and a failed task; the calls are of the three accounts and rang at Anna's telephone or nobody's."""
    root = world.people["root"]
    system = Integration.objects.create(code="pbx", name="PBX", created_by=root, created_at=NOW)
    for whose in ("own", "unit", "foreign"):
        account = world.things[("account", whose)]
        world.things[("call", whose)] = Call.objects.create(
            integration=system, call_id=whose, phone=account.customer.phone, account=account, matches=[account.pk],
            agent=world.people["anna"] if whose == "own" else None, rang_at=NOW,
        )  # fmt: skip
    webhook = Subscription.objects.create(
        name="Partner", url="https://partner.example/hooks", kinds=["ticket.created"], created_by=root, created_at=NOW
    )
    event = Event.objects.create(kind="ticket.created", subject_kind="ticket", subject_id="1", at=NOW)
    world.things |= {
        ("integration", "own"): system, ("line", "own"): Line.objects.create(code="8001", person=world.people["lina"]), ("webhook", "own"): webhook,
        ("delivery", "own"): Delivery.objects.create(event=event, subscription=webhook, state="failed", due_at=NOW, attempts_left=0),
        ("failure", "own"): TaskFailure.objects.create(task="crm.exports.tasks.sweep", arguments={"args": [], "kwargs": {}}, signature="s", error="E", first_at=NOW, at=NOW),
    }  # fmt: skip


def _service(world):
    """What routing, escalation and surveys leave with each ticket; who is away."""
    anna = world.people["anna"]
    world.things |= {
        ("routing rule", "own"): RoutingRule.objects.first(), ("chain", "own"): Chain.objects.first(),
        ("absence", "own"): Absence.objects.create(person=anna, starts_on=TODAY, ends_on=TODAY),
    }  # fmt: skip
    for whose in ("own", "unit", "foreign"):
        ticket = world.things[("ticket", whose)]
        RoutingDecision.objects.create(ticket=ticket, to=ticket.assignee, outcome="kept", at=NOW)
        world.things[("escalation", whose)] = Escalation.objects.create(
            ticket=ticket, number=1, percent=80, rank="assignee", to=ticket.assignee, at=NOW, due_at=NOW
        )
        world.things[("survey", whose)] = Survey.objects.create(
            ticket=ticket,
            state="sent",
            created_at=NOW,
            send_at=NOW,
            expires_at=NOW,
            answered_at=NOW,
            score=2,
            comment=f"慢{ticket.account.number}",
        )


def _units():
    province = Unit.objects.create(code="33401", name="省")
    branch = Unit.objects.create(code="3340101", name="东", parent=province)
    other = Unit.objects.create(code="3340102", name="西", parent=province)
    return Unit.objects.create(code="334010101", name="东所", parent=branch), Unit.objects.create(
        code="334010201", name="西所", parent=other
    )


def _account(world, whose, manager, unit, number, run):
    """A private person's account with one of everything; names and phones are unmistakable, so that a leak shows."""
    customer = Customer.objects.create(
        number=f"C{number}", kind="person", name=f"赵{whose}密", phone=f"1380571{number[-4:]}", address=f"杭州市{whose}路88号"
    )
    contact = Contact.objects.create(customer=customer, name=f"钱{whose}密", phone=f"1390571{number[-4:]}", is_primary=True)
    account = Account.objects.create(
        number=number, customer=customer, unit=unit, manager=manager, category="residential", address=f"杭州市{whose}路88号",
        search_public=f"{number} 赵{whose}密", search_personal=f"1380571{number[-4:]}",
    )  # fmt: skip
    Bill.objects.create(
        account=account, period=dt.date(2026, 10, 1), kwh=100, total=60, issued_on=dt.date(2026, 11, 1), due_on=dt.date(2026, 11, 10)
    )
    level = ServiceLevel.objects.get(code="green")
    rows = {
        "account": account,
        "customer": customer,
        "contact": contact,
        "payment": Payment.objects.create(account=account, receipt=f"R{number}", paid_on=TODAY, amount=60),
        "ticket": Ticket.objects.create(
            account=account, kind="complaint", category="outage", title=f"停电{number}", opened_at=NOW, assignee=manager, caller_phone=f"1370571{number[-4:]}"
        ),
        "engagement": Engagement.objects.create(account=account, subject=f"走访{number}", planned_on=TODAY, by=manager),
        "entitlement": Entitlement.objects.create(
            account=account, level=level, services=["short_clock"], starts_on=TODAY - dt.timedelta(days=9), ends_on=timezone.localdate() + dt.timedelta(days=90),
            granted_by=world.people["boss"], granted_at=NOW,
        ),
        "proposal": Proposal.objects.create(
            account=account, level=level, services=[], starts_on=TODAY + dt.timedelta(days=400), ends_on=TODAY + dt.timedelta(days=500),
            reason=f"因为{number}", proposed_by=manager, proposed_at=NOW,
        ),
        "standing": Standing.objects.create(
            account=account, run=run, tier="gold", value_score=70, risk_score=80, risk_band="high", revenue_12m_fen=1000,
            current_score=60, potential_score=60,
        ),
    }  # fmt: skip
    rows["prospect"] = Prospect.objects.create(account=account, owner=manager, added_by=manager, added_at=NOW)
    rows["large customer"] = LargeCustomer.objects.create(account=account, starts_on=TODAY, source=f"名单{number}", entered_by=manager)
    rows["attachment"] = Attachment.objects.create(
        ticket=rows["ticket"], file=ContentFile(f"照片{number}".encode(), name="note.txt"), name=f"note{number}.txt", content_type="text/plain",
        size_bytes=16, sha256=number.rjust(64, "0"), by=manager, at=NOW,
    )  # fmt: skip
    rows["entry"] = record(by=manager, did="logged a visit", on=rows["engagement"])
    Change.objects.create(run=run, account=account, tier_from="silver", tier_to="gold", band_from="low", band_to="high")
    world.things |= {(kind, whose): row for kind, row in rows.items()}
