"""Routing for programs: the rules, a trial of one, who is away, and why a ticket went where it went."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response

from crm.people.permissions import needs
from crm.routing import services
from crm.routing.forms import AbsenceForm, RuleForm
from crm.routing.models import Absence, RoutingDecision, RoutingRule
from crm.tickets.models import Ticket

CONDITIONS = ["kinds", "categories", "severities", "unit", "unit_kinds", "tiers", "green", "words", "hour_from", "hour_to"]
DEEDS = ["target", "target_unit", "person", "strategy", "set_severity"]


class RoutingRuleSerializer(serializers.ModelSerializer):
    class Meta:
        model = RoutingRule
        fields = ["id", "position", "name", "name_en", "is_active", *CONDITIONS, *DEEDS]


class TrialSerializer(serializers.Serializer):
    since = serializers.DateTimeField()
    tickets = serializers.IntegerField(help_text="How many of last month were tried")
    more = serializers.BooleanField(help_text="There were more; the latest were taken")
    taken = serializers.IntegerField(help_text="How many the rule took")
    differ = serializers.IntegerField(help_text="How many of all would be with somebody else")
    people = inline_serializer(
        "TrialPerson",
        {
            "person": serializers.IntegerField(allow_null=True),
            "would_get": serializers.IntegerField(),
            "has_now": serializers.IntegerField(),
        },
        many=True,
    )
    examples = inline_serializer(
        "TrialExample", {"ticket": serializers.IntegerField(), "to": serializers.IntegerField(allow_null=True)}, many=True
    )


def draft_of(request, rule):
    """The rule as the request has it; 400 with the fields that are wrong."""
    kept = RoutingRuleSerializer(rule).data if rule.pk else {"position": 1, "is_active": True, "strategy": "round_robin"}
    green = {None: "", True: "true", False: "false"}
    given = kept | dict(request.data)
    form = RuleForm(given | {"green": green.get(given.get("green"), given.get("green"))}, instance=rule)
    if not form.is_valid():
        raise ValidationError(form.errors)
    return form.save(commit=False)


class RoutingRuleViewSet(viewsets.ReadOnlyModelViewSet):
    """The rules in their order: the first in force that matches a ticket wins."""

    queryset = RoutingRule.objects.all()
    serializer_class = RoutingRuleSerializer
    parser_classes = [JSONParser]  # a rule holds lists and nothings, which a form cannot say
    permission_classes = [needs("crm.view_routing", write="crm.edit_routing")]
    sorts = {"position": "position"}
    default_sort = "position"

    @extend_schema(request=RoutingRuleSerializer, responses={201: RoutingRuleSerializer})
    def create(self, request):
        """Add a rule at its place; those below move down."""
        rule = services.save_rule(rule=draft_of(request, RoutingRule()), by=request.user)
        return Response(RoutingRuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RoutingRuleSerializer, responses=RoutingRuleSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Change what is given; the rest stays."""
        rule = services.save_rule(rule=draft_of(request, self.get_object()), by=request.user)
        return Response(RoutingRuleSerializer(rule).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request, pk=None):
        """Delete the rule; what it decided stays explained."""
        services.delete_rule(rule=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RoutingRuleSerializer, responses=TrialSerializer)
    @action(detail=False, methods=["post"])
    def trial(self, request):
        """What the rules, with this one among them, would do with last month's tickets. Nothing is saved."""
        found = services.dry_run(draft=draft_of(request, RoutingRule()), user=request.user, at=timezone.now())
        people = [{"person": who and who.pk, "would_get": gets, "has_now": has} for who, gets, has in found.people]
        examples = [{"ticket": ticket.pk, "to": to and to.pk} for ticket, to in found.examples]
        kept = {name: getattr(found, name) for name in ("since", "tickets", "more", "taken", "differ")}
        return Response({**kept, "people": people, "examples": examples})


class AbsenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Absence
        fields = ["id", "person", "starts_on", "ends_on", "substitute", "note"]


class AbsenceViewSet(viewsets.ReadOnlyModelViewSet):
    """Days on which people you place get no tickets."""

    queryset = Absence.objects.none()
    serializer_class = AbsenceSerializer
    permission_classes = [needs("crm.edit_absence")]

    def get_queryset(self):
        return Absence.objects.visible_to(self.request.user).select_related("person")

    @extend_schema(request=AbsenceSerializer, responses={201: AbsenceSerializer})
    def create(self, request):
        """Note an absence."""
        form = AbsenceForm(request.data, user=request.user)
        if not form.is_valid():
            raise ValidationError(form.errors)
        row = services.note_absence(**form.cleaned_data, by=request.user)
        return Response(AbsenceSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request, pk=None):
        """They are back, or never left."""
        services.end_absence(absence=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoutingDecisionSerializer(serializers.ModelSerializer):
    class Meta:
        model = RoutingDecision
        fields = ["ticket", "rule", "to", "outcome", "at", "explained"]
        read_only_fields = fields


class RoutingDecisionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What routing decided about tickets you may see; the key is the ticket's."""

    queryset = RoutingDecision.objects.none()
    serializer_class = RoutingDecisionSerializer
    permission_classes = [needs("crm.view_ticket")]
    lookup_field = "ticket_id"
    lookup_value_regex = r"\d+"
    sorts = {"at": "pk"}
    default_sort = "-at"

    def get_queryset(self):
        return RoutingDecision.objects.filter(ticket__in=Ticket.objects.visible_to(self.request.user))


ROUTES = [
    ("routing-rules", RoutingRuleViewSet, "routing-rule"),
    ("routing-decisions", RoutingDecisionViewSet, "routing-decision"),
    ("absences", AbsenceViewSet, "absence"),
]
