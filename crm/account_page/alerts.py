"""What should worry the reader of an account page: open complaints with their clocks, arrears, a contract that ends, safety."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.account_page.slots import TICKET, address
from crm.billing.models import Bill
from crm.billing.statement import statement_of
from crm.billing.year import adjustment_share
from crm.display import rules as display
from crm.templatetags.display import due_in
from crm.tickets.models import Ticket

CONTRACT_NOTICE_DAYS = 90
SHOWN_TICKETS = 4


def alerts_of(account, *, user, at: dt.datetime, today: dt.date) -> list[dict]:
    """`[{tone, text, url}]`, worst first. Four queries."""
    found = [*_tickets(account, user, at), *_safety(account)]
    if user.has_perm("crm.view_billing"):
        found += [*_arrears(account, today), *_power_factor(account)]
    found += _contract(account, today)
    return sorted(found, key=lambda alert: ["risk", "warn", "info", "good"].index(alert["tone"]))


def _tickets(account, user, at):
    tickets = Ticket.objects.visible_to(user).filter(account=account).open().order_by("answer_due_at", "pk")[:SHOWN_TICKETS]
    return [_clock(ticket, user, at) for ticket in tickets]


def _clock(ticket, user, at):
    words = {"kind": ticket.get_kind_display(), "number": ticket.pk, "left": due_in(ticket.answer_due_at, at)}
    soon = ticket.answer_due_at is not None and display.due_state((ticket.answer_due_at - at).total_seconds()) != "ok"
    if ticket.paused_at:
        text = _("%(kind)s #%(number)s waits for the customer; its clock is paused") % words
    elif ticket.answer_due_at is None:
        text = _("%(kind)s #%(number)s is open") % words
    elif ticket.answer_due_at < at:
        text = _("%(kind)s #%(number)s: answer %(left)s") % words
    else:
        text = _("%(kind)s #%(number)s: answer due in %(left)s") % words
    tone = "info" if ticket.paused_at else "risk" if soon or ticket.kind == "complaint" else "warn"
    return {"tone": tone, "text": text, "url": address(TICKET, user, ticket.pk)}


def _arrears(account, today):
    statement = statement_of(account, on=today)
    if not statement.arrears:
        return
    words = {"yuan": display.money(statement.arrears), "days": statement.oldest_days, "fee": display.money(statement.late_fee)}
    text = ngettext(
        "Arrears %(yuan)s, oldest %(days)s day past due; late fee so far %(fee)s",
        "Arrears %(yuan)s, oldest %(days)s days past due; late fee so far %(fee)s",
        statement.oldest_days,
    )
    yield {"tone": "risk" if statement.oldest_days > 30 else "warn", "text": text % words, "url": ""}


def _power_factor(account):
    bill = Bill.objects.of(account).first()
    share = adjustment_share(bill) if bill else None
    if share is not None and share > 0:
        words = {"month": f"{bill.period:%Y-%m}", "share": display.percent(share, 1)}
        yield {"tone": "warn", "text": _("Power-factor penalty of %(share)s on the bill of %(month)s") % words, "url": ""}


def _contract(account, today):
    if account.contract_ends_on is None:
        return []
    days = (account.contract_ends_on - today).days
    if days > CONTRACT_NOTICE_DAYS:
        return []
    words = {"days": abs(days), "date": account.contract_ends_on.isoformat()}
    if days < 0:
        text = ngettext("The contract ended %(days)s day ago, on %(date)s", "The contract ended %(days)s days ago, on %(date)s", abs(days))
    else:
        text = ngettext("The contract ends in %(days)s day, on %(date)s", "The contract ends in %(days)s days, on %(date)s", days)
    return [{"tone": "warn", "text": text % words, "url": ""}]


def _safety(account):
    if account.hazard_open:
        yield {"tone": "risk", "text": _("A safety hazard is not corrected"), "url": ""}
    if account.theft_found_on:
        yield {"tone": "risk", "text": _("Theft was found on %(date)s") % {"date": account.theft_found_on.isoformat()}, "url": ""}
    if account.status == "suspended":
        yield {"tone": "warn", "text": _("Supply is suspended"), "url": ""}
