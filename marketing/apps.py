from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "marketing"
    verbose_name = "action"

    def ready(self):
        from marketing.development import sources as development
        from marketing.green_channel import sources as green_channel
        from marketing.market import exports as market_exports
        from marketing.market import sources as market
        from marketing.retention import sources as retention

        for topic in (green_channel, development, market, market_exports, retention):
            topic.register()
