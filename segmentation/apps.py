from django.apps import AppConfig


class SegmentationConfig(AppConfig):
    name = "segmentation"
    verbose_name = "judgement"

    def ready(self):
        from segmentation.groups import sources as groups
        from segmentation.portfolio import exports
        from segmentation.readings import kind as readings
        from segmentation.runs import sources
        from segmentation.segments import sources as segments

        groups.register()
        sources.register()
        segments.register()
        readings.register()
        exports.register()
