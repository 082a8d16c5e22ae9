from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "marketing"
    verbose_name = "action"

    def ready(self):
        from marketing.green_channel import sources

        sources.register()
