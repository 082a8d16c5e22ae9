"""What the facts add to an account's timeline (`crm.accounts.timeline`)."""

import datetime as dt

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.accounts.timeline import SOURCES, Event, Source, newest, start_of
from crm.audit.models import AuditEntry
from crm.audit.verbs import not_told_elsewhere, sentence
from crm.billing.models import Bill, Payment
from crm.display import rules as display
from crm.engagement.models import Engagement
from crm.service_levels.models import Entitlement, Service
from crm.tickets.models import OPEN_STATES, Ticket

SERVICES = dict(Service.choices)


def audit_events(account, *, reader, mark, limit):
    entries = not_told_elsewhere(AuditEntry.objects.visible_to(reader.user).about(account)).select_related("by")
    return [
        Event(at=entry.at, source="audit", id=entry.pk, title=sentence(entry), icon="history")
        for entry in newest(entries, source="audit", column="at", mark=mark, limit=limit)
    ]


def ticket_events(account, *, reader, mark, limit):
    tickets = Ticket.objects.visible_to(reader.user).filter(account=account).select_related("logged_by")
    return [_ticket(ticket) for ticket in newest(tickets, source="ticket", column="opened_at", mark=mark, limit=limit)]


def _ticket(ticket):
    is_open = ticket.state in OPEN_STATES
    return Event(
        at=ticket.opened_at,
        source="ticket",
        id=ticket.pk,
        icon="message-report",
        tone="risk" if is_open and ticket.kind == "complaint" else "muted",
        title=_("%(kind)s #%(number)s: %(title)s") % {"kind": ticket.get_kind_display(), "number": ticket.pk, "title": ticket.title},
        text=f"{ticket.get_category_display()} · {ticket.get_state_display()}",
        url=_url("crm:ticket-detail", ticket.pk),
        who=str(ticket.logged_by or ""),
    )


def engagement_events(account, *, reader, mark, limit):
    done = Engagement.objects.visible_to(reader.user).filter(account=account, happened_on__isnull=False).select_related("by")
    rows = newest(done, source="engagement", column="happened_on", mark=mark, limit=limit, is_day=True)
    return [
        Event(
            at=start_of(row.happened_on),
            on_day=row.happened_on,
            source="engagement",
            id=row.pk,
            icon="user-check",
            tone="good",
            title=_("%(kind)s: %(subject)s") % {"kind": row.get_kind_display(), "subject": row.subject},
            text=row.notes,
            who=str(row.by or ""),
        )
        for row in rows
    ]


def bill_events(account, *, reader, mark, limit):
    bills = Bill.objects.visible_to(reader.user).filter(account=account)
    rows = newest(
        bills, source="bill", column="issued_on", mark=mark, limit=limit, is_day=True, id_column="period", id_of=dt.date.fromordinal
    )
    return [
        Event(
            at=start_of(bill.issued_on),
            on_day=bill.issued_on,
            source="bill",
            id=bill.period.toordinal(),
            icon="receipt",
            title=_bill_title(bill),
            text=_("Due %(day)s") % {"day": date_format(bill.due_on, "Y-m-d")} if bill.due_on else "",
        )
        for bill in rows
    ]


def _bill_title(bill):
    words = {
        "month": f"{bill.period:%Y-%m}",
        "kwh": display.kwh(bill.kwh, get_language()),
        "yuan": display.yuan(bill.total, get_language()),
    }
    if bill.total is None:
        return _("Bill for %(month)s: %(kwh)s") % words
    return _("Bill for %(month)s: %(kwh)s, %(yuan)s") % words


def payment_events(account, *, reader, mark, limit):
    payments = Payment.objects.visible_to(reader.user).filter(account=account)
    rows = newest(payments, source="payment", column="paid_on", mark=mark, limit=limit, is_day=True)
    return [
        Event(
            at=start_of(row.paid_on),
            on_day=row.paid_on,
            source="payment",
            id=row.pk,
            icon="coin",
            tone="good" if row.amount > 0 else "warn",
            title=_payment_title(row),
            text=row.get_channel_display(),
        )
        for row in rows
    ]


def _payment_title(row):
    amount = display.money(abs(row.amount))
    if row.amount < 0:
        return _("Payment of %(amount)s taken back") % {"amount": amount}
    return _("Paid %(amount)s") % {"amount": amount}


def entitlement_events(account, *, reader, mark, limit):
    granted = Entitlement.objects.visible_to(reader.user).filter(account=account).select_related("level", "granted_by")
    return [_granted(row) for row in newest(granted, source="entitlement", column="granted_at", mark=mark, limit=limit)]


def revocation_events(account, *, reader, mark, limit):
    revoked = (
        Entitlement.objects.visible_to(reader.user).filter(account=account, revoked_at__isnull=False).select_related("level", "revoked_by")
    )
    return [
        Event(
            at=row.revoked_at,
            source="revocation",
            id=row.pk,
            icon="route",
            tone="warn",
            text=row.revoke_reason,
            who=str(row.revoked_by or ""),
            title=_("Green channel %(level)s revoked") % {"level": row.level},
        )
        for row in newest(revoked, source="revocation", column="revoked_at", mark=mark, limit=limit)
    ]


def _granted(row):
    span = {"level": row.level, "start": date_format(row.starts_on, "Y-m-d"), "end": date_format(row.ends_on, "Y-m-d")}
    return Event(
        at=row.granted_at,
        source="entitlement",
        id=row.pk,
        icon="route",
        tone="good",
        who=str(row.granted_by),
        title=_("Green channel %(level)s granted from %(start)s to %(end)s") % span,
        text=" · ".join(str(SERVICES.get(code, code)) for code in row.services),
    )


def _url(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def register():
    """Called once, when the app starts."""
    SOURCES.update(
        {
            "ticket": Source(gettext_lazy("Tickets"), ticket_events),
            "engagement": Source(gettext_lazy("Visits and calls"), engagement_events),
            "entitlement": Source(gettext_lazy("Green channel"), entitlement_events),
            "revocation": Source(gettext_lazy("Green channel revoked"), revocation_events),
            "bill": Source(gettext_lazy("Bills"), bill_events),
            "payment": Source(gettext_lazy("Payments"), payment_events),
            "audit": Source(gettext_lazy("Changes"), audit_events),
        }
    )
