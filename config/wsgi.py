"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that PostgreSQL cannot answer in this time is given up with a word about it; workers and commands take what they need.
os.environ.setdefault("STATEMENT_TIMEOUT_SECONDS", "10")
application = get_wsgi_application()

# What is loaded stays: collections after this look at a request's own objects, and forked workers keep sharing these pages.
gc.collect()
gc.freeze()
