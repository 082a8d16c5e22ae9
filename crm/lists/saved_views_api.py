"""Saved views through the API; apart from `api.py`, whose pagination the framework itself imports."""

ROUTES: list = []
