"""What stands on the supervisor's wall: few aggregates over open tickets, kept half a minute for everybody of the same scope."""

import datetime as dt

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from crm.people.models import Unit, User
from crm.tickets.models import State, Ticket

KEPT_SECONDS = 30
SHOWN_PEOPLE = 12
SHOWN_UNITS = 14
HOUR = dt.timedelta(hours=1)


def wall_of(*, user, unit, at) -> dict:
    """`{at, states, risks, ages, total, units, people, flow, deepest}` of open tickets in a scope: the unit chosen, or all the person reaches.

    Seven queries, none while they are kept. Tickets of unknown callers belong to no unit: they count only for who sees every unit.
    """
    scope = unit or (user.unit if user.bound_to_unit else None)
    key = f"wall:{scope.code if scope else 'all'}"
    found = cache.get(key)
    if found is None:
        found = _reckoned(user, scope, at)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _reckoned(user, scope, at):
    seen = Ticket.objects.visible_to(user)
    if scope is not None:
        seen = seen.filter(account__unit__in=Unit.objects.under(scope))
    risk, age = risks(at), ages(at)
    counted = seen.open().aggregate(
        total=Count("pk"), unassigned=Count("pk", filter=Q(assignee=None)), major=Count("pk", filter=Q(severity="major")),
        escalated=Count("pk", filter=Q(escalation_level__gt=0)), reopened=Count("pk", filter=Q(reopened_count__gt=0)),
        **{f"state_{state}": Count("pk", filter=Q(state=state)) for state in (State.NEW, State.WORKING, State.WAITING)},
        **{f"risk_{name}": Count("pk", filter=condition) for name, condition in risk.items()},
        **{f"age_{name}": Count("pk", filter=condition) for name, (condition, *_days) in age.items()},
    )  # fmt: skip
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "at": at,
        "scope": scope,
        "counted": counted,
        "ages": [(name, counted[f"age_{name}"], first, last) for name, (_condition, first, last) in age.items()],
        "units": _by_unit(seen, scope, risk),
        "people": _by_person(seen, risk),
        "opened_today": seen.filter(opened_at__gte=midnight).count(),
        "closed_today": seen.filter(state=State.CLOSED, closed_at__gte=midnight).count(),
    }


def risks(at) -> dict[str, Q]:
    """Each open ticket is in one: its answer is late, due within the hour, due by midnight, later, its clock is stopped, or it has none."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    soon, day = at + HOUR, max(midnight, at + HOUR)
    running = Q(paused_at=None)
    return {
        "late": running & Q(answer_due_at__lt=at),
        "hour": running & Q(answer_due_at__gte=at, answer_due_at__lt=soon),
        "today": running & Q(answer_due_at__gte=soon, answer_due_at__lt=day),
        "later": running & Q(answer_due_at__gte=day),
        "paused": ~running,
        "undated": running & Q(answer_due_at=None),
    }


def ages(at) -> dict[str, tuple]:
    """`{name: (condition, first day or None, last day)}`: open since today, for 1 to 2 days, 3 to 6, 7 and more."""
    today = timezone.localdate(at)

    def day(back):
        return today - dt.timedelta(days=back)

    edges = {"today": (0, 0), "few": (2, 1), "week": (6, 3), "old": (None, 7)}
    found = {}
    for name, (first, last) in edges.items():
        condition = Q(opened_at__lt=_start_of(day(last - 1)))
        condition = condition & Q(opened_at__gte=_start_of(day(first))) if first is not None else condition
        found[name] = (condition, None if first is None else day(first), day(last))
    return found


def _start_of(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _figures(risk):
    return {
        "open": Count("pk"),
        "unassigned": Count("pk", filter=Q(assignee=None)),
        **{name: Count("pk", filter=risk[name]) for name in ("late", "hour", "today")},
    }


def _by_unit(seen, scope, risk):
    """Children of the scope, each with all below it; the scope itself where tickets hang on it directly. The most pressing first."""
    rows = seen.open().exclude(account=None).order_by().values("account__unit__code").annotate(**_figures(risk))
    units = list((Unit.objects.under(scope) if scope else Unit.objects.all()).order_by("code")[:2000])
    length = min((len(unit.code) for unit in units), default=0)
    level = length + 2 if scope or sum(len(unit.code) == length for unit in units) == 1 else length
    by_code = {unit.code: unit for unit in units}
    sums: dict = {}
    for row in rows:
        code = row.pop("account__unit__code")
        unit = by_code.get(code[:level]) or by_code.get(code)
        if unit is None:
            continue
        total = sums.setdefault(unit, dict.fromkeys(row, 0))
        for name, number in row.items():
            total[name] += number
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1]["late"], -pair[1]["hour"], -pair[1]["open"], pair[0].code))
    return ordered[:SHOWN_UNITS]


def _by_person(seen, risk):
    rows = seen.open().exclude(assignee=None).order_by().values("assignee").annotate(**_figures(risk))
    rows = list(rows.order_by("-late", "-hour", "-open", "assignee")[:SHOWN_PEOPLE])
    people = User.objects.in_bulk([row["assignee"] for row in rows])
    return [(people[row.pop("assignee")], row) for row in rows]
