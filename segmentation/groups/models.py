"""Behaviour groups that keep their number and name from run to run, what each grouping came to, and who belongs where."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account, within_reach
from segmentation.engine.groups import K_FROM, K_TO, group_name


class Kind(models.TextChoices):
    MONTHLY = "monthly", _("Use by month")
    BANDS = "bands", _("Use by time band")
    DAILY = "daily", _("Daily curve")


class Visible(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("segmentation.view_standing") else self.none()


class GroupQuerySet(Visible):
    def standing(self):
        """Groups that have a shape in the grouping in force."""
        return self.filter(retired=False)


class BehaviourGroup(models.Model):
    """A way of using power. `number` is its own for good; a later run gives it to the centre nearest to this one. One that no centre came near is
    retired, and comes back when one does."""

    kind = models.CharField(_("grouping"), max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=60, blank=True, help_text=_("Empty: named after its shape"))
    shape = models.JSONField(default=list, help_text="[code, month or hour], see segmentation.engine.groups.words")
    ordinal = models.PositiveSmallIntegerField(default=1, help_text="Among groups of the same shape")
    columns = models.JSONField(default=list)
    centre = models.JSONField(default=list)
    rules = models.JSONField(default=list, help_text="Who belongs, largest part first, see segmentation.engine.groups.finding")
    size = models.PositiveIntegerField(_("accounts"), default=0)
    retired = models.BooleanField(default=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "retired", "-size", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_group_of_a_number")]

    def __str__(self):
        return self.called(get_language() or "en")

    def called(self, language: str) -> str:
        """The name somebody gave it, else one after its shape."""
        return self.name or group_name(self.shape, self.ordinal, language)


class Grouping(models.Model):
    """What one grouping of one run came to: the groups, every number of groups that was tried, or why there are none."""

    class State(models.TextChoices):
        DONE = "done", _("Grouped")
        REFUSED = "refused", _("Cannot be grouped")
        BROKE = "broke", _("Stopped with an error")

    run = models.ForeignKey("segmentation.Run", models.CASCADE, related_name="groupings")
    kind = models.CharField(_("grouping"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State)
    in_force = models.BooleanField(default=False)
    at = models.DateTimeField(_("at"))
    seconds = models.FloatField(_("seconds"), default=0)
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    by_rule = models.PositiveIntegerField(_("placed by an expert rule"), default=0)
    k = models.PositiveSmallIntegerField(null=True)
    silhouette = models.FloatField(null=True)
    davies_bouldin = models.FloatField(null=True)
    fidelity = models.FloatField(null=True)
    stability = models.FloatField(null=True)
    tried = models.JSONField(default=list, help_text="[{k, silhouette, davies_bouldin, sizes, allowed}]")
    found = models.JSONField(default=list, help_text="[{number, size, centre, rules, shape}]")
    columns = models.JSONField(default=list)
    told = models.JSONField(
        default=dict, help_text="The settings and notes of a grouping that was done; code and numbers of one that was not"
    )

    objects = Visible.as_manager()

    class Meta:
        ordering = ["-run", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="one_grouping_of_a_run"),
            models.UniqueConstraint(fields=["kind"], condition=Q(in_force=True), name="one_grouping_in_force"),
        ]

    def __str__(self):
        return f"{self.run_id} {self.kind}"


class GroupSetting(models.Model):
    """How a grouping is sought. No row: the number of groups is chosen, the smallest holds 1 %."""

    kind = models.CharField(max_length=10, choices=Kind, primary_key=True)
    k = models.PositiveSmallIntegerField(_("number of groups"), null=True, blank=True, help_text=_("Empty: chosen by what separates best"))
    floor = models.FloatField(_("smallest group, share of the accounts"), default=0.01)
    with_answers = models.BooleanField(_("compare answers to the satisfaction question too"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(k=None) | Q(k__gte=K_FROM, k__lte=K_TO), name="group_setting_k"),
            models.CheckConstraint(condition=Q(floor__gte=0, floor__lte=0.2), name="group_setting_floor"),
        ]

    def __str__(self):
        return self.kind


class GroupRule(models.Model):
    """An expert's word over the machine's: accounts it holds for belong to the group, whatever their shape. The oldest rule that holds wins."""

    class Comparison(models.TextChoices):
        AT_LEAST = "ge", _("at least")
        AT_MOST = "le", _("at most")

    group = models.ForeignKey(BehaviourGroup, models.CASCADE, related_name="expert_rules")
    feature = models.CharField(_("feature"), max_length=60)
    comparison = models.CharField(_("comparison"), max_length=2, choices=Comparison)
    threshold = models.FloatField(_("threshold"))
    category = models.CharField(_("category"), max_length=20, choices=Account.Category, blank=True)
    note = models.CharField(_("why"), max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.feature} {self.comparison} {self.threshold}"


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_active or not user.has_perm("segmentation.view_standing") or not user.has_perm("crm.view_account"):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self

    def of(self, group: BehaviourGroup):
        return self.filter(**{group.kind: group.number})


class Membership(models.Model):
    """The groups of one account by number, one column a grouping; null where it is in none. `ruled`: a bit for each grouping an expert rule settled."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="membership")
    monthly = models.SmallIntegerField(null=True)
    bands = models.SmallIntegerField(null=True)
    daily = models.SmallIntegerField(null=True)
    ruled = models.SmallIntegerField(default=0)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=[kind], name=f"members_by_{kind}") for kind in ("monthly", "bands", "daily")]

    def __str__(self):
        return f"{self.account_id}"

    def by_rule(self, kind: str) -> bool:
        return bool(self.ruled >> Kind.values.index(kind) & 1)


class GroupingRequest(models.Model):
    """Somebody asked to group anew, outside a recompute. A worker takes it up; the sweep finds it when the bell was lost."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey("segmentation.Run", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["state"], condition=Q(state="waiting"), name="one_grouping_waits")]

    def __str__(self):
        return f"{self.pk}"
