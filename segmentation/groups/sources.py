"""What groups add to the trail and to the page of jobs."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.jobs.registry import Waiting
from crm.jobs.registry import register as register_waiting
from segmentation.groups.models import GroupingRequest


def waiting_requests():
    """Groupings that were asked for, for the page of jobs."""
    waiting = GroupingRequest.objects.filter(state=GroupingRequest.State.WAITING)
    return [
        Waiting(_("Groups, run %(number)s") % {"number": row.run_id}, row.asked_at, row.get_state_display(), reverse("segmentation:group-list"),
                permission="segmentation.view_group")
        for row in waiting
    ]  # fmt: skip


def register():
    """Called once when the app starts."""
    register_waiting("groups", gettext_lazy("Groups"), waiting_requests)
    KIND_NAMES.update({
        "segmentation.behaviourgroup": gettext_lazy("group"), "segmentation.groupsetting": gettext_lazy("grouping"),
        "segmentation.groupingrequest": gettext_lazy("grouping"),
    })  # fmt: skip
    SENTENCES.update(
        {
            "segmentation.behaviourgroup renamed a group": gettext_lazy("%(who)s renamed the group “%(before)s” to “%(after)s”"),
            "segmentation.groupsetting changed how groups are sought": gettext_lazy("%(who)s changed how groups are sought: %(kind)s"),
            "segmentation.behaviourgroup made an expert rule": gettext_lazy("%(who)s made an expert rule for a group: %(note)s"),
            "segmentation.behaviourgroup dropped an expert rule": gettext_lazy("%(who)s dropped an expert rule of a group: %(rule)s"),
            "segmentation.groupingrequest asked for groups": gettext_lazy("%(who)s asked for groups to be sought anew"),
        }
    )
