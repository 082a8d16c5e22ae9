"""How a report finds a segment by its name: the topic of segments answers; without an answer there is none of that name."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from crm.people.errors import Refused

# functions (name, reader) -> keys of accounts or standings, or None for a name they do not know
FINDERS: list[Callable] = []
# functions (reader) -> names on offer
LISTERS: list[Callable] = []


def segment_names(*, reader) -> list[str]:
    return [name for names in LISTERS for name in names(reader)]


def segment_named(name: str | None, *, reader):
    """The accounts of a segment as `build` takes them; None for no name. Raises `Refused` for a name nobody knows."""
    if not name:
        return None
    for find in FINDERS:
        if (found := find(name, reader)) is not None:
            return found
    raise Refused(_("There is no segment “%(name)s” among those you may see.") % {"name": name}, code="no_segment")
