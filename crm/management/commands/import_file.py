"""`manage.py import_file bills march.csv`: a file in, as on the page, in this process."""

import json
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from crm.imports import errors_file, services
from crm.imports.kinds import kind_of
from crm.imports.models import ImportBatch, ImportKind
from crm.imports.problems import FileProblem, file_reason, note_text
from crm.people.models import Unit, User

SHOWN = 20
COUNTS = ("rows_total", "created", "updated", "unchanged", "failed")


class Command(BaseCommand):
    requires_system_checks = []
    help = "Load a file of accounts, bills, payments, tickets, weekly consumption or interval readings. Exit code 1 when nothing could be loaded."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=ImportKind.values)
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--all-or-nothing", action="store_true", help="load no row when one is wrong")
        parser.add_argument(
            "--unit", default="", metavar="CODE", help="unit for new accounts that name none (consumption: the root unit unless given)"
        )
        parser.add_argument("--by", default="", metavar="USERNAME", help="in whose name")
        parser.add_argument("--language", default="en", help="language of the messages: en or zh-hans")
        parser.add_argument("--errors", type=Path, metavar="PATH", help="write the wrong rows to this CSV file")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            outcome = self.run(options)
        self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=2) if options["json"] else self.in_words(outcome))
        if outcome["state"] in ("failed", "refused") and outcome["code"] != "already_loaded":
            raise SystemExit(1)

    def run(self, options):
        path = options["path"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        at = timezone.now()
        try:
            with open(path, "rb") as file:
                batch = services.receive(
                    upload=File(file), name=path.name, kind=options["kind"], by=self.by(options), at=at,
                    unit=self.unit(options), all_or_nothing=options["all_or_nothing"],
                )  # fmt: skip
            return self.dry_run(batch, options) if options["dry_run"] else self.load(batch, options)
        except FileProblem as problem:
            return {"state": "refused", "code": problem.code, "message": str(problem)} | dict.fromkeys(COUNTS, 0)

    def load(self, batch, options):
        services.queue_unseen(batch=batch)
        services.load(batch_id=batch.pk)
        return self.outcome(batch, options)

    def dry_run(self, batch, options):
        services.check(batch_id=batch.pk)
        outcome = self.outcome(batch, options)
        services.discard(batch=batch, by=batch.uploaded_by)
        return outcome

    def outcome(self, batch, options):
        batch = ImportBatch.objects.get(pk=batch.pk)
        kind, code = kind_of(batch.kind), batch.message.get("code", "")
        problems = [problem | {"reason": errors_file.reason_of(kind, problem)} for problem in batch.problems]
        if options["errors"] and batch.failed:
            options["errors"].write_text("".join(errors_file.lines(batch, kind, options["language"])), encoding="utf-8", newline="")
        return {
            "batch": batch.pk, "state": batch.state, "code": code, "message": file_reason(code, batch.message["params"]) if code else "",
            **{name: getattr(batch, name) for name in COUNTS},
            "seconds": round((batch.finished_at - batch.started_at).total_seconds(), 1) if batch.finished_at and batch.started_at else None,
            "problems": problems, "notes": [note_text(note["code"], note["params"]) for note in batch.preview.get("notes", [])],
        }  # fmt: skip

    def by(self, options):
        return self.named(User, "username", options["by"])

    def unit(self, options):
        return self.named(Unit, "code", options["unit"])

    def named(self, model, field, value):
        if not value:
            return None
        found = model.objects.filter(**{field: value}).first()
        if found is None:
            raise CommandError(f"There is no {model._meta.verbose_name} {value!r}.")
        return found

    def in_words(self, outcome):
        words = [f"{outcome['state']}: " + ", ".join(f"{name} {outcome[name]:,}" for name in COUNTS)]
        words += [outcome["message"]] if outcome["message"] else []
        words += outcome.get("notes", [])
        problems = outcome.get("problems", [])
        words += [f"row {p['row']}, {p['field'] or '-'}, {p['value']!r}: {p['reason']}" for p in problems[:SHOWN]]
        if len(problems) > SHOWN:
            words.append("… (all of them with --errors PATH)")
        return "\n".join(words)
