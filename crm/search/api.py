"""Search for programs."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from crm.people.masking import reader_of
from crm.people.permissions import needs
from crm.search.services import find
from crm.search.views import account_item, ticket_item


class HitSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(["account", "ticket"])
    id = serializers.IntegerField()
    label, meta, url = (serializers.CharField() for _ in range(3))


class SearchViewSet(viewsets.ViewSet):
    """Accounts by number, name, pinyin, initials, phone or address, and tickets by number (`#24118`): at most eight of each, best first.
    Names of private people come masked unless your role reads them; roles that never do cannot find people by phone or name."""

    permission_classes = [needs("crm.view_account")]

    @extend_schema(responses=HitSerializer(many=True), parameters=[OpenApiParameter("q", required=True)])
    def list(self, request):
        reader = reader_of(request)
        found = find(text=request.query_params.get("q", ""), reader=reader)
        hits = [{"kind": "account", "id": account.pk} | account_item(account, reader) for account in found.accounts]
        hits += [{"kind": "ticket", "id": ticket.pk} | ticket_item(ticket) for ticket in found.tickets]
        return Response(HitSerializer(hits, many=True).data)


ROUTES: list = [("search", SearchViewSet, "search")]
