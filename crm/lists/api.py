"""The same keyset pages for programs."""

import copy

from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from crm.lists.keyset import PAGE_SIZE, Sort, keyset_page


class KeysetPagination(BasePagination):
    """`?cursor=…&page_size=…&sort=-value`. A view names its sorts: `sorts = {"value": "value_score"}`, `default_sort = "-value"`."""

    def paginate_queryset(self, queryset, request, view=None):
        sorts = getattr(view, "sorts", None) or {"id": "pk"}
        tie = getattr(view, "sort_tie", "pk")
        sort = Sort.parse(request.query_params.get("sort", ""), sorts, getattr(view, "default_sort", next(iter(sorts))), tie)
        size = request.query_params.get("page_size", "")
        self.request = request
        self.page = keyset_page(
            queryset, sort=sort, cursor=request.query_params.get("cursor"), size=int(size) if size.isdigit() else PAGE_SIZE
        )
        return self.page.rows

    def get_paginated_response(self, data):
        return Response({"next": self._link(self.page.next_cursor), "previous": self._link(self.page.previous_cursor), "results": data})

    def _link(self, cursor):
        return cursor and replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        return [
            {"name": name, "required": False, "in": "query", "schema": {"type": kind}}
            for name, kind in (("cursor", "string"), ("page_size", "integer"), ("sort", "string"))
        ]


class KeptFields:
    """For a serializer that answers many small requests: its fields are worked out from the model once and copied from then on."""

    def get_fields(self):
        kept = type(self).__dict__.get("_kept_fields")
        if kept is None:
            kept = type(self)._kept_fields = super().get_fields()
        return copy.deepcopy(kept)
