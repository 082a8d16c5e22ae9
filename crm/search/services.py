"""One box for everything: accounts by number, name, pinyin, initials, phone or address, and tickets by number."""

import re
from dataclasses import dataclass, field

from crm.accounts.models import Account
from crm.accounts.search import beginning_with, likeness, matching, nearly_matching
from crm.people.masking import Reader
from crm.tickets.models import Ticket

SHOWN = 8
# Among many matches the best are looked for in so many; more typing narrows the rest.
LOOKED_AT = 200
NEAR_ENOUGH = 0.4
COMPARED = 100


@dataclass(frozen=True)
class Found:
    accounts: list = field(default_factory=list)
    tickets: list = field(default_factory=list)


def find(*, text: str, reader: Reader, limit: int = SHOWN) -> Found:
    """What the reader may see of what fits `text`; best first. At most five queries, each through an index."""
    text = " ".join(text.replace("\0", " ").split())[:100]  # PostgreSQL has no word with a NUL in it
    if not text:
        return Found()
    return Found(accounts=_accounts(text, reader, limit), tickets=_tickets(text, reader))


def _accounts(text, reader, limit):
    visible = Account.objects.visible_to(reader.user)
    by_personal_data = reader.user.personal_data != "never"
    found = []
    if re.fullmatch(r"\d{1,13}", text):
        found = list(visible.filter(beginning_with(text)).order_by("number").values_list("pk", flat=True)[:limit])
    if len(found) < limit and not text.startswith("#"):
        candidates = matching(visible, text, by_personal_data=by_personal_data).exclude(pk__in=found).order_by()
        rows = list(candidates.values_list("pk", "customer__name", "customer__name_en", "number")[:LOOKED_AT])
        found += [pk for pk, *_names in sorted(rows, key=lambda row: _rank(text, *row[1:]))][: limit - len(found)]
        found = found or _nearest(visible, text, by_personal_data, limit)
    by_pk = Account.objects.select_related("customer", "unit").in_bulk(found)
    return [by_pk[pk] for pk in found]


def _nearest(visible, text, by_personal_data, limit):
    """Where nothing holds what was typed: what comes nearest to it, or nothing when that is not near."""
    candidates = nearly_matching(visible, text, by_personal_data=by_personal_data).order_by()
    columns = ["search_public", "search_personal"] if by_personal_data else ["search_public"]
    rows = [(likeness(text, " ".join(words)), pk) for pk, *words in candidates.values_list("pk", *columns)[:COMPARED]]
    return [pk for near, pk in sorted(rows, reverse=True)[:limit] if near >= NEAR_ENOUGH]


def _rank(text, name, name_en, number):
    """Names that begin with what was typed first, then the shorter name, then the number."""
    lowered = text.lower()
    return (not (name.startswith(text) or name_en.lower().startswith(lowered)), len(name), number)


def _tickets(text, reader):
    number = text.removeprefix("#")
    if not number.isdigit() or len(number) > 9:
        return []
    return list(Ticket.objects.visible_to(reader.user).filter(pk=int(number)).select_related("account__customer"))
