from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "marketing"
    verbose_name = "action"

    def ready(self):
        from marketing.development import sources as development
        from marketing.green_channel import sources

        sources.register()
        development.register()
