"""The description of the API, made once: it is the same for every reader of a language, and making it takes a second."""

from functools import lru_cache

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator


class KeptSchema(SchemaGenerator):
    def get_schema(self, request=None, public=False):
        return _schema(get_language()) if public else super().get_schema(request=request, public=public)


@lru_cache(maxsize=4)
def _schema(_language):
    return SchemaGenerator().get_schema(request=None, public=True)
