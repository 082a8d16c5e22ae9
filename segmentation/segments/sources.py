"""Words of segments in the audit trail."""

from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES


def register():
    """Called once when the app starts."""
    KIND_NAMES["segmentation.segment"] = gettext_lazy("segment")
    SENTENCES.update(
        {
            "segmentation.segment made a segment": gettext_lazy("%(who)s made the segment “%(name)s”"),
            "segmentation.segment changed a segment": gettext_lazy("%(who)s changed the segment “%(name)s”"),
            "segmentation.segment froze a segment": gettext_lazy("%(who)s froze the members of the segment “%(name)s”"),
            "segmentation.segment removed a segment": gettext_lazy("%(who)s removed the segment “%(name)s”"),
        }
    )
