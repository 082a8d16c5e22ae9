"""Calls for programs: what telephone systems tell us, and the log of calls."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.people.masking import reader_of
from crm.people.permissions import needs
from crm.telephony import door, services
from crm.telephony.filters import CallFilter
from crm.telephony.masking import phone_as_read
from crm.telephony.models import Call
from crm.telephony.phones import is_phone

LONGEST_AGO_SECONDS = 86_400


class SignatureScheme(OpenApiAuthenticationExtension):
    target_class = "crm.telephony.door.SignedRequest"
    name = "signature"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": door.SEAL, "description": "Standard Webhooks: HMAC-SHA256 over id.timestamp.body"}


class ToldCallSerializer(serializers.Serializer):
    call_id = serializers.CharField(max_length=80, help_text="The telephone system's own number of the call; the same one is one call")
    caller = serializers.CharField(max_length=30, allow_blank=True, default="", help_text="As shown on the telephone; empty when hidden")
    agent = serializers.CharField(max_length=20, allow_blank=True, default="", help_text="Extension or agent code it rings at")
    state = serializers.ChoiceField(choices=Call.State.choices, default=Call.State.RINGING)
    at = serializers.DateTimeField(required=False, help_text="When it happened; without it, now")

    def validate_caller(self, caller):
        if not is_phone(caller):
            raise serializers.ValidationError("Not a telephone number: digits, spaces, + - ( ) only, or empty when it is hidden.")
        return caller.strip()

    def validate_at(self, at):
        now = timezone.now()
        if at > now or (now - at).total_seconds() > LONGEST_AGO_SECONDS:
            return now
        return at


class HeardCallSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    outcome = serializers.ChoiceField(["known", "several", "unknown"], help_text="How many accounts the caller's number belongs to")
    matches = serializers.IntegerField()
    agent_known = serializers.BooleanField(help_text="Whether somebody has this extension or agent code, so that it shows on a screen")
    state = serializers.ChoiceField(choices=Call.State.choices)


class CtiCalls(APIView):
    """Telephone systems tell of calls here. Signed by the scheme of Standard Webhooks with the secret of `X-Integration`, not older than
    five minutes; anything else is answered 401 and not kept. The same `call_id` again changes nothing but the call's state."""

    authentication_classes = [door.SignedRequest]
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cti_calls_tell", request=ToldCallSerializer, responses={201: HeardCallSerializer, 200: HeardCallSerializer},
        parameters=[
            OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True) for name in (door.KEY, door.ID, door.TIME, door.SEAL)
        ],
    )  # fmt: skip
    def post(self, request):
        told = ToldCallSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        data = told.validated_data
        call, is_new = services.hear(
            integration=request.auth,
            told=services.Told(
                call_id=data["call_id"], phone=data["caller"], line=data["agent"].strip(), state=data["state"], at=data.get("at") or timezone.now()
            ),
        )  # fmt: skip
        outcome = {0: "unknown", 1: "known"}.get(len(call.matches), "several")
        heard = {
            "id": call.pk,
            "outcome": outcome,
            "matches": len(call.matches),
            "agent_known": call.agent_id is not None,
            "state": call.state,
        }
        return Response(HeardCallSerializer(heard).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)


class CallSerializer(serializers.ModelSerializer):
    phone = serializers.SerializerMethodField(help_text="Masked as on screen")
    account_number = serializers.CharField(source="account.number", default=None, read_only=True)
    talked_seconds = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Call
        fields = ["id", "phone", "agent", "account", "account_number", "state", "rang_at", "answered_at", "ended_at", "talked_seconds"]
        read_only_fields = fields

    def get_phone(self, call) -> str:
        return phone_as_read(reader_of(self.context["request"]), call)


class CallViewSet(viewsets.ReadOnlyModelViewSet):
    """The log of calls: your own, and those of accounts you may see."""

    queryset = Call.objects.none()
    serializer_class = CallSerializer
    permission_classes = [needs("crm.view_call")]
    filterset_class = CallFilter
    sorts = {"rang": "rang_at"}
    default_sort = "-rang"

    def get_queryset(self):
        return Call.objects.visible_to(self.request.user).select_related("account__customer")


ROUTES: list = [("calls", CallViewSet, "call")]
