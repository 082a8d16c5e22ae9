"""Programs reach these through `/api/v1/`."""

ROUTES: list = []
