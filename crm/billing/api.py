"""Bills and payments for programs."""

from rest_framework import mixins, serializers, viewsets

from crm.billing.filters import BillFilter, PaymentFilter
from crm.billing.models import Bill, Payment
from crm.people.permissions import needs


class BillSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Bill
        fields = [
            "account",
            "account_number",
            "period",
            "kwh",
            "sharp_kwh",
            "peak_kwh",
            "flat_kwh",
            "valley_kwh",
            "deep_valley_kwh",
            "max_demand_kw",
            "kvarh",
            "power_factor",
            "basic_charge",
            "energy_charge",
            "adjustment",
            "funds",
            "total",
            "issued_on",
            "due_on",
        ]
        read_only_fields = fields


class BillViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """电费账单, by account and month. Money in yuan, null where it is not known; energy in kWh. `sort=-period` suits one account."""

    queryset = Bill.objects.none()
    serializer_class = BillSerializer
    permission_classes = [needs("crm.view_billing")]
    filterset_class = BillFilter
    sorts = {"account": "account_id", "period": "period"}
    default_sort = "account"

    @property
    def sort_tie(self):
        """A bill is one account's one month: whichever does not sort breaks ties."""
        return "account_id" if self.request.query_params.get("sort", "").removeprefix("-") == "period" else "period"

    def get_queryset(self):
        return Bill.objects.visible_to(self.request.user).select_related("account")


class PaymentSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Payment
        fields = ["id", "account", "account_number", "receipt", "paid_on", "amount", "period", "channel"]
        read_only_fields = fields


class PaymentViewSet(viewsets.ReadOnlyModelViewSet):
    """Money received, newest first; `period` is the bill it names, null when it names none."""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    permission_classes = [needs("crm.view_billing")]
    filterset_class = PaymentFilter
    sorts = {"paid_on": "paid_on"}
    default_sort = "-paid_on"

    def get_queryset(self):
        return Payment.objects.visible_to(self.request.user).select_related("account")


ROUTES: list = [("bills", BillViewSet, "bills"), ("payments", PaymentViewSet, "payments")]
