"""Write a report as a file, as the page and the buttons do."""

import datetime as dt
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from crm.people.errors import Refused
from crm.people.models import User
from crm.people.roles import Role
from segmentation.reports.building import KINDS, LANGUAGES, build
from segmentation.reports.drawings import DRAWINGS
from segmentation.reports.segments import segment_named


class Command(BaseCommand):
    requires_system_checks = []
    help = "Write the customer behaviour report or the tier report as a file. Reads what --reader may see; an administrator sees all."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("--format", choices=sorted(DRAWINGS), default="json")
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument(
            "--as-of",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="by the last run published as of that day; the run in force unless given",
        )
        parser.add_argument(
            "--against", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="tiers: count moves from the last run as of that day"
        )
        parser.add_argument("--unit", metavar="CODE", help="limit to a unit and what lies under it")
        parser.add_argument("--category", help="limit to a category, such as large_industrial")
        parser.add_argument("--tier", help="limit to a tier, such as gold")
        parser.add_argument("--segment", metavar="NAME", help="limit to a segment")
        parser.add_argument("--reader", metavar="LOGIN", help="whose eyes it is written for; an administrator unless given")
        parser.add_argument("--out", metavar="FILE", help="where to write; standard output unless given, or for -")

    def handle(self, *, kind, format, language, out, **options):  # the option's name
        reader = self._reader(options["reader"])
        with translation.override(language):
            try:
                report = build(
                    kind=kind, reader=reader, language=language, as_of=options["as_of"], unit=options["unit"], category=options["category"],
                    tier=options["tier"], segment=segment_named(options["segment"], reader=reader),
                    against=options["against"],
                )  # fmt: skip
                written = DRAWINGS[format](report)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        if out in (None, "-"):
            sys.stdout.buffer.write(written)
            return
        try:
            Path(out).write_bytes(written)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}. Choose another place with --out.") from error
        self.stderr.write(f"{out}: {len(written):,} bytes, as of {report.as_of}")

    def _reader(self, login):
        people = User.objects.filter(is_active=True)
        found = people.filter(username=login).first() if login else people.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
        if found is None:
            raise CommandError(f"Nobody signs in as {login!r}." if login else "There is no administrator; name a reader with --reader.")
        return found
