"""What an agent sees of a ticket before it is logged."""

import datetime as dt

from django.utils import timezone

from crm.people.masking import reader_of
from crm.service_levels.models import Entitlement
from crm.service_levels.services import promise
from crm.tickets.forms import PreviewForm
from crm.tickets.models import Category, Kind, Severity, Ticket
from crm.tickets.taxonomy import split_class

DUPLICATES_WITHIN = dt.timedelta(hours=48)
NEARBY_WITHIN = dt.timedelta(hours=6)
SHOWN_DUPLICATES = 3


def preview(request, data) -> dict:
    """Context of the partial `#preview`: `chosen` account, its `green` channel, `open_tickets`, `duplicates`, `nearby`, `clock`, `at`."""
    now = timezone.now()
    form = PreviewForm(data, user=request.user)
    form.is_valid()
    known = form.cleaned_data
    account = known.get("account")
    category, _topic = split_class(known.get("matter") or "")
    clock = promise(
        account=account, kind=known.get("kind") or Kind.COMPLAINT, category=category or Category.BUSINESS,
        severity=known.get("severity") or Severity.NORMAL, at=now,
    )  # fmt: skip
    return {"clock": clock, "chosen": account, "at": now, "reader": reader_of(request)} | _around(
        account, request.user, known, category, now
    )


def _around(account, user, known, category, now):
    """The account's green channel and the tickets it already has, as far as the person sees them."""
    if account is None:
        return {}
    tickets = Ticket.objects.visible_to(user)
    duplicates = tickets.like(account=account, category=category, since=now - DUPLICATES_WITHIN)[:SHOWN_DUPLICATES] if category else ()
    in_force = Entitlement.objects.filter(account=account).in_force(timezone.localdate(now)).select_related("level", "representative")
    kind = known.get("kind") or Kind.COMPLAINT
    nearby = tickets.nearby(account=account, kind=kind, category=category, since=now - NEARBY_WITHIN)[:SHOWN_DUPLICATES] if category else ()
    return {
        "nearby": nearby,
        "green": in_force.first(),
        "open_tickets": tickets.filter(account=account).open().count(),
        "duplicates": duplicates,
    }
