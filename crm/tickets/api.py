"""Tickets for programs: read, log, move. The moves are those of the page (`crm.tickets.actions`)."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.lists.api import KeptFields
from crm.people.masking import reader_of
from crm.people.models import User
from crm.people.permissions import check, needs
from crm.tickets import services
from crm.tickets.actions import VERBS
from crm.tickets.filters import TicketFilter
from crm.tickets.masking import caller_as_read
from crm.tickets.models import Category, Kind, Severity, Ticket, TicketNote
from crm.tickets.taxonomy import TOPICS, Channel

KEY = OpenApiParameter(
    "Idempotency-Key", uuid.UUID, OpenApiParameter.HEADER,
    description="A UUID you make for each ticket. A retry with the same key answers 200 with the ticket logged the first time.",
)  # fmt: skip


class TicketSerializer(KeptFields, serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", default=None, read_only=True)
    caller = serializers.SerializerMethodField(help_text="Masked as on screen: name and phone")
    clock_policy = serializers.StringRelatedField(read_only=True)

    class Meta:
        model = Ticket
        fields = [
            "id", "account", "account_number", "kind", "category", "topic", "severity", "title", "text", "channel", "caller", "state",
            "assignee", "logged_by", "opened_at", "pass_on_due_at", "contact_due_at", "answer_due_at", "resolve_due_at", "passed_on_at", "contacted_at",
            "answered_at", "closed_at", "paused_at", "breach_noted_at", "reopened_count", "satisfaction", "clock_policy", "clock_explained", "entitlement",
            "duplicate_of",
        ]  # fmt: skip
        read_only_fields = fields

    def get_caller(self, ticket) -> dict[str, str]:
        return caller_as_read(reader_of(self.context["request"]), ticket)


class TicketNoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = TicketNote
        fields = ["at", "by", "what", "moved_to", "text"]
        read_only_fields = fields


class TicketWithStory(TicketSerializer):
    notes = TicketNoteSerializer(many=True, read_only=True)

    class Meta(TicketSerializer.Meta):
        fields = [*TicketSerializer.Meta.fields, "notes"]
        read_only_fields = fields


class NewTicketSerializer(serializers.Serializer):
    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none(), required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Kind, default=Kind.COMPLAINT)
    category = serializers.ChoiceField(choices=Category)
    topic = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    severity = serializers.ChoiceField(choices=Severity, default=Severity.NORMAL)
    channel = serializers.ChoiceField(choices=Channel, default=Channel.PHONE)
    text = serializers.CharField(max_length=8000)
    caller_name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    caller_phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["account"].queryset = services.accounts_for(user=request.user)
        return fields

    def validate(self, data):
        if data["topic"] and data["topic"] not in dict(TOPICS[data["category"]]):
            allowed = ", ".join(topic for topic, _label in TOPICS[data["category"]])
            raise ValidationError({"topic": f"Topics of {data['category']}: {allowed}."})
        if not data.get("account") and not (data["caller_name"] or data["caller_phone"]):
            raise ValidationError({"caller_phone": _("Give the caller's name or phone when the account is not known.")})
        return data

    def details(self):
        data = dict(self.validated_data)
        return data | {"caller": services.Caller(name=data.pop("caller_name"), phone=data.pop("caller_phone"))}


class WordsSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=8000, required=False, allow_blank=True, default="")
    satisfaction = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)


def _moves():
    """`POST …/{id}/start/`, `…/answer/` and the rest, one for each verb of the page."""

    def of(verb):
        def move(self, request, pk=None):
            return self.move(request, verb)

        move.__name__, move.__doc__ = verb, (getattr(services, verb).__doc__ or "").strip()
        described = extend_schema(request=WordsSerializer, responses=TicketWithStory)(move)
        return action(detail=True, methods=["post"], url_path=verb)(described)

    return {verb: of(verb) for verb in VERBS}


@extend_schema_view(list=extend_schema(summary="Tickets you may see, soonest due first"))
class TicketViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Complaints and every other ticket of accounts you may see. A move somebody else made first answers 409."""

    queryset = Ticket.objects.none()
    serializer_class = TicketSerializer
    permission_classes = [needs("crm.view_ticket")]
    filterset_class = TicketFilter
    sorts = {"due": "answer_due_at", "opened": "opened_at"}
    default_sort = "due"

    locals().update(_moves())

    def get_queryset(self):
        return Ticket.objects.visible_to(self.request.user).select_related("account__customer", "clock_policy")

    @extend_schema(responses=TicketWithStory)
    def retrieve(self, request, *args, **kwargs):
        return Response(TicketWithStory(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=NewTicketSerializer, responses={201: TicketSerializer, 200: TicketSerializer}, parameters=[KEY])
    def create(self, request):
        """Log a ticket. Its clock starts by the policy of the moment."""
        check(request.user, "crm.log_ticket")
        key = _key(request)
        wanted = NewTicketSerializer(data=request.data, context=self.get_serializer_context())
        if wanted.is_valid():
            ticket, created = services.log_once(**wanted.details(), idempotency_key=key, by=request.user, at=timezone.now())
        else:  # a retry answers what the first time answered, even where the account is out of reach by now
            ticket, created = key and services.logged_before(idempotency_key=key, by=request.user), False
            if not ticket:
                raise ValidationError(wanted.errors)
        return Response(self.get_serializer(ticket).data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    def move(self, request, verb):
        ticket = self.get_object()
        if not ticket.may_be_worked_by(request.user):
            raise PermissionDenied
        words = WordsSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        VERBS[verb].do(ticket, words.validated_data, by=request.user, at=timezone.now())
        return Response(TicketWithStory(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=inline_serializer("Assignment", {"to": serializers.IntegerField()}), responses=TicketWithStory)
    @action(detail=True, methods=["post"])
    def assign(self, request, pk=None):
        """Give an open ticket to a person (their id)."""
        ticket = self.get_object()
        if not ticket.may_be_worked_by(request.user):
            raise PermissionDenied
        to = User.objects.filter(pk=request.data.get("to") if str(request.data.get("to", "")).isdigit() else None).first()
        if to is None:
            raise ValidationError({"to": "No such person."})
        services.assign(ticket=ticket, to=to, by=request.user, at=timezone.now())
        return Response(TicketWithStory(self.get_object(), context=self.get_serializer_context()).data)


def _key(request):
    text = request.headers.get("Idempotency-Key")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise ValidationError({"Idempotency-Key": "Not a UUID: make a fresh one for each ticket."}) from error


ROUTES = [("tickets", TicketViewSet, "ticket")]
