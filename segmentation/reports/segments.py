"""How a report finds a segment by its name: one's own first, then one shared with everyone."""

from django.utils.translation import gettext as _

from crm.people.errors import Refused
from segmentation.segments.models import Segment


def segment_names(*, reader) -> list[str]:
    return list(dict.fromkeys(Segment.objects.visible_to(reader).order_by("name", "id").values_list("name", flat=True)))


def segment_named(name: str | None, *, reader) -> Segment | None:
    """None for no name. Raises `Refused` for a name nobody knows, or whose members are not found yet."""
    if not name:
        return None
    found = sorted(Segment.objects.visible_to(reader).filter(name=name), key=lambda segment: (segment.owner_id != reader.pk, segment.pk))
    if not found:
        raise Refused(_("There is no segment “%(name)s” among those you may see.") % {"name": name}, code="no_segment")
    if found[0].run_id is None:
        raise Refused(_("The members of “%(name)s” are still being found: try again in a minute.") % {"name": name}, code="not_counted")
    return found[0]
