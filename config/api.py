"""The one API router. Each wing lists its viewsets in `api.py`; here they get their addresses."""

from rest_framework.routers import DefaultRouter

from crm.api import ROUTES as CRM
from marketing.api import ROUTES as MARKETING
from segmentation.api import ROUTES as SEGMENTATION

router = DefaultRouter()
router.include_format_suffixes = False
for prefix, viewset, basename in [*CRM, *SEGMENTATION, *MARKETING]:
    router.register(prefix, viewset, basename=basename)
