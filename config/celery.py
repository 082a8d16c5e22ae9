"""The Celery app and its clockwork. Tasks take an id and may run twice; what must not be lost is a row that beat sweeps."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("greenlane", task_cls="crm.jobs.recording:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm", "segmentation", "marketing"])

app.conf.beat_schedule = {
    "seat-new-accounts": {"task": "segmentation.runs.tasks.seat_new_accounts", "schedule": 60.0},
    "sweep-waiting-runs": {"task": "segmentation.runs.tasks.sweep", "schedule": 15.0},
    "sweep-waiting-simulations": {"task": "segmentation.studio.tasks.sweep", "schedule": 15.0},
    "sweep-waiting-trainings": {"task": "segmentation.churn.tasks.sweep", "schedule": 15.0},
    "sweep-groups": {"task": "segmentation.runs.tasks.sweep_groups", "schedule": 20.0},
    "refresh-segments": {"task": "segmentation.segments.tasks.refresh", "schedule": 60.0, "options": {"expires": 60}},
    "sweep-waiting-reports": {"task": "segmentation.reports.tasks.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "make-scheduled-reports": {"task": "segmentation.reports.tasks.make_due", "schedule": crontab(hour="5-20", minute=20)},
    "find-candidates": {"task": "marketing.development.tasks.find", "schedule": 60.0, "options": {"expires": 60}},
    "sweep-waiting-imports": {"task": "crm.imports.tasks.sweep", "schedule": 15.0},
    "sweep-waiting-exports": {"task": "crm.exports.tasks.sweep", "schedule": 15.0},
    "nightly-recompute": {"task": "segmentation.runs.tasks.recompute_nightly", "schedule": crontab(hour=2, minute=14)},
    "expire-entitlements": {"task": "crm.service_levels.tasks.expire", "schedule": crontab(minute="*/10")},
    "remind-of-renewals": {"task": "marketing.green_channel.tasks.remind", "schedule": crontab(hour=6, minute=40)},
    "draw-lots": {"task": "marketing.retention.tasks.draw", "schedule": crontab(minute=25)},
    "settle-lots": {"task": "marketing.retention.tasks.settle", "schedule": crontab(hour=3, minute=40)},
    "expire-proposals": {"task": "marketing.green_channel.tasks.sweep", "schedule": crontab(minute="*/10")},
    "deliver-webhooks": {"task": "crm.webhooks.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "forget-webhooks": {"task": "crm.webhooks.tasks.forget", "schedule": crontab(hour=3, minute=7)},
    "retry-failed-jobs": {"task": "crm.jobs.tasks.sweep", "schedule": 30.0},
    "mark-breaches": {"task": "crm.tickets.tasks.mark_breaches", "schedule": 60.0},
    "route-tickets": {"task": "crm.routing.tasks.route", "schedule": 2.0, "options": {"expires": 2}},
    "ask-after-closing": {"task": "crm.satisfaction.tasks.ask", "schedule": 60.0, "options": {"expires": 60}},
    "gather-unassigned": {"task": "crm.routing.tasks.gather", "schedule": 300.0},
    "escalate-tickets": {"task": "crm.escalation.tasks.escalate", "schedule": 60.0, "options": {"expires": 60}},
}
