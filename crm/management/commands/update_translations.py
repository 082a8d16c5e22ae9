from django.conf import settings
from django.core.management.base import BaseCommand

from crm.display import translations


class Command(BaseCommand):
    help = "Find the strings of the product and merge them into locale/zh_Hans; says how many still wait for a translation."
    requires_system_checks = []

    def handle(self, **options):
        catalog = translations.update(settings.BASE_DIR, "zh_Hans")
        self.stdout.write(f"{len(catalog)} strings, {len(translations.missing(settings.BASE_DIR, 'zh_Hans'))} without a translation")
