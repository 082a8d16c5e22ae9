"""What a report is about: the accounts its reader may see, narrowed by unit, category, tier or segment, or by the filters of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.people.errors import Refused
from crm.people.models import Unit, User
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing, Tier
from segmentation.segments.models import Segment, SegmentMember

UNSCORED = "unscored"


@dataclass(frozen=True)
class Scope:
    """`segment`: a kept one, or keys of accounts. `filters`: those of the portfolio, as a page's query asks for them."""

    reader: User
    unit: Unit | None = None
    category: str = ""
    tier: str = ""
    segment: Segment | Sequence[int] | None = None
    filters: QueryDict | None = None

    def standings(self) -> QuerySet:
        """The standings of the report, from what the reader may see."""
        found = Standing.objects.visible_to(self.reader)
        if self.filters is not None:
            found = StandingFilter(self.filters, found, request=SimpleNamespace(user=self.reader)).qs
        if self.unit:
            found = found.filter(account__unit__in=Unit.objects.under(self.unit))
        if self.category:
            found = found.filter(account__category=self.category)
        if isinstance(self.segment, Segment):
            found = found.filter(account__in=SegmentMember.objects.filter(segment=self.segment).values("account"))
        elif self.segment is not None:
            found = found.filter(account__any_of=list(self.segment))
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

    @property
    def segment_name(self) -> str:
        return self.segment.name if isinstance(self.segment, Segment) else ""

    def _whose(self):
        if self.unit:
            return str(self.unit)
        return str(self.reader.unit) if self.reader.bound_to_unit else _("All units")

    def as_query(self) -> dict[str, str]:
        """The scope as a query string's pairs, without the segment."""
        given = {"unit": self.unit.code if self.unit else "", "category": self.category, "tier": self.tier}
        return {key: value for key, value in given.items() if value}

    def in_portfolio(self) -> list[tuple[str, object]] | None:
        """The scope as filters of the portfolio; None where the portfolio cannot say it."""
        if self.segment is not None and not isinstance(self.segment, Segment):
            return None
        pairs = (
            ("unit", self.unit and self.unit.pk),
            ("category", self.category),
            ("tier", self.tier),
            ("segment", self.segment and self.segment.pk),
        )
        return [(key, value) for key, value in pairs if value]


def scope_of(*, reader, unit="", category="", tier="", segment=None) -> Scope:
    """Read what was asked for. Raises `Refused` with words for a unit out of reach, an unknown category or tier."""
    found = _unit(reader, unit)
    if category and category not in Account.Category.values:
        raise Refused(
            _("There is no category “%(value)s”. Choose one of: %(all)s.") % {"value": category, "all": ", ".join(Account.Category.values)}
        )
    tiers = [value for value in Tier.values if value] + [UNSCORED]
    if tier and tier not in tiers:
        raise Refused(_("There is no tier “%(value)s”. Choose one of: %(all)s.") % {"value": tier, "all": ", ".join(tiers)})
    return Scope(reader=reader, unit=found, category=category or "", tier=tier or "", segment=segment)


def scope_of_page(request) -> Scope:
    """The unit of the query if in reach, else the reader's own (none is the whole utility), and the filters of the portfolio. 404 for a unit
    out of reach."""
    reader, code = request.user, request.GET.get("unit_code", "")
    unit = get_object_or_404(Unit.objects.within_reach_of(reader), code=code) if code else reader.unit if reader.bound_to_unit else None
    return Scope(reader=reader, unit=unit, filters=request.GET)


def _unit(reader, code):
    if isinstance(code, Unit):
        code = code.code
    if not code:
        return None
    found = Unit.objects.within_reach_of(reader).filter(code=code).first()
    if found is None:
        raise Refused(_("There is no unit %(code)s among those you may see.") % {"code": code}, code="no_unit")
    return found
