"""Complaints and every other ticket, with their running clocks."""

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account, few_within_reach, within_reach
from crm.taxonomy import labels as taxonomy


class Kind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    ENQUIRY = "enquiry", _("Enquiry")
    FAULT = "fault", _("Fault report")
    WHISTLE = "whistle", _("Whistle-blowing")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    SERVICE = "service", _("Service request")


class Category(models.TextChoices):
    """The five classes of 95598."""

    SERVICE = "service", _("Service")
    BUSINESS = "business", _("Business")
    OUTAGE = "outage", _("Outage")
    SUPPLY_QUALITY = "supply_quality", _("Supply quality")
    CONSTRUCTION = "construction", _("Grid construction")


class Severity(models.TextChoices):
    NORMAL = "normal", _("Normal")
    MAJOR = "major", _("Major")


class State(models.TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("In hand")
    WAITING = "waiting", _("Waiting for the customer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


# From which states a ticket may move to each state.
MOVES_FROM = {
    State.WORKING: [State.NEW, State.WAITING, State.ANSWERED, State.CLOSED],
    State.WAITING: [State.NEW, State.WORKING],
    State.ANSWERED: [State.NEW, State.WORKING, State.WAITING],
    State.CLOSED: [State.ANSWERED],
}
OPEN_STATES = [State.NEW, State.WORKING, State.WAITING]
BREACH_IN = dt.timedelta(hours=8)
MANY_UNITS = 12


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tickets of accounts the person may see; those of unknown callers to who works every ticket, and one's own."""
        if not user.is_active or not user.has_perm("crm.view_ticket"):
            return self.none()
        if not user.bound_to_unit:
            return self
        unknown = Q(account=None, assignee=user)
        many = len(user.unit_ids) > MANY_UNITS  # most tickets are theirs: any walk meets enough, and a list of all their accounts is long
        if many or few_within_reach(user) is not None:
            return self.filter(within_reach(user, "account__") | unknown)
        return self.filter(Q(account__in=Account.objects.visible_to(user)) | unknown)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def of(self, user):
        """A person's own queue: open tickets assigned to them, of accounts they manage, or logged by them.

        Three short walks of indexes; one condition with OR over two tables would read every open ticket.
        """
        opened = Ticket.objects.open().order_by().values("pk")
        own = opened.filter(assignee=user).union(opened.filter(account__manager=user), opened.filter(logged_by=user))
        return self.open().filter(pk__in=own)

    def unassigned(self):
        return self.open().filter(assignee=None)

    def reopened(self):
        return self.open().filter(reopened_count__gt=0)

    def without_due(self):
        """Open tickets whose answer time could not be set: the calendar was not loaded that far, or no clock policy matched."""
        return self.open().filter(answer_due_at=None)

    def overdue(self, at):
        return self.open().filter(paused_at=None, answer_due_at__lt=at)

    def breaching(self, at, within):
        return self.open().filter(paused_at=None, answer_due_at__gte=at, answer_due_at__lt=at + within)

    def breach_to_note(self, at):
        return self.overdue(at).filter(breach_noted_at=None)

    def like(self, *, account, category, since):
        """Open tickets of the account in the same class, opened lately: a second caller about the same thing."""
        return self.open().filter(account=account, category=category, opened_at__gte=since).order_by("-opened_at")

    def nearby(self, *, account, kind, category, since):
        """Open tickets of other accounts of the same unit, of the same kind and class, opened lately: perhaps one outage. None is a part."""
        alike = self.open().filter(account__unit=account.unit_id, kind=kind, category=category, opened_at__gte=since, parent=None)
        return alike.exclude(account=account).annotate(parts=Count("children")).order_by("-parts", "-opened_at")

    def queue_counts(self, at):
        """`{"unassigned", "breaching", "reopened", "overdue", "undated", "open"}`: open tickets of each queue, in one query."""
        running = Q(paused_at=None)
        return self.open().aggregate(
            unassigned=Count("pk", filter=Q(assignee=None)),
            breaching=Count("pk", filter=running & Q(answer_due_at__gte=at, answer_due_at__lt=at + BREACH_IN)),
            overdue=Count("pk", filter=running & Q(answer_due_at__lt=at)),
            reopened=Count("pk", filter=Q(reopened_count__gt=0)),
            undated=Count("pk", filter=Q(answer_due_at=None)),
            open=Count("pk"),
        )

    def for_display(self):
        """With what a row of a list shows."""
        return self.select_related("account__customer", "assignee")


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Ticket(models.Model):
    account = models.ForeignKey(
        "crm.Account", models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("account"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, default=Kind.COMPLAINT)
    category = models.CharField(_("class"), max_length=15, choices=Category)
    topic = models.CharField(_("topic"), max_length=40, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.NORMAL)
    title = models.CharField(_("in one line"), max_length=160)
    text = models.TextField(_("what happened"), blank=True)
    channel = models.CharField(_("channel"), max_length=12, default="phone")
    caller_name = models.CharField(_("caller"), max_length=80, blank=True)
    caller_phone = models.CharField(_("caller's phone"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("assigned to")
    )
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("logged by"))
    opened_at = models.DateTimeField(_("opened at"))
    contact_due_at = models.DateTimeField(_("first contact due"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    resolve_due_at = models.DateTimeField(_("resolution due"), null=True, blank=True)
    pass_on_due_at = models.DateTimeField(_("to be passed on by"), null=True, blank=True)
    passed_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("first contact"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    paused_at = models.DateTimeField(_("clock paused since"), null=True, blank=True)
    breach_noted_at = models.DateTimeField(_("breach noted at"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction, 1 to 5"), null=True, blank=True)
    root_cause = models.CharField(_("root cause"), max_length=60, blank=True)
    responsible_unit = models.ForeignKey(
        "crm.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible unit")
    )
    clock_policy = models.ForeignKey("crm.ClockPolicy", models.PROTECT, null=True, related_name="+", verbose_name=_("clock policy"))
    clock_explained = models.JSONField(
        _("why this clock"), default=dict, blank=True, db_default={}, help_text="why, case, others, plain, used_up, missing_year"
    )
    entitlement = models.ForeignKey(
        "crm.Entitlement", models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("green channel")
    )
    suggested = models.JSONField(
        _("suggested by the text"),
        default=dict,
        blank=True,
        db_default={},
        help_text="kind, class, topic, severity, each with confidence and why",
    )
    route_at = models.DateTimeField(_("to be routed from"), null=True, blank=True, editable=False)
    escalation_level = models.PositiveSmallIntegerField(_("escalated to level"), default=0, db_default=0)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("part of"))
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates", verbose_name=_("duplicate of")
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    external_id = models.CharField(_("number at the source"), max_length=40, null=True, blank=True, unique=True)
    batch = models.ForeignKey("crm.ImportBatch", models.SET_NULL, null=True, db_index=False, db_constraint=False, related_name="+")

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5), name="satisfaction_is_1_to_5"
            ),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(closed_at=None), name="a_closed_ticket_has_its_time"),
            models.CheckConstraint(condition=~Q(state="answered") | ~Q(answered_at=None), name="an_answered_ticket_has_its_time"),
            models.CheckConstraint(condition=~Q(duplicate_of=models.F("id")), name="a_ticket_is_not_its_own_duplicate"),
        ]
        indexes = [
            models.Index(fields=["account", "-opened_at"], name="tickets_of_account"),
            models.Index(fields=["answer_due_at", "id"], name="open_tickets_by_due", condition=Q(state__in=["new", "working", "waiting"])),
            models.Index(fields=["opened_at"], name="tickets_by_opening"),
            models.Index(fields=["route_at"], name="tickets_to_route", condition=~Q(route_at=None)),
            models.Index(fields=["closed_at"], name="closed_tickets_by_closing", condition=Q(state="closed")),
            models.Index(fields=["assignee"], name="open_tickets_by_assignee", condition=Q(state__in=["new", "working", "waiting"])),
            models.Index(fields=["logged_by"], name="open_tickets_by_logger", condition=Q(state__in=["new", "working", "waiting"])),
            models.Index(fields=["account", "kind"], name="open_tickets_by_account", condition=Q(state__in=["new", "working", "waiting"])),
        ]

    def __str__(self):
        return f"#{self.pk} {self.title}"

    def get_kind_display(self):
        """Kinds are edited by administrators, so the label is a row's."""
        return taxonomy.label("kind", self.kind)

    def get_category_display(self):  # type: ignore[no-redef]
        return taxonomy.label("class", self.category)

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def answered_in_time(self):
        """None while unanswered or without a due time."""
        return self.answered_at <= self.answer_due_at if self.answered_at and self.answer_due_at else None

    def moves(self):
        """States this ticket may move to now."""
        return [to for to, sources in MOVES_FROM.items() if self.state in sources]

    def may_be_worked_by(self, user):
        """Agents and supervisors work every ticket they see; a manager those assigned to them and those of accounts they manage."""
        if not user.has_perm("crm.work_ticket"):
            return False
        if user.has_perm("crm.work_every_ticket") or self.assignee_id == user.pk:
            return True
        return self.account is not None and self.account.manager_id == user.pk


class TicketNote(models.Model):
    """What happened to a ticket: moves, calls, notes. Never changed."""

    class What(models.TextChoices):
        LOGGED = "logged", _("Logged")
        ASSIGNED = "assigned", _("Assigned")
        CONTACTED = "contacted", _("First contact made")
        MOVED = "moved", pgettext_lazy("ticket", "Moved")
        REOPENED = "reopened", _("Reopened")
        CALLER = "caller", _("Another caller")
        TALKED = "talked", _("Spoke with the customer")
        MISSED = "missed", _("Tried to reach the customer")
        LINKED = "linked", _("Made part of another ticket")
        UNLINKED = "unlinked", _("Taken out of the other ticket")
        MERGED = "merged", _("Merged")
        UNMERGED = "unmerged", _("Merge undone")
        ESCALATED = "escalated", _("Escalated")
        FILED = "filed", _("File added")
        UNFILED = "unfiled", _("File removed")
        BREACHED = "breached", _("Answer overdue")
        RATED = "rated", _("Rated by the customer")
        NOTE = "note", _("Internal note")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=What, default=What.NOTE, db_default=What.NOTE)
    moved_to = models.CharField(max_length=10, choices=State, blank=True)
    channel = models.CharField(max_length=12, blank=True, db_default="")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.ticket_id} {self.at:%F %T}"


class TicketMerge(models.Model):
    """One matter logged twice: `merged` lives on in `kept`. `before` is what undoing gives back."""

    kept = models.ForeignKey(Ticket, models.CASCADE, related_name="merges_into")
    merged = models.ForeignKey(Ticket, models.CASCADE, related_name="merges")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="a_ticket_is_merged_into_one"),
            models.CheckConstraint(condition=~Q(kept=models.F("merged")), name="a_ticket_is_not_merged_into_itself"),
        ]

    def __str__(self):
        return f"#{self.merged_id} → #{self.kept_id}"
