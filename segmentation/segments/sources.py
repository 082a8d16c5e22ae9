"""What segments add to pages below: words of the audit trail, the filter `segment` of every list about accounts."""

from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.lists.audiences import AUDIENCES, Audience
from segmentation.segments.models import Segment, SegmentMember
from segmentation.segments.shown import names_for


def register():
    """Called once when the app starts."""
    AUDIENCES["segment"] = Audience(
        seen_by=lambda user: Segment.objects.visible_to(user),
        names_for=names_for,
        members=lambda chosen: SegmentMember.objects.filter(segment__in=chosen),
    )
    KIND_NAMES["segmentation.segment"] = gettext_lazy("segment")
    SENTENCES.update(
        {
            "segmentation.segment made a segment": gettext_lazy("%(who)s made the segment “%(name)s”"),
            "segmentation.segment changed a segment": gettext_lazy("%(who)s changed the segment “%(name)s”"),
            "segmentation.segment froze a segment": gettext_lazy("%(who)s froze the members of the segment “%(name)s”"),
            "segmentation.segment removed a segment": gettext_lazy("%(who)s removed the segment “%(name)s”"),
        }
    )
