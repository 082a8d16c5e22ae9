"""Tickets for programs: read, log, move. The moves are those of the page (`crm.tickets.actions`)."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.lists.api import KeptFields
from crm.people.masking import reader_of
from crm.people.models import Unit, User
from crm.people.permissions import check, needs
from crm.taxonomy import labels
from crm.tickets import services
from crm.tickets.actions import VERBS
from crm.tickets.filters import TicketFilter
from crm.tickets.masking import caller_as_read
from crm.tickets.models import Category, Kind, Severity, Ticket, TicketNote
from crm.tickets.promises import missed_promises
from crm.tickets.taxonomy import Channel
from crm.tickets.validators import dialled, readable
from crm.triage.suggestions import suggestions

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
            "duplicate_of", "parent", "escalation_level", "root_cause", "responsible_unit", "suggested",
        ]  # fmt: skip
        read_only_fields = fields

    def get_caller(self, ticket) -> dict[str, str]:
        return caller_as_read(reader_of(self.context["request"]), ticket)


class TicketNoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = TicketNote
        fields = ["at", "by", "what", "moved_to", "channel", "text"]
        read_only_fields = fields


class MissedSerializer(serializers.Serializer):
    what = serializers.CharField(help_text="contact, answer or resolve")
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True, help_text="Empty: not done yet")


class TicketWithStory(TicketSerializer):
    notes = TicketNoteSerializer(many=True, read_only=True)
    parts = serializers.SerializerMethodField(help_text="Tickets that are parts of this one, as far as you may see them; at most 500")
    missed = serializers.SerializerMethodField(help_text="Promises that were not kept, as of now")

    class Meta(TicketSerializer.Meta):
        fields = [*TicketSerializer.Meta.fields, "notes", "parts", "missed"]
        read_only_fields = fields

    def get_parts(self, ticket) -> list[int]:
        seen = Ticket.objects.visible_to(self.context["request"].user)
        return list(seen.filter(parent=ticket.pk).order_by("pk").values_list("pk", flat=True)[:500])

    @extend_schema_field(MissedSerializer(many=True))
    def get_missed(self, ticket):
        return MissedSerializer(missed_promises(ticket, at=timezone.now()), many=True).data


class NewTicketSerializer(serializers.Serializer):
    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none(), required=False, allow_null=True)
    parent = serializers.PrimaryKeyRelatedField(queryset=Ticket.objects.none(), required=False, allow_null=True, help_text="Of one outage")
    kind = serializers.CharField(max_length=12, default=Kind.COMPLAINT, help_text="A code of /api/v1/terms/?aspect=kind")
    category = serializers.ChoiceField(choices=Category)
    topic = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    severity = serializers.ChoiceField(choices=Severity, default=Severity.NORMAL)
    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.PHONE)
    text = serializers.CharField(max_length=8000, validators=[readable])
    caller_name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    caller_phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="", validators=[dialled])

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["parent"].queryset = Ticket.objects.visible_to(request.user)
            fields["account"].queryset = services.accounts_for(user=request.user)
        return fields

    def validate(self, data):
        if data["kind"] not in dict(labels.choices("kind")):
            raise ValidationError({"kind": f"Kinds: {', '.join(dict(labels.choices('kind')))}."})
        topics = dict(labels.choices("topic", data["category"]))
        if data["topic"] and data["topic"] not in topics:
            allowed = ", ".join(topics)
            raise ValidationError({"topic": f"Topics of {data['category']}: {allowed}."})
        if not data.get("account") and not (data["caller_name"] or data["caller_phone"]):
            raise ValidationError({"caller_phone": _("Give the caller's name or phone when the account is not known.")})
        return data

    def details(self):
        data = dict(self.validated_data)
        return data | {"caller": services.Caller(name=data.pop("caller_name"), phone=data.pop("caller_phone"))}


class WordsSerializer(serializers.Serializer):
    """What a move may come with. Closing takes the satisfaction, the root cause (needed for a complaint) and the unit whose work it was."""

    text = serializers.CharField(max_length=8000, required=False, allow_blank=True, default="", validators=[readable])
    satisfaction = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)
    root_cause = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", help_text="/api/v1/terms/?aspect=cause")
    responsible_unit = serializers.PrimaryKeyRelatedField(queryset=Unit.objects.all(), required=False, allow_null=True, default=None)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, default=Channel.PHONE, help_text="Of a contact")
    reached = serializers.BooleanField(required=False, default=True, help_text="Of a contact: whether the customer was spoken with")

    def validate_root_cause(self, code):
        if code and code not in dict(labels.choices("cause")):
            raise ValidationError(f"Causes: {', '.join(dict(labels.choices('cause')))}.")
        return code


class OtherTicket(serializers.Serializer):
    ticket = serializers.PrimaryKeyRelatedField(queryset=Ticket.objects.none())

    def get_fields(self):
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["ticket"].queryset = Ticket.objects.visible_to(request.user)
        return fields


class SuggestionSerializer(serializers.Serializer):
    value = serializers.CharField()
    confidence = serializers.FloatField(help_text="0 to 1; of synthetic phrases: a hint for the agent, whose word is final")
    by = serializers.CharField(help_text="`rule:<name>` or `text:<version of the model>`")
    words = serializers.ListField(child=serializers.CharField())


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

    @extend_schema(
        request=inline_serializer("Words", {"text": serializers.CharField(max_length=8000)}),
        responses=inline_serializer("Suggestions", {name: SuggestionSerializer(required=False) for name in ("kind", "matter", "severity")}),
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def suggest(self, request):
        """What the words of a ticket speak for: kind, `class/topic`, severity; only what is sure enough to be offered."""
        check(request.user, "crm.log_ticket")
        return Response(suggestions(str(request.data.get("text", ""))[:8000]))

    @extend_schema(request=OtherTicket, responses=TicketWithStory)
    @action(detail=True, methods=["post"], url_path="part-of")
    def part_of(self, request, pk=None):
        """Make an open ticket part of another one (one outage, many callers). Closing that one answers its parts."""
        services.make_part_of(ticket=self._worked(), parent=self._other(), by=request.user, at=timezone.now())
        return self._as_it_stands()

    @extend_schema(request=None, responses=TicketWithStory)
    @action(detail=True, methods=["post"], url_path="take-out")
    def take_out(self, request, pk=None):
        """A part becomes a ticket of its own again."""
        services.take_out(ticket=self._worked(), by=request.user, at=timezone.now())
        return self._as_it_stands()

    @extend_schema(request=OtherTicket, responses=TicketWithStory)
    @action(detail=True, methods=["post"])
    def merge(self, request, pk=None):
        """Close a ticket as a duplicate of the one given. It can be undone."""
        services.merge(ticket=self._worked(), into=self._other(), by=request.user, at=timezone.now())
        return self._as_it_stands()

    @extend_schema(request=None, responses=TicketWithStory)
    @action(detail=True, methods=["post"], url_path="undo-merge")
    def undo_merge(self, request, pk=None):
        """Give a merged ticket back the state, clock and story it had."""
        services.undo_merge(ticket=self._worked(), by=request.user, at=timezone.now())
        return self._as_it_stands()

    def _worked(self):
        ticket = self.get_object()
        if not ticket.may_be_worked_by(self.request.user):
            raise PermissionDenied
        return ticket

    def _other(self):
        asked = OtherTicket(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        other = asked.validated_data["ticket"]
        if not other.may_be_worked_by(self.request.user):
            raise PermissionDenied
        return other

    def _as_it_stands(self):
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
