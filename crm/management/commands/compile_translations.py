from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crm.display import translations


class Command(BaseCommand):
    help = "Compile the translation catalogues. With --check: fail, naming strings that have no translation."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        if check and (absent := translations.missing(settings.BASE_DIR, "zh_Hans")):
            raise CommandError(f"{len(absent)} strings have no Chinese: " + "; ".join(repr(text) for text in absent[:20]))
        for path in translations.compile_all(settings.BASE_DIR):
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
