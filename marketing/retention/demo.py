"""Plans, a finished and a running trial, and losses of a synthetic utility, so that pages have something to say. All of it is made up.

Facts of the synthetic utility do not know of plans. So the arms of the finished trial are drawn with the outcome known, in the shares in which
they would be met had plans kept about a third of those who would have left: the joint numbers are those of a world in which plans work.
"""

import datetime as dt

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.accounts.models import Account
from crm.calendar.clock import CalendarNotLoaded, working_days_after
from crm.calendar.models import CalendarDay
from crm.changes.services import touch
from crm.engagement.models import Engagement
from crm.people.models import User
from marketing.market.models import LossNote, Rival
from marketing.retention import facts
from marketing.retention.models import Arm, Assignment, Offer, Plan, PlanTask, Playbook, Trial
from marketing.retention.models.playbooks import ENGAGED_AS, OFFERED
from marketing.retention.rules import Facts, fit, stratum_of
from marketing.retention.services import trials
from segmentation.runs.models import RiskBand, Standing, UsageState

SHARE, LOST_HELD_OUT, LOST_TREATED = 0.2, 0.34, 0.22
MOST_LOTS, MOST_LOSSES = 1200, 400
HORIZON = 90
ETHICS = (
    "不影响任何现有服务：被留出的客户只是暂缓一个季度获得额外挽留措施；重要客户、绿色通道客户不参与。 · "
    "No service is taken away: held-out accounts wait a quarter for extra measures; important and green-channel customers are left out."
)
SUPPLIERS = [
    ("恒源售电（虚构）", "Hengyuan Power Sales (invented)"),
    ("东汇能源（虚构）", "Donghui Energy (invented)"),
    ("瑞电科技（虚构）", "Ruidian Tech (invented)"),
]
CAUSES = {
    "closed": (["shut_down", "relocation", "downturn", "supply", "service", "unknown"], [0.36, 0.26, 0.16, 0.09, 0.06, 0.07]),
    "switched": (["price", "offer", "supply", "service"], [0.5, 0.26, 0.14, 0.1]),
    "self_supply": (["own_power", "price"], [0.85, 0.15]),
    "declined": (["downturn", "shut_down", "own_power", "other"], [0.6, 0.2, 0.1, 0.1]),
}
NOTES = {
    "price": "对方报价每千瓦时低约 3 分。 · Their quote is about 3 fen a kWh lower.",
    "offer": "对方送一年能效托管。 · They add a year of energy management.",
    "supply": "三个月内停电两次，影响生产。 · Two outages in three months stopped the line.",
    "service": "投诉处理慢，客户不满意。 · Complaints took too long.",
    "shut_down": "企业已停产清算。 · Shut down, in liquidation.",
    "relocation": "厂区搬迁到外省。 · The plant moved away.",
    "own_power": "屋顶光伏投运，下网电量减少。 · Rooftop PV began to run.",
    "downturn": "订单减少，减班生产。 · Fewer orders, fewer shifts.",
    "unknown": "",
    "other": "",
}


@transaction.atomic
def create(*, at, seed=7):
    """`{losses, lots, plans}` made; nothing where there are plans or losses already, or nothing has been judged."""
    if Plan.objects.exists() or LossNote.objects.exists() or not Standing.objects.exclude(risk_band="").exists():
        return {"losses": 0, "lots": 0, "plans": 0}
    maker = _Maker(at, seed)
    losses = maker.losses()
    lots = maker.finished_trial(losses) + maker.running_trial()
    return {"losses": len(losses), "lots": lots, "plans": maker.write_plans()}


class _Maker:
    def __init__(self, at, seed):
        self.at, self.today, self.draw = at, at.date(), np.random.default_rng([seed, 26])
        self.books = [(book, list(book.steps.all())) for book in Playbook.objects.active().prefetch_related("steps")]
        self.calendar, self.plans, self.value_lost = CalendarDay.objects.clock(), [], trials.value_lost()
        self.analyst = User.objects.filter(role="analyst").order_by("pk").first()
        self.rivals = [
            Rival.objects.get_or_create(kind="competitor", name=name, defaults={"name_en": english})[0] for name, english in SUPPLIERS
        ]
        self.pv = Rival.objects.filter(kind="substitute").order_by("pk").first()

    # What was lost

    def losses(self):
        """{account: note} for most accounts that closed, changed supplier, built PV or stopped within a year."""
        notes = {}
        for outcome, standings in self._gone().items():
            for standing in standings[:MOST_LOSSES]:
                if standing.account_id not in notes and self.draw.random() < 0.8:
                    notes[standing.account_id] = self._note(standing, outcome)
        LossNote.objects.bulk_create(notes.values(), batch_size=500)
        return notes

    def _gone(self):
        known = Standing.objects.filter(account__manager__isnull=False).select_related("account").order_by("-revenue_12m_fen", "pk")
        year = self.today - dt.timedelta(days=360)
        use = [UsageState.STOPPED, UsageState.COLLAPSED]
        return {
            "closed": known.filter(account__status="closed", account__closed_on__gte=year),
            "self_supply": known.filter(risk_outcome="self_supply", account__pv_kw__gt=0, risk_band__in=["high", "elevated"]),
            "declined": known.filter(usage_state__in=use, account__status="active"),
            "switched": known.filter(account__market_status="retailer", risk_band__in=["elevated", "high", "watch"]),
        }

    def _note(self, standing, outcome):
        causes, weights = CAUSES[outcome]
        cause = str(self.draw.choice(causes, p=weights))
        day = standing.account.closed_on or self.today - dt.timedelta(days=int(self.draw.integers(5, 350)))
        rival = self.rivals[int(self.draw.choice(3, p=[0.5, 0.3, 0.2]))] if outcome == "switched" or cause == "offer" else None
        return LossNote(
            account=standing.account, lost_on=day, outcome=outcome, cause=cause, competitor=rival,
            substitute=self.pv if cause == "own_power" else None, note=NOTES[cause], revenue_12m_fen=standing.revenue_12m_fen,
            noted_by_id=standing.account.manager_id, noted_at=self._moment(min(day + dt.timedelta(days=int(self.draw.integers(1, 12))), self.today)),
        )  # fmt: skip

    def _moment(self, day):
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9, int(self.draw.integers(0, 60)))))

    # The trial that is over

    def finished_trial(self, notes):
        opened = self._moment(self.today - dt.timedelta(days=230))
        trial = self._trial("二季度对照 · Second-quarter trial", opened, closed_at=self._moment(self.today - dt.timedelta(days=120)))
        lost = [(pk, note) for pk, note in notes.items() if not note.account.important_grade]
        size = min(MOST_LOTS, int(len(lost) / (SHARE * LOST_HELD_OUT + (1 - SHARE) * LOST_TREATED)))
        wanted = round(size * (SHARE * LOST_HELD_OUT + (1 - SHARE) * LOST_TREATED))
        chosen = [lost[n] for n in sorted(self.draw.permutation(len(lost))[:wanted])]
        stayed = Standing.objects.filter(account__manager__isnull=False, account__important_grade="", account__status="active")
        stayed = stayed.exclude(account__in=list(notes)).exclude(risk_band="").filter(Q(growth__gt=-0.3) | Q(growth=None))
        pks = list(stayed.order_by("pk").values_list("pk", flat=True))
        kept = [pks[n] for n in sorted(self.draw.permutation(len(pks))[: size - wanted])]
        standings = Standing.objects.filter(pk__in=[*kept, *(pk for pk, _note in chosen)]).select_related("account").in_bulk()
        chosen_notes = dict(chosen)
        lots = self._lots(trial, [(standing, chosen_notes.get(pk)) for pk, standing in sorted(standings.items())])
        Assignment.objects.bulk_create(lots, batch_size=500)
        for lot in lots:
            if lot.arm == Arm.TREATED and self.draw.random() < 0.7:
                self._ended_plan(lot, standings[lot.account_id], chosen_notes.get(lot.account_id))
        return len(lots)

    def _trial(self, name, opened, closed_at=None):
        return Trial.objects.create(
            name=name, share=SHARE, bands=["high", "elevated"], horizon_days=HORIZON, seed=int(self.draw.integers(2**31)), value_lost=self.value_lost,
            ethics=ETHICS, opened_by=self.analyst, opened_at=opened, closed_at=closed_at, closed_by=self.analyst if closed_at else None,
        )  # fmt: skip

    def _lots(self, trial, cases):
        """Arms by Bayes, given what became of each; along the order of revenue, so that one large account does not tilt the money."""
        lots = []
        for lost in (True, False):
            q0, q1 = (LOST_HELD_OUT, LOST_TREATED) if lost else (1 - LOST_HELD_OUT, 1 - LOST_TREATED)
            held = SHARE * q0 / (SHARE * q0 + (1 - SHARE) * q1)
            those = [case for case in cases if (case[1] is not None) == lost]
            those.sort(key=lambda case: (self.value_lost.get(case[1].outcome, 0) if case[1] else 1) * (case[0].revenue_12m_fen or 0))
            reached = np.floor(np.arange(len(those) + 1) * held + self.draw.random())
            lots += [self._lot(trial, *case, later > before) for case, before, later in zip(those, reached[:-1], reached[1:], strict=True)]
        return lots

    def _lot(self, trial, standing, note, held):
        band = RiskBand.HIGH if self.draw.random() < 0.4 else RiskBand.ELEVATED
        begun = trial.opened_at + dt.timedelta(days=int(self.draw.integers(0, 10)))
        return Assignment(
            trial=trial, account=standing.account, arm=Arm.HOLDOUT if held else Arm.TREATED, assigned_at=begun,
            stratum=stratum_of(band, standing.tier, standing.account.category), due_on=begun.date() + dt.timedelta(days=HORIZON),
            before=facts.kept(Facts(market_status="agency", kwh_12m=standing.kwh_12m)), revenue_12m_fen=standing.revenue_12m_fen,
            outcome=note.outcome if note else "", settled_on=begun.date() + dt.timedelta(days=HORIZON),
        )  # fmt: skip

    def _ended_plan(self, lot, standing, note):
        started = lot.assigned_at + dt.timedelta(days=int(self.draw.integers(1, 9)))
        ended = started + dt.timedelta(days=int(self.draw.integers(20, 80)))
        state = "left" if note else "dropped" if self.draw.random() < 0.06 else "kept"
        plan = self._plan(standing, lot.stratum.split("|")[0], started)
        plan.state, plan.ended_at, plan.ended_by_id, plan.loss = state, ended, standing.account.manager_id, note
        plan.ending = {
            "left": note.note if note else "",
            "dropped": "客户暂无离开打算，不再需要。 · Nobody thinks of leaving; not needed.",
            "kept": "已续签，客户留下。 · Renewed, they stay.",
        }[state]
        self.plans.append((plan, standing, ended.date()))

    # The trial under way

    def running_trial(self):
        """Lots by the same service that draws every other; plans for half of the treated, some of them late."""
        opened = self._moment(self.today - dt.timedelta(days=24))
        trial = self._trial("四季度对照 · Fourth-quarter trial", opened)
        drawn = trials.draw(trial=trial, at=opened)
        treated = Assignment.objects.filter(trial=trial, arm=Arm.TREATED).order_by("pk").values_list("account", flat=True)
        standings = Standing.objects.filter(pk__in=list(treated), account__manager__isnull=False).select_related("account").order_by("pk")
        for standing in standings:
            if self.draw.random() < 0.5:
                started = opened + dt.timedelta(days=int(self.draw.integers(1, 24)))
                self.plans.append((self._plan(standing, standing.risk_band, started), standing, None))
        return drawn

    # Plans and what belongs to them

    def _plan(self, standing, band, started):
        case = (standing.risk_outcome, band, standing.tier)
        book = max(
            self.books, key=lambda pair: -1 if (points := fit(case, (pair[0].outcome, pair[0].band, pair[0].tier))) is None else points
        )[0]
        return Plan(
            account=standing.account, playbook=book, outcome=standing.risk_outcome, band=band, tier=standing.tier, risk_score=standing.risk_score,
            revenue_12m_fen=standing.revenue_12m_fen, started_by_id=standing.account.manager_id, started_at=started,
            before=facts.kept(facts.facts_of(standing.account, standing, on=started.date())),
        )  # fmt: skip

    def write_plans(self):
        steps = {book.pk: its for book, its in self.books}
        open_of = set(Plan.objects.open().values_list("account", flat=True))
        rows = [row for row in self.plans if not (row[0].state == "open" and row[0].account_id in open_of)]
        Plan.objects.bulk_create([plan for plan, _standing, _end in rows], batch_size=500)
        tasks = [task for plan, standing, end in rows for task in self._tasks(plan, standing, end, steps[plan.playbook_id])]
        Engagement.objects.bulk_create([task.engagement for task in tasks], batch_size=500)
        PlanTask.objects.bulk_create(tasks, batch_size=500)
        Offer.objects.bulk_create(
            filter(None, (self._offer(plan, end, steps[plan.playbook_id]) for plan, _standing, end in rows)), batch_size=500
        )
        days = {task.engagement.happened_on for task in tasks if task.engagement.happened_on}
        touch(table="engagement", periods=sorted(days))
        return len(rows)

    def _tasks(self, plan, standing, end, steps):
        until = end or self.today
        for step in steps:
            due = self._due(plan.started_at, step.within_days)
            done = due + dt.timedelta(days=int(self.draw.integers(-1, 3)))
            happened = done if done <= until and self.draw.random() < (0.9 if end else 0.8) else None
            yield PlanTask(
                plan=plan, position=step.position, kind=step.kind, cost_yuan=step.cost_yuan,
                engagement=Engagement(
                    account=standing.account, kind=ENGAGED_AS.get(step.kind, Engagement.Kind.TASK), subject=_both(step), planned_on=due,
                    happened_on=happened, by_id=standing.account.manager_id, cancelled_at=plan.ended_at if end and not happened else None,
                ),
            )  # fmt: skip

    def _due(self, started, days):
        try:
            return self.calendar.local_day(working_days_after(self.calendar, started, days))
        except CalendarNotLoaded:
            return started.date() + dt.timedelta(days=round(days * 7 / 5))

    def _offer(self, plan, end, steps):
        offered = [step for step in steps if step.kind in OFFERED and step.cost_yuan]
        day = plan.started_at.date() + dt.timedelta(days=int(self.draw.integers(2, 12)))
        if not offered or day > (end or self.today) or self.draw.random() > 0.7:
            return None
        step, answered = offered[-1], day + dt.timedelta(days=int(self.draw.integers(1, 9)))
        state = str(self.draw.choice(["accepted", "refused", "pending"], p=[0.5, 0.35, 0.15]))
        state = "pending" if answered > (end or self.today) else state
        return Offer(
            plan=plan, kind=step.kind, what=_both(step), cost_yuan=step.cost_yuan, offered_on=day, by_id=plan.started_by_id, at=self._moment(day),
            state=state, answered_on=None if state == "pending" else answered, reason="价格仍高于对方报价。 · Still above the other quote." if state == "refused" else "",
        )  # fmt: skip


def _both(step):
    """In both languages, as all texts of the demonstration."""
    return f"{step.subject} · {step.subject_en}"


def only_synthetic() -> bool:
    return not Account.objects.filter(is_synthetic=False).exists()
