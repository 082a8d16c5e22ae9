"""Named sets of accounts that an upper wing keeps, such as segments, by which every list about accounts may be narrowed: `?segment=7`.

The wing that keeps them adds `AUDIENCES["segment"] = Audience(…)` when the app starts (ADR 8); a list declares `AudienceFilter("segment")`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import django_filters
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field

from crm.display.drawing import chip, filter_menu


@dataclass(frozen=True)
class Audience:
    """`seen_by(user)`: the sets a person may narrow by; `names_for(user)`: [(key, name)] of them, for menus; `members(chosen)`: rows with an
    `account`."""

    seen_by: Callable
    names_for: Callable
    members: Callable


AUDIENCES: dict[str, Audience] = {}
LABELS = {"segment": gettext_lazy("Segment")}


@extend_schema_field({"type": "array", "items": {"type": "integer"}})
class AudienceFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows about members of any of the chosen sets; `account` is the path from a row to its account."""

    def __init__(self, kind, *, account="account", **more):
        self.kind, self.account = kind, account
        super().__init__(label=LABELS[kind], queryset=self._seen, distinct=False, **more)

    def _seen(self, request):
        return AUDIENCES[self.kind].seen_by(request.user)

    def filter(self, rows, chosen):
        if not chosen:
            return rows
        members = AUDIENCES[self.kind].members([one.pk for one in chosen])
        return rows.filter(**{f"{self.account}__in": members.values("account")})


def menus(found) -> list[SafeString]:
    """A menu for each audience filter of a filter set; one chosen that its reader cannot narrow by is told, with the way to take it out."""
    drawn = []
    for name, asked in found.filters.items():
        if not isinstance(asked, AudienceFilter):
            continue
        if found.is_bound and name in found.form.errors:
            drawn.append(
                chip(
                    label=_("%(filter)s: removed, or not shared with you") % {"filter": asked.label}, remove_url=_without(found.data, name)
                )
            )
        if names := AUDIENCES[asked.kind].names_for(found.request.user):
            keep = [(key, value) for key, values in found.data.lists() if key not in (name, "cursor") for value in values]
            drawn.append(filter_menu(label=asked.label, name=name, options=names, selected=found.data.getlist(name), keep=keep))
    return drawn


def chosen(found) -> list[tuple[str, str]]:
    """The query pairs of a filter set's audiences."""
    return [
        (name, value) for name, asked in found.filters.items() if isinstance(asked, AudienceFilter) for value in found.data.getlist(name)
    ]


def _without(given, name):
    kept = given.copy()
    for gone in (name, "cursor"):
        kept.pop(gone, None)
    return f"?{kept.urlencode()}"
