"""What a report is about: the accounts its reader may see, narrowed by unit, category, tier or segment."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.people.errors import Refused
from crm.people.models import Unit, User
from segmentation.runs.models import Standing, Tier

UNSCORED = "unscored"


@dataclass(frozen=True)
class Scope:
    """`segment`: keys of accounts, or standings chosen already; `segment_name` is what people call it."""

    reader: User
    unit: Unit | None = None
    category: str = ""
    tier: str = ""
    segment: Sequence[int] | QuerySet | None = None
    segment_name: str = ""

    def standings(self) -> QuerySet:
        """The standings of the report, from what the reader may see."""
        found = Standing.objects.visible_to(self.reader)
        if self.unit:
            found = found.filter(account__unit__in=Unit.objects.under(self.unit))
        if self.category:
            found = found.filter(account__category=self.category)
        if self.segment is not None:
            keys = self.segment.order_by().values("account") if isinstance(self.segment, QuerySet) else None
            found = found.filter(account__any_of=list(self.segment)) if keys is None else found.filter(account__in=keys)
        return found

    def words(self) -> str:
        """The scope in the language in force."""
        parts = [self._whose()]
        if self.category:
            parts.append(str(dict(Account.Category.choices)[self.category]))
        if self.tier:
            parts.append(_("tier: %(tier)s") % {"tier": dict(Tier.choices)["" if self.tier == UNSCORED else self.tier]})
        if self.segment is not None:
            parts.append(_("segment: %(name)s") % {"name": self.segment_name or _("chosen accounts")})
        return " · ".join(parts)

    def _whose(self):
        if self.unit:
            return str(self.unit)
        return str(self.reader.unit) if self.reader.bound_to_unit else _("All units")

    def as_query(self) -> dict[str, str]:
        """The scope as a query string's pairs, without the segment."""
        given = {"unit": self.unit.code if self.unit else "", "category": self.category, "tier": self.tier}
        return {key: value for key, value in given.items() if value}


def scope_of(*, reader, unit="", category="", tier="", segment=None, segment_name="") -> Scope:
    """Read what was asked for. Raises `Refused` with words for a unit out of reach, an unknown category or tier."""
    found = _unit(reader, unit)
    if category and category not in Account.Category.values:
        raise Refused(
            _("There is no category “%(value)s”. Choose one of: %(all)s.") % {"value": category, "all": ", ".join(Account.Category.values)}
        )
    tiers = [value for value in Tier.values if value] + [UNSCORED]
    if tier and tier not in tiers:
        raise Refused(_("There is no tier “%(value)s”. Choose one of: %(all)s.") % {"value": tier, "all": ", ".join(tiers)})
    return Scope(reader=reader, unit=found, category=category or "", tier=tier or "", segment=segment, segment_name=segment_name)


def _unit(reader, code):
    if isinstance(code, Unit):
        code = code.code
    if not code:
        return None
    found = Unit.objects.within_reach_of(reader).filter(code=code).first()
    if found is None:
        raise Refused(_("There is no unit %(code)s among those you may see.") % {"code": code}, code="no_unit")
    return found
