from django.apps import AppConfig


class SegmentationConfig(AppConfig):
    name = "segmentation"
    verbose_name = "judgement"

    def ready(self):
        from segmentation.portfolio import exports
        from segmentation.runs import sources

        sources.register()
        exports.register()
