"""Webhooks for programs: subscribe, follow the log, replay."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.permissions import needs
from crm.webhooks import services
from crm.webhooks.events import KINDS, message
from crm.webhooks.models import Attempt, Delivery, Subscription
from crm.webhooks.sending import NotAllowed, in_words, parts_of


class SubscriptionSerializer(serializers.ModelSerializer):
    disabled_why = serializers.SerializerMethodField()

    class Meta:
        model = Subscription
        fields = ["id", "name", "url", "kinds", "state", "failures_in_row", "disabled_at", "disabled_why", "renewed_at", "created_at"]
        read_only_fields = fields

    def get_disabled_why(self, subscription) -> str:
        return in_words(subscription.disabled_why)


class SubscriptionWithSecret(SubscriptionSerializer):
    secret = serializers.SerializerMethodField(help_text="Told this once: `whsec_…`, by the scheme of Standard Webhooks")

    class Meta(SubscriptionSerializer.Meta):
        fields = [*SubscriptionSerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, subscription) -> str:
        return subscription.secrets(timezone.now())[0]


class WantedSubscription(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500)
    kinds = serializers.ListField(child=serializers.CharField(max_length=40), allow_empty=False, max_length=50, help_text="Names of events")

    def validate_url(self, url):
        try:
            parts_of(url)
        except NotAllowed as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal
        return url

    def validate_kinds(self, kinds):
        if unknown := sorted(set(kinds) - set(KINDS)):
            raise serializers.ValidationError(f"No such event: {', '.join(unknown)}. There are: {', '.join(sorted(KINDS))}.")
        return kinds


class AttemptSerializer(serializers.ModelSerializer):
    error = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = ["number", "at", "status", "duration_ms", "error", "answer"]
        read_only_fields = fields

    def get_error(self, attempt) -> str:
        return in_words(attempt.error)


class DeliverySerializer(serializers.ModelSerializer):
    event_id = serializers.UUIDField(source="event.key", read_only=True)
    kind = serializers.CharField(source="event.kind", read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "event_id", "kind", "subscription", "state", "status", "attempts_made", "attempts_left", "due_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class DeliveryWithAttempts(DeliverySerializer):
    message = serializers.SerializerMethodField()
    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta(DeliverySerializer.Meta):
        fields = [*DeliverySerializer.Meta.fields, "message", "attempts"]
        read_only_fields = fields

    def get_message(self, delivery) -> dict:
        return message(delivery.event)


class SubscriptionViewSet(viewsets.ReadOnlyModelViewSet):
    """Addresses that are told of events. Every message is signed (`webhook-id`, `webhook-timestamp`, `webhook-signature`, by the scheme of
    Standard Webhooks) and may come more than once: know a repetition by its id."""

    queryset = Subscription.objects.none()
    serializer_class = SubscriptionSerializer
    permission_classes = [needs("crm.edit_webhooks")]
    sorts = {"name": "name", "id": "id"}
    default_sort = "name"

    def get_queryset(self):
        return Subscription.objects.visible_to(self.request.user)

    def _wanted(self, request):
        wanted = WantedSubscription(data=request.data)
        wanted.is_valid(raise_exception=True)
        return wanted.validated_data

    @extend_schema(request=WantedSubscription, responses={201: SubscriptionWithSecret})
    def create(self, request):
        """Subscribe. The secret is in this answer and nowhere else."""
        made = services.subscribe(**self._wanted(request), by=request.user, at=timezone.now())
        return Response(SubscriptionWithSecret(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WantedSubscription, responses=SubscriptionSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        one = self.get_object()
        return Response(SubscriptionSerializer(services.change(subscription=one, **self._wanted(request), by=request.user)).data)

    @extend_schema(request=None, responses=SubscriptionWithSecret)
    @action(detail=True, methods=["post"], url_path="renew-secret")
    def renew_secret(self, request, pk=None):
        """A new secret; the one before it signs beside it for 24 hours."""
        one = self.get_object()
        services.renew_secret(subscription=one, by=request.user, at=timezone.now())
        return Response(SubscriptionWithSecret(one).data)

    @extend_schema(request=None, responses=SubscriptionSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        return Response(SubscriptionSerializer(services.pause(subscription=self.get_object(), by=request.user)).data)

    @extend_schema(request=None, responses=SubscriptionSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        resumed = services.resume(subscription=self.get_object(), by=request.user, at=timezone.now())
        return Response(SubscriptionSerializer(resumed).data)

    @extend_schema(request=None, responses={201: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request, pk=None):
        """Send a test event to this address alone."""
        delivery = services.test(subscription=self.get_object(), by=request.user, at=timezone.now())
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_201_CREATED)


class DeliveryViewSet(viewsets.ReadOnlyModelViewSet):
    """The log: what was sent where, every attempt with status and duration; `replay` sends a finished one again under the same event id."""

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    permission_classes = [needs("crm.edit_webhooks")]
    filterset_fields = ["state", "subscription"]
    sorts = {"id": "id"}
    default_sort = "-id"

    def get_queryset(self):
        return Delivery.objects.visible_to(self.request.user).select_related("event", "subscription")

    @extend_schema(responses=DeliveryWithAttempts)
    def retrieve(self, request, *args, **kwargs):
        return Response(DeliveryWithAttempts(self.get_object()).data)

    @extend_schema(request=None, responses=DeliveryWithAttempts)
    @action(detail=True, methods=["post"])
    def replay(self, request, pk=None):
        replayed = services.replay(delivery=self.get_object(), by=request.user, at=timezone.now())
        return Response(DeliveryWithAttempts(replayed).data)


ROUTES: list = [("webhooks", SubscriptionViewSet, "webhook"), ("webhook-deliveries", DeliveryViewSet, "webhook-delivery")]
