"""`manage.py demo_sign_ins`: whom to sign in as. In demo mode only."""

import json

from django.core.management.base import BaseCommand, CommandError

from crm.demo import sign_ins


class Command(BaseCommand):
    requires_system_checks = []
    help = "The known sign-ins of a demonstration, one per role."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, **options):
        try:
            sign_ins.renew()
            entries = sign_ins.listed()
        except sign_ins.NotADemonstration as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            rows = [
                {"role": entry["code"], "login": entry["login"], "password": entry["password"], "name": entry["name"]} for entry in entries
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for entry in entries:
                self.stdout.write(f"{entry['role']!s:<22}{entry['login']:<16}{entry['password']:<18}{entry['name']}")
