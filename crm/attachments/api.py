"""Files of tickets for programs."""

import django_filters as filters
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from crm.attachments import services
from crm.attachments.models import Attachment
from crm.attachments.views import served
from crm.people.permissions import needs
from crm.tickets.models import Ticket


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ["id", "ticket", "name", "content_type", "size_bytes", "sha256", "by", "at"]
        read_only_fields = fields


class NewAttachmentSerializer(serializers.Serializer):
    ticket = serializers.PrimaryKeyRelatedField(queryset=Ticket.objects.none())
    file = serializers.FileField(max_length=255)

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["ticket"].queryset = Ticket.objects.visible_to(request.user).select_related("account")
        return fields


class AttachmentFilter(filters.FilterSet):
    ticket = filters.NumberFilter(field_name="ticket_id")

    class Meta:
        model = Attachment
        fields = []


class AttachmentViewSet(viewsets.ReadOnlyModelViewSet):
    """Files of tickets you may see. The type is told by the content; what is not taken is refused with 409."""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    permission_classes = [needs("crm.view_ticket")]
    filterset_class = AttachmentFilter
    parser_classes = [MultiPartParser]
    sorts = {"id": "pk"}
    default_sort = "id"

    def get_queryset(self):
        return Attachment.objects.visible_to(self.request.user).standing().select_related("ticket__account")

    @extend_schema(request=NewAttachmentSerializer, responses={201: AttachmentSerializer})
    def create(self, request):
        """Add a file to a ticket you may work."""
        asked = NewAttachmentSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        ticket = asked.validated_data["ticket"]
        if not ticket.may_be_worked_by(request.user):
            raise PermissionDenied
        row = services.add(ticket=ticket, upload=asked.validated_data["file"], by=request.user, at=timezone.now())
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request, pk=None):
        """The file, as a download."""
        return served(self.get_object())

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        """Take a file away from its ticket."""
        row = self.get_object()
        if not row.ticket.may_be_worked_by(request.user):
            raise PermissionDenied
        services.remove(attachment=row, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


ROUTES = [("attachments", AttachmentViewSet, "attachment")]
