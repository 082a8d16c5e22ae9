"""Playbooks, plans, offers, trials and their effect for programs."""

import secrets
from decimal import Decimal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from crm.accounts.models import Account
from crm.people.permissions import check, needs
from marketing.market.api import NewLossSerializer
from marketing.market.models import Outcome
from marketing.market.services import Loss
from marketing.retention import effect
from marketing.retention.filters import LotFilter, PlanFilter
from marketing.retention.models import Assignment, Doer, Offer, Plan, PlanTask, Playbook, Step, StepKind, Trial
from marketing.retention.models.playbooks import OFFERED_KINDS
from marketing.retention.rules import BANDS_HELD, HORIZON_DAYS
from marketing.retention.services import offers, plans, playbooks, trials
from segmentation.runs.models import RiskBand, Tier
from segmentation.segments.models import Segment


class PlaybookStepSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(StepKind.choices)
    subject_en = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    doer = serializers.ChoiceField(Doer.choices, default=Doer.MANAGER)
    within_days = serializers.IntegerField(min_value=1, max_value=playbooks.LONGEST_DAYS)
    cost_yuan = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0, default=0)

    class Meta:
        model = Step
        fields = ["kind", "subject", "subject_en", "doer", "within_days", "cost_yuan"]


class PlaybookSerializer(serializers.ModelSerializer):
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    outcome = serializers.ChoiceField(Outcome.choices, required=False, allow_blank=True, default="")
    band = serializers.ChoiceField([c for c in RiskBand.choices if c[0]], required=False, allow_blank=True, default="")
    tier = serializers.ChoiceField([c for c in Tier.choices if c[0]], required=False, allow_blank=True, default="")
    is_active = serializers.BooleanField(default=True)
    steps = PlaybookStepSerializer(many=True)

    class Meta:
        model = Playbook
        fields = ["id", "name", "name_en", "outcome", "band", "tier", "is_active", "steps"]
        validators = []  # the service says it in a sentence


class PlaybookViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """What to do about accounts that may leave. `change` writes one anew; plans under way keep the steps they began with."""

    queryset = Playbook.objects.prefetch_related("steps")
    serializer_class = PlaybookSerializer
    permission_classes = [needs("marketing.view_retention", write="marketing.edit_playbook")]
    sorts = {"id": "pk"}
    default_sort = "id"

    def create(self, request):
        return self._saved(request, None, status.HTTP_201_CREATED)

    @extend_schema(request=PlaybookSerializer, responses=PlaybookSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        check(request.user, "marketing.edit_playbook")
        return self._saved(request, self.get_object(), status.HTTP_200_OK)

    def _saved(self, request, playbook, code):
        wanted = PlaybookSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        steps = [playbooks.StepTerms(**step) for step in values.pop("steps")]
        saved = playbooks.save(**values, steps=steps, by=request.user, playbook=playbook)
        return Response(PlaybookSerializer(saved).data, status=code)


class PlanTaskSerializer(serializers.ModelSerializer):
    subject = serializers.CharField(source="engagement.subject")
    due_on = serializers.DateField(source="engagement.planned_on")
    done_on = serializers.DateField(source="engagement.happened_on", allow_null=True)
    by = serializers.CharField(source="engagement.by.username", default=None)

    class Meta:
        model = PlanTask
        fields = ["position", "kind", "subject", "due_on", "done_on", "by", "cost_yuan", "engagement"]
        read_only_fields = fields


class RetentionOfferSerializer(serializers.ModelSerializer):
    class Meta:
        model = Offer
        fields = ["id", "kind", "what", "cost_yuan", "offered_on", "state", "answered_on", "reason", "by"]
        read_only_fields = fields


class RetentionPlanSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)
    revenue_12m_yuan = serializers.FloatField(read_only=True, allow_null=True)
    tasks = PlanTaskSerializer(many=True, read_only=True)
    offers = RetentionOfferSerializer(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = [
            "id", "account", "account_number", "playbook", "outcome", "band", "tier", "risk_score", "revenue_12m_yuan", "state", "started_by",
            "started_at", "ended_by", "ended_at", "ending", "loss", "tasks", "offers",
        ]  # fmt: skip
        read_only_fields = fields


class StartSerializer(serializers.Serializer):
    account = serializers.IntegerField(min_value=1, max_value=2**62)
    playbook = serializers.PrimaryKeyRelatedField(
        queryset=Playbook.objects.active(), allow_null=True, default=None, help_text="Empty: the one that fits best"
    )


class NewRetentionOfferSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(OFFERED_KINDS)
    what = serializers.CharField(max_length=200)
    cost_yuan = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    offered_on = serializers.DateField()


class AnswerSerializer(serializers.Serializer):
    offer = serializers.IntegerField(min_value=1, max_value=2**62)
    accepted = serializers.BooleanField()
    answered_on = serializers.DateField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class EndingSerializer(serializers.Serializer):
    ending = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class LeftSerializer(NewLossSerializer):
    account = None


class PlanViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Retention plans of accounts you may see. A held-out account's plan answers 409 `held_out`; so does a second plan or ending."""

    queryset = Plan.objects.none()
    serializer_class = RetentionPlanSerializer
    permission_classes = [needs("marketing.view_retention", write="marketing.run_retention")]
    filterset_class = PlanFilter
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_queryset(self):
        found = Plan.objects.visible_to(self.request.user).select_related("account")
        return found.prefetch_related("tasks__engagement__by", "offers")

    def _values(self, kind):
        wanted = kind(data=self.request.data)
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)

    def _now(self, code=status.HTTP_200_OK, pk=None):
        plan = self.get_queryset().get(pk=pk) if pk else self.get_object()
        return Response(RetentionPlanSerializer(plan).data, status=code)

    @extend_schema(request=StartSerializer, responses={201: RetentionPlanSerializer})
    def create(self, request):
        values = self._values(StartSerializer)
        account = get_object_or_404(Account.objects.visible_to(request.user), pk=values["account"])
        plan = plans.start(account=account, by=request.user, at=timezone.localtime(), playbook=values["playbook"])
        return self._now(status.HTTP_201_CREATED, plan.pk)

    @extend_schema(request=NewRetentionOfferSerializer, responses={201: RetentionPlanSerializer})
    @action(detail=True, methods=["post"])
    def offer(self, request, pk=None):
        plan = self.get_object()
        offers.log(plan=plan, **self._values(NewRetentionOfferSerializer), by=request.user, at=timezone.localtime())
        return self._now(status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses=RetentionPlanSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request, pk=None):
        plan, values = self.get_object(), self._values(AnswerSerializer)
        offer = get_object_or_404(Offer.objects.filter(plan=plan).select_related("plan"), pk=values.pop("offer"))
        offers.answer(offer=offer, **values, by=request.user, at=timezone.localtime())
        return self._now()

    @extend_schema(request=EndingSerializer, responses=RetentionPlanSerializer)
    @action(detail=True, methods=["post"])
    def keep(self, request, pk=None):
        plans.keep(plan=self.get_object(), **self._values(EndingSerializer), by=request.user, at=timezone.localtime())
        return self._now()

    @extend_schema(request=LeftSerializer, responses=RetentionPlanSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request, pk=None):
        plan = self.get_object()
        plans.lose(plan=plan, loss=Loss(**self._values(LeftSerializer)), by=request.user, at=timezone.localtime())
        return self._now()

    @extend_schema(request=EndingSerializer, responses=RetentionPlanSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request, pk=None):
        reason = self._values(EndingSerializer)["ending"]
        plans.drop(plan=self.get_object(), reason=reason, by=request.user, at=timezone.localtime())
        return self._now()


class _SegmentOfReader(serializers.PrimaryKeyRelatedField):
    def get_queryset(self):
        request = self.context.get("request")
        return Segment.objects.visible_to(request.user) if request else Segment.objects.none()


class HoldoutTrialSerializer(serializers.ModelSerializer):
    share = serializers.DecimalField(max_digits=4, decimal_places=3, min_value=Decimal("0.02"), max_value=Decimal("0.5"))
    bands = serializers.MultipleChoiceField(choices=["high", "elevated", "watch"], default=set(BANDS_HELD))
    horizon_days = serializers.IntegerField(min_value=7, max_value=365, default=HORIZON_DAYS)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, help_text="Empty: drawn and written down")
    value_lost = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1), required=False, help_text="What is left out is as the terms of leaving say"
    )
    segment = _SegmentOfReader(required=False, allow_null=True, help_text="Only its members are drawn for; empty: everybody in the bands")

    class Meta:
        model = Trial
        fields = [
            "id",
            "name",
            "share",
            "bands",
            "horizon_days",
            "seed",
            "value_lost",
            "segment",
            "ethics",
            "opened_by",
            "opened_at",
            "closed_at",
        ]
        read_only_fields = ["id", "opened_by", "opened_at", "closed_at"]


class DifferenceSerializer(serializers.Serializer):
    value = serializers.FloatField(help_text="Retained share of treated minus held out")
    low = serializers.FloatField()
    high = serializers.FloatField()
    treated = serializers.FloatField(help_text="Retained share, weighed over strata")
    holdout = serializers.FloatField()
    is_shown = serializers.BooleanField(help_text="The 95 % interval leaves out no difference at all")


class MoneySerializer(serializers.Serializer):
    kept = serializers.FloatField(help_text="Yuan a year")
    low = serializers.FloatField()
    high = serializers.FloatField()


class VerdictSerializer(serializers.Serializer):
    n_treated = serializers.IntegerField()
    n_holdout = serializers.IntegerField()
    lost_treated = serializers.IntegerField()
    lost_holdout = serializers.IntegerField()
    missing = serializers.DictField(child=serializers.IntegerField(), help_text="What there is too little of, and how many there are")
    difference = DifferenceSerializer(allow_null=True)
    money = MoneySerializer(allow_null=True)


class TrialEffectSerializer(serializers.Serializer):
    verdict = VerdictSerializer()
    spent_yuan = serializers.FloatField()
    net_yuan = serializers.FloatField(allow_null=True)
    plans = serializers.IntegerField()
    released = serializers.IntegerField()
    due = serializers.IntegerField(help_text="Lots whose horizon has not passed")
    claim_on = serializers.DateField(allow_null=True, help_text="When both arms will have enough")


class LotSerializer(serializers.ModelSerializer):
    account_number = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "trial", "account", "account_number", "arm", "stratum", "assigned_at", "due_on", "settled_on", "outcome", "released_at", "release_reason",
        ]  # fmt: skip
        read_only_fields = fields


class ReleaseSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class TrialViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """Trials: opening one draws lots for all who may leave. `effect` compares treated and held out as they were drawn."""

    queryset = Trial.objects.all()
    serializer_class = HoldoutTrialSerializer
    permission_classes = [needs("marketing.view_retention", write="marketing.run_trial")]
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_queryset(self):
        return Trial.objects.visible_to(self.request.user)

    def create(self, request):
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        values |= {"bands": tuple(sorted(values["bands"])), "value_lost": trials.value_lost() | values.get("value_lost", {})}
        values.setdefault("seed", secrets.randbelow(2**31))
        trial = trials.open_trial(terms=trials.Terms(**values), by=request.user, at=timezone.localtime())
        return Response(HoldoutTrialSerializer(trial).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=HoldoutTrialSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, pk=None):
        trial = self.get_object()
        trials.close_trial(trial=trial, by=request.user, at=timezone.localtime())
        trial.refresh_from_db()
        return Response(HoldoutTrialSerializer(trial).data)

    @extend_schema(responses=TrialEffectSerializer)
    @action(detail=True)
    def effect(self, request, pk=None):
        return Response(TrialEffectSerializer(effect.of_trial(trial=self.get_object(), user=request.user)).data)


class LotViewSet(viewsets.ReadOnlyModelViewSet):
    """Who is treated and who is held out, of accounts you may see. `release` lets a held-out account be called; it still counts as held out."""

    queryset = Assignment.objects.none()
    serializer_class = LotSerializer
    permission_classes = [needs("marketing.view_retention", write="marketing.release_holdout")]
    filterset_class = LotFilter
    sorts = {"id": "pk"}
    default_sort = "-id"

    def get_queryset(self):
        return Assignment.objects.visible_to(self.request.user).select_related("account")

    @extend_schema(request=ReleaseSerializer, responses=LotSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request, pk=None):
        lot, wanted = self.get_object(), ReleaseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        trials.release(lot=lot, by=request.user, at=timezone.localtime(), **wanted.validated_data)
        lot.refresh_from_db()
        return Response(LotSerializer(lot).data)


ROUTES = [
    ("playbooks", PlaybookViewSet, "playbook"),
    ("retention-plans", PlanViewSet, "retention-plan"),
    ("trials", TrialViewSet, "trial"),
    ("lots", LotViewSet, "lot"),
]
