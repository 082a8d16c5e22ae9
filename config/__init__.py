"""Where the wings are put together: settings, addresses, workers, the embedded servers."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
