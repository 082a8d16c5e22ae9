"""Why a report was not written, and what to do."""

from django.utils.translation import gettext as _

from segmentation.reports.services.generating import KEPT_DYING, UNEXPECTED


def why_not(report) -> str:
    if report.state != report.State.FAILED:
        return ""
    if report.error == KEPT_DYING:
        return _(
            "Writing it was broken off again and again and was given up. Ask for a smaller scope; if that fails too, tell an administrator."
        )
    if report.error == UNEXPECTED:
        return _("Something failed inside Greenlane. Ask again; if it fails again, tell an administrator.")
    return report.error
