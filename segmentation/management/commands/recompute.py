"""Judge every account now, in this process."""

import datetime as dt
import json
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from segmentation.runs import services
from segmentation.runs.models import Run
from segmentation.runs.words import error_words


class Command(BaseCommand):
    requires_system_checks = []
    help = "Judge every account as of a date (today unless given) and publish it; prints a summary with seconds and rows by stage, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("--as-of", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="judge by what was known on that day")
        parser.add_argument("--json", action="store_true", help="only the JSON, without the lines of progress")

    def handle(self, *, as_of, **options):
        as_of = as_of or timezone.localdate()
        if as_of > timezone.localdate():
            raise CommandError(f"{as_of} lies ahead: choose today or an earlier day.")
        begun = time.monotonic()
        try:
            run = services.recompute_here(
                as_of=as_of, by=None, clock=timezone.now, listen=(lambda stage: None) if options["json"] else self._tell
            )
        except services.Busy as busy:
            raise CommandError(str(busy)) from busy
        self.stdout.write(json.dumps(_summary(run, time.monotonic() - begun), indent=None if options["json"] else 2))
        if run.state != Run.State.PUBLISHED:
            raise CommandError(error_words(run) or f"The run ended as {run.state}.")

    def _tell(self, stage):
        self.stderr.write(f"{stage['stage']:<10} {stage['rows'] or 0:>12,} rows {stage['seconds']:>8.2f} s")


def _summary(run, seconds):
    return {
        "run": run.pk,
        "state": run.state,
        "as_of": run.as_of.isoformat(),
        "seconds": round(seconds, 2),
        "peak_mib": run.counts.get("peak_mib"),
        "stages": [{key: stage[key] for key in ("stage", "rows", "seconds")} for stage in run.stages],
        "counts": run.counts,
        "code_version": run.code_version,
        "error": run.error,
    }
