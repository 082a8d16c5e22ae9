"""Accounts for programs. The route itself is registered with the account page, which adds its charts and timeline."""

from rest_framework import serializers, viewsets

from crm.accounts.filters import AccountFilter
from crm.accounts.models import Account, MeteringPoint
from crm.customers.api import reader_in
from crm.people.permissions import needs


class MeteringPointSerializer(serializers.ModelSerializer):
    class Meta:
        model = MeteringPoint
        fields = ["id", "meter_number", "kind", "multiplier", "installed_on", "removed_on"]
        read_only_fields = fields


class AccountSerializer(serializers.ModelSerializer):
    customer_name = serializers.SerializerMethodField(help_text="In the language of the request; masked for private people")
    unit_code = serializers.CharField(source="unit.code", read_only=True)
    manager = serializers.CharField(source="manager.username", default=None, read_only=True)
    representative = serializers.CharField(source="representative.username", default=None, read_only=True)
    tariff_plan = serializers.CharField(source="tariff_plan.code", default=None, read_only=True)
    address = serializers.SerializerMethodField(help_text="Masked for private people")

    class Meta:
        model = Account
        fields = [
            "id",
            "number",
            "external_id",
            "customer",
            "customer_name",
            "unit_code",
            "manager",
            "representative",
            "category",
            "voltage_kv",
            "contract_kva",
            "tariff_plan",
            "billing_mode",
            "market_status",
            "retailer",
            "contract_ends_on",
            "important_grade",
            "pv_kw",
            "storage_kwh",
            "has_captive_plant",
            "has_gas",
            "theft_found_on",
            "hazard_open",
            "status",
            "opened_on",
            "closed_on",
            "address",
            "is_synthetic",
        ]
        read_only_fields = fields

    def get_customer_name(self, account) -> str:
        return reader_in(self).name(account.customer)

    def get_address(self, account) -> str:
        return reader_in(self).address(account.customer, account.address)


class AccountDetailSerializer(AccountSerializer):
    metering_points = MeteringPointSerializer(many=True, read_only=True)

    class Meta(AccountSerializer.Meta):
        fields = [*AccountSerializer.Meta.fields, "metering_points"]
        read_only_fields = fields


class AccountViewSet(viewsets.ReadOnlyModelViewSet):
    """用电户. CIM: CustomerAccount with its CustomerAgreement and ServiceLocation; metering points are UsagePoints with their Meters."""

    queryset = Account.objects.none()
    permission_classes = [needs("crm.view_account")]
    filterset_class = AccountFilter
    sorts = {"number": "number", "contract_kva": "contract_kva", "opened_on": "opened_on", "contract_ends_on": "contract_ends_on"}
    default_sort = "number"

    def get_serializer_class(self):
        return AccountDetailSerializer if self.action == "retrieve" else AccountSerializer

    def get_queryset(self):
        accounts = Account.objects.visible_to(self.request.user).select_related(
            "customer", "unit", "manager", "representative", "tariff_plan"
        )
        return accounts.prefetch_related("metering_points") if self.action == "retrieve" else accounts
