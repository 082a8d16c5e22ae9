"""Saved segments, their members, and how many there were after each run."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.people.models import Unit
from segmentation.runs.models import Run


def names_key(user_id) -> str:
    """Where the names a person may filter by are kept in the cache."""
    return f"segments:{user_id}"


class SegmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and those shared with everyone."""
        if not user.is_authenticated or not user.has_perm("segmentation.view_segment"):
            return self.none()
        return self.filter(Q(owner=user) | Q(shared=True))

    def stale(self, run, regrouped_at=None):
        """Those whose members were not found by this run, or before accounts were grouped anew: living ones, and new ones of either kind."""
        older = ~Q(run=run) | Q(counted_at__lt=regrouped_at, error="") if regrouped_at else ~Q(run=run)
        return self.filter(Q(run=None) | Q(kind=Segment.Kind.LIVING) & older)


class Segment(models.Model):
    """A rule over the judged accounts, with a name."""

    class Kind(models.TextChoices):
        LIVING = "living", _("Living")
        STATIC = "static", _("Static")

    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("what it is for"), max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="segments", verbose_name=_("owner"))
    shared = models.BooleanField(_("shared with everyone"), default=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.LIVING)
    rule = models.JSONField(_("rule"), help_text="See segmentation.segments.rules")
    made_at = models.DateTimeField(_("made at"))
    run = models.ForeignKey(
        Run,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("run"),
        help_text=_("Whose figures its members were found by"),
    )
    counted_at = models.DateTimeField(_("members found at"), null=True, blank=True)
    error = models.CharField(_("why its members could not be found"), max_length=300, blank=True, default="")

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_segment_of_a_name")]

    def __str__(self):
        return self.name

    @property
    def is_living(self):
        return self.kind == self.Kind.LIVING

    def may_be_changed_by(self, user):
        """Its owner; a shared one also whoever may share."""
        return (self.owner_id == user.pk and user.has_perm("segmentation.edit_segment")) or (
            self.shared and user.has_perm("segmentation.share_segment")
        )

    def accounts_visible_to(self, user):
        """Its members that the person sees: the audience of whatever is done with the segment."""
        return Account.objects.visible_to(user).filter(pk__in=SegmentMember.objects.filter(segment=self).values("account"))


class SegmentMember(models.Model):
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="segment_members")
    since = models.DateField(_("member since"), help_text=_("As-of date of the run that found it first"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "account"], name="one_membership_of_an_account")]

    def __str__(self):
        return f"{self.segment_id} {self.account_id}"


class SegmentSizeQuerySet(models.QuerySet):
    def within_reach_of(self, user):
        """Of the units the person works in; of all for roles without a unit."""
        return self.filter(unit__in=user.unit_ids) if user.bound_to_unit else self

    def over_time(self):
        """{run, as_of, members, joined, left} of each run, oldest first."""
        totals = {name: Sum(name) for name in ("members", "joined", "left")}
        return self.values(number=F("run_id"), as_of=F("run__as_of")).annotate(**totals).order_by("number")


class SegmentSize(models.Model):
    """How many members a unit had after a run, how many had come and gone since the one before."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="sizes", db_index=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    members = models.PositiveIntegerField(_("members"))
    joined = models.PositiveIntegerField(_("came"))
    left = models.PositiveIntegerField(_("left"))

    objects = SegmentSizeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "run", "unit"], name="one_size_per_run_and_unit")]

    def __str__(self):
        return f"{self.segment_id} {self.run_id} {self.members}"
