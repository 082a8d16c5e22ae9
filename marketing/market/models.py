"""What was lost, to whom and why; and who they can be lost to."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account, within_reach


class Outcome(models.TextChoices):
    """How an account is lost, wholly or in part: the typed outcomes of the judgement."""

    SWITCHED = "switched", _("Change of supplier")
    CLOSED = "closed", _("Account closed")
    REDUCED = "reduced", _("Less capacity")
    SELF_SUPPLY = "self_supply", _("Own supply")
    DECLINED = "declined", _("Falling use")


class Cause(models.TextChoices):
    PRICE = "price", _("Price")
    SUPPLY = "supply", _("Outages or voltage")
    SERVICE = "service", _("Service or complaints")
    OFFER = "offer", _("A better offer elsewhere")
    OWN_POWER = "own_power", _("Own generation or other energy")
    RELOCATION = "relocation", _("Moved away")
    SHUT_DOWN = "shut_down", _("Shut down or insolvent")
    DOWNTURN = "downturn", _("Less production or trade")
    OTHER = "other", _("Another cause")
    UNKNOWN = "unknown", _("Not known")


class Rival(models.Model):
    """Who or what takes customers away: another supplier, or another energy. Renamed, never removed: notes speak of it."""

    class Kind(models.TextChoices):
        COMPETITOR = "competitor", _("Competitor")
        SUBSTITUTE = "substitute", _("Substitute")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, default="")
    is_active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_rival_of_a_name")]

    def __str__(self):
        return self.name_en if self.name_en and not (get_language() or "").startswith("zh") else self.name


class LossNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not (user.is_active and user.has_perm("marketing.view_market") and user.has_perm("crm.view_account")):
            return self.none()
        return self.filter(within_reach(user, "account__")) if user.bound_to_unit else self

    def standing(self):
        return self.filter(withdrawn_at=None)


def unexplained(accounts, *, since):
    """Accounts that closed since a day and of which nobody noted why."""
    noted = LossNote.objects.standing().filter(account=OuterRef("pk"), lost_on__gte=since)
    return accounts.filter(status=Account.Status.CLOSED, closed_on__gte=since).exclude(Exists(noted))


class LossNote(models.Model):
    """A loss as its manager knows it. Money and area are those of the day it was noted; a wrong note is withdrawn, not changed."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="loss_notes", verbose_name=_("account"), db_index=False)
    lost_on = models.DateField(_("lost on"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    competitor = models.ForeignKey(
        Rival,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competitor"),
        limit_choices_to={"kind": "competitor"},
    )
    substitute = models.ForeignKey(
        Rival,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("substitute"),
        limit_choices_to={"kind": "substitute"},
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    revenue_12m_fen = models.BigIntegerField(_("revenue, 12 months, fen"), null=True, help_text="Of the standing when it was noted")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = LossNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-lost_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "outcome"], condition=Q(withdrawn_at=None), name="one_standing_loss_of_a_kind"),
            models.CheckConstraint(condition=~Q(cause="offer") | ~Q(competitor=None) | ~Q(note=""), name="a_loss_to_an_offer_says_whose"),
        ]
        indexes = [
            models.Index(fields=["-lost_on", "-id"], name="losses_by_day", condition=Q(withdrawn_at=None)),
            models.Index(fields=["account", "-noted_at"], name="losses_of_account"),
        ]

    def __str__(self):
        return f"{self.account_id} {self.outcome} {self.lost_on}"

    @property
    def revenue_12m_yuan(self):
        return None if self.revenue_12m_fen is None else self.revenue_12m_fen / 100
