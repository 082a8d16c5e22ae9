"""The audit trail for programs."""

from rest_framework import serializers, viewsets

from crm.audit.changes import changes_of
from crm.audit.filters import AuditFilter
from crm.audit.models import AuditEntry
from crm.audit.verbs import sentence
from crm.people.masking import reader_of
from crm.people.permissions import needs


class AuditSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.username", default=None, read_only=True)
    account_number = serializers.CharField(source="account.number", default=None, read_only=True)
    sentence = serializers.SerializerMethodField(help_text="The entry in the language of the request")

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "by", "did", "sentence", "account", "account_number", "subject_kind", "subject_id"]
        read_only_fields = fields

    def get_sentence(self, entry) -> str:
        return sentence(entry)


class FieldChangeSerializer(serializers.Serializer):
    name, label, old, new = (serializers.CharField() for _ in range(4))


class AuditDetailSerializer(AuditSerializer):
    changes = serializers.SerializerMethodField(help_text="Fields with old and new value, masked as on screen")

    class Meta(AuditSerializer.Meta):
        fields = [*AuditSerializer.Meta.fields, "changes"]
        read_only_fields = fields

    def get_changes(self, entry) -> list[dict[str, str]]:
        return FieldChangeSerializer(changes_of(entry, reader=reader_of(self.context["request"])), many=True).data


class AuditViewSet(viewsets.ReadOnlyModelViewSet):
    """Who did what, when, newest first."""

    queryset = AuditEntry.objects.none()
    permission_classes = [needs("crm.view_audit")]
    filterset_class = AuditFilter
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_serializer_class(self):
        return AuditDetailSerializer if self.action == "retrieve" else AuditSerializer

    def get_queryset(self):
        return AuditEntry.objects.visible_to(self.request.user).select_related("by", "account")


ROUTES: list = [("audit", AuditViewSet, "audit")]
