"""Escalations in words."""

from django.utils.translation import gettext as _

from crm.escalation.models import Rank
from crm.people.models import User, in_readers_language


def told_in_story(row) -> str:
    """The line in a ticket's story: `80 % → 王主任`. Numbers and names alone, so that it reads in every language."""
    return f"{row.percent} % → {row.to or '—'}"


def explained(row, names) -> list[str]:
    """Why this person, in sentences. `names`: {key: person} of who was passed over."""
    chain = in_readers_language(row.explained.get("chain", ""), row.explained.get("chain_en", ""))
    told = [_("Step %(number)s of “%(chain)s”: at %(percent)s %% of the clock, %(rank)s.") % {
        "number": row.number, "chain": chain, "percent": row.percent, "rank": Rank(row.rank).label,
    }]  # fmt: skip
    for key, why in row.explained.get("passed_over", []):
        told.append(_("%(who)s was passed over: %(why)s.") % {"who": names.get(key, "?"), "why": _away(why)})
    if row.to is None:
        told.append(_("Nobody was there to hear of it."))
    if row.handed_over:
        told.append(_("The ticket was handed over to them."))
    return told


def _away(why):
    return _("away") if why == "absent" else _("no longer works tickets")


def names_of(rows) -> dict:
    """{key: person} of everybody passed over in `rows`. One query or none."""
    keys = {key for row in rows for key, _why in row.explained.get("passed_over", [])}
    return User.objects.in_bulk(keys) if keys else {}
