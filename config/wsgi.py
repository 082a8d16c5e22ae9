"""What gunicorn serves."""

import gc
import importlib
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that PostgreSQL cannot answer in this time is given up with a word about it; workers and commands take what they need.
os.environ.setdefault("STATEMENT_TIMEOUT_SECONDS", "10")
application = get_wsgi_application()

# Loaded before gunicorn forks: once for all workers, and no first reader waits for it. The dictionary of pinyin is loaded by whoever needs it first.
for name in ("config.urls", "pypinyin"):
    importlib.import_module(name)

# What is loaded stays: collections after this look at a request's own objects, and forked workers keep sharing these pages.
gc.collect()
gc.freeze()
