"""A kept file handed over, on a page and to a program: one way for exports, reports and whatever else is written and kept."""

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound


def attached(file, *, name, content_type=None) -> FileResponse:
    """The file as an attachment. Raises `Http404` where none is kept, or it was removed from the disk."""
    if not file:
        raise Http404("no file")
    try:
        return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    except FileNotFoundError as error:
        raise Http404("no file") from error


class FileAction:
    """`GET …/{id}/file/` of a viewset. `file_of(row, user)` gives the response, or raises `Http404`."""

    @staticmethod
    def file_of(row, user):
        raise NotImplementedError

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request, pk=None):
        """The file. 404 until it is ready, and when it is no longer kept."""
        try:
            return self.file_of(self.get_object(), request.user)
        except Http404 as error:
            raise NotFound from error
