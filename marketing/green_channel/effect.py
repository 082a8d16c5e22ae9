"""What green channels made of the answer times: with and without, matched by kind, medians with their number of tickets."""

import datetime as dt

from django.core.cache import cache
from django.db.models import Aggregate, Avg, Case, Count, F, FloatField, Q, Value, When
from django.db.models.functions import Extract
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from crm.tickets.models import Ticket
from marketing.green_channel.rules import Row, Side

LOOKED_BACK = dt.timedelta(days=365)
KEPT_SECONDS = 15 * 60


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def of_everyone(*, user, at) -> list[Row]:
    """Tickets of the last year that the person may see and that were answered. One query over the tickets opened in that year."""
    tickets = Ticket.objects.visible_to(user).filter(opened_at__gte=at - LOOKED_BACK, opened_at__lt=at)
    return _rows(_sides(tickets.filter(entitlement__isnull=False)), _sides(tickets.filter(entitlement=None)))


def of_everyone_lately(*, user, at) -> list[Row]:
    """`of_everyone`, at most a quarter of an hour old: over a year of a large utility's tickets it takes seconds."""
    key = f"channel-effect:{user.pk if user.bound_to_unit else 'all'}"
    rows = cache.get(key)
    if rows is None:
        rows = of_everyone(user=user, at=at)
        cache.set(key, rows, KEPT_SECONDS)
    return rows


def of_one(*, entitlement, user) -> dict[str, list[Row]]:
    """One green channel against `before` (the account's own tickets in the year before) and `others` (of its unit, in the same days)."""
    seen, account = Ticket.objects.visible_to(user), entitlement.account
    green = _sides(seen.filter(entitlement=entitlement))
    begin, end = _midnight(entitlement.starts_on), _midnight(entitlement.ends_on + dt.timedelta(days=1))
    plain = seen.filter(entitlement=None)
    before = plain.filter(account=account, opened_at__gte=begin - LOOKED_BACK, opened_at__lt=begin)
    others = plain.filter(account__unit=account.unit_id, opened_at__gte=begin, opened_at__lt=end).exclude(account=account)
    return {"before": _rows(green, _sides(before)), "others": _rows(green, _sides(others))}


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _sides(tickets) -> dict[str, Side]:
    """{kind: Side} of the answered ones; hours from logging to the answer, whatever stood still in between."""
    taken = Extract(F("answered_at") - F("opened_at"), "epoch") / 3600.0
    in_time = Case(When(LessThanOrEqual(F("answered_at"), F("answer_due_at")), then=Value(1.0)), default=Value(0.0))
    found = tickets.exclude(answered_at=None).order_by().values("kind")
    counted = found.annotate(n=Count("pk"), median=Median(taken), kept=Avg(in_time, filter=Q(answer_due_at__isnull=False)))
    return {row["kind"]: Side(row["n"], row["median"], row["kept"]) for row in counted}


def _rows(green, plain) -> list[Row]:
    """Kinds with green tickets, the most frequent first."""
    rows = [Row(kind, side, plain.get(kind, Side())) for kind, side in green.items()]
    return sorted(rows, key=lambda row: (-row.green.n, row.kind))
