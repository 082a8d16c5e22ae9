"""Simulations for programs: counts by what the caller may see."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.people.masking import reader_of
from segmentation.policies.api import PolicyViewSet
from segmentation.policies.models import Policy
from segmentation.studio import services
from segmentation.studio.models import Simulation
from segmentation.studio.reading import Read, scope_of
from segmentation.studio.views import ring
from segmentation.studio.words import problem_words


class SimulationSerializer(serializers.ModelSerializer):
    problem = serializers.SerializerMethodField(help_text="Why it was refused or failed and what to do, in the reader's language")
    stale = serializers.BooleanField(source="is_stale", help_text="The draft was changed since")
    accounts = serializers.SerializerMethodField()
    seconds = serializers.FloatField(source="result.seconds", default=None)
    moved = serializers.SerializerMethodField(
        help_text="Accounts and fen that rise and fall, and accounts that stay: by tier, of a credit policy by grade"
    )
    tiers = serializers.SerializerMethodField(help_text="By tier: accounts and revenue (fen) before and after")
    grades = serializers.SerializerMethodField(help_text="By credit grade: accounts before and after")
    units = serializers.SerializerMethodField()
    managers = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField(
        help_text="The largest moves, each with the reasons before and after, in the reader's language"
    )

    class Meta:
        model = Simulation
        fields = [
            "id", "policy", "run", "state", "step", "asked_at", "started_at", "finished_at", "problem", "stale", "accounts", "seconds", "moved",
            "tiers", "grades", "units", "managers", "moves",
        ]  # fmt: skip

    def _read(self, simulation):
        return Read(simulation, scope_of(self.context["request"].user))

    @extend_schema_field(str)
    def get_problem(self, simulation):
        return problem_words(simulation.problem, get_language())

    @extend_schema_field(int)
    def get_accounts(self, simulation):
        return self._read(simulation).accounts

    @extend_schema_field(dict)
    def get_moved(self, simulation):
        return self._read(simulation).moved()

    @extend_schema_field(list)
    def get_tiers(self, simulation):
        return self._read(simulation).tiers()

    @extend_schema_field(list)
    def get_grades(self, simulation):
        return self._read(simulation).grades()

    @extend_schema_field(list)
    def get_units(self, simulation):
        return self._read(simulation).by_unit()

    @extend_schema_field(list)
    def get_managers(self, simulation):
        return self._read(simulation).by_manager()

    @extend_schema_field(list)
    def get_moves(self, simulation):
        request = self.context["request"]
        told = self._read(simulation).moves(reader_of(request), get_language())
        shown = ("account_id", "tier_a", "tier_b", "score_a", "score_b", "grade_a", "grade_b", "fen", "before", "after")
        return [{name: move[name] for name in shown} for move in told]


class StudioViewSet(PolicyViewSet):
    """What the engine judges by. `draft` copies a version; `simulate` says what it would move (202; read it at `simulation`); `submit` hands it to
    an approver, who is somebody else: `approve` or `refuse` with a reason. `bring_back` submits an older version's numbers again."""

    @extend_schema(request=None, responses={202: SimulationSerializer})
    @action(detail=True, methods=["post"])
    def simulate(self, request, pk=None):
        simulation = services.ask(policy=self.get_object(), by=request.user, at=timezone.now())
        ring(simulation)
        return self._simulation(simulation, status.HTTP_202_ACCEPTED)

    @extend_schema(responses=SimulationSerializer)
    @action(detail=True, methods=["get"])
    def simulation(self, request, pk=None):
        newest = Simulation.objects.newest_of(get_object_or_404(Policy, pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT) if newest is None else self._simulation(newest)

    def _simulation(self, simulation, code=status.HTTP_200_OK):
        return Response(SimulationSerializer(simulation, context=self.get_serializer_context()).data, status=code)


ROUTES = [("policies", StudioViewSet, "policy")]
