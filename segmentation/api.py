"""The viewsets of this wing: (prefix, viewset, basename)."""

ROUTES: list = []
