"""Every address. A wing's own are in its `urls.py`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.api import router
from config.health import healthz, metrics, readyz
from config.home import home, set_language, styleguide
from config.schema import KeptSchema
from config.shell import RAIL
from crm.palette.registry import add_pages

add_pages(RAIL)  # the palette goes wherever the rail does

urlpatterns = [
    path("", home, name="home"),
    path("", include("crm.urls")),
    path("", include("segmentation.urls")),
    path("", include("marketing.urls")),
    path("auth/", include("allauth.urls")),
    path("i18n/language/", set_language, name="set_language"),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(generator_class=KeptSchema), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    path("styleguide/", styleguide, name="styleguide"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "config.home.unreadable"
handler403 = "config.home.forbidden"
handler404 = "config.home.missing"
