"""Who may see which applications, and what is read with them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import User
from events.models import Edition
from labels.models.states import DESK_ORDER, EDITABLE, Action, State

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labels.models.applications import Application  # noqa: F401  named by a string alone

# A draft that somebody is at needs no reminder.
LEFT_ALONE = timedelta(days=2)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that an organiser may see: their own and their organisations'."""
        if not user.is_authenticated or user.is_staff:
            return self.none()
        # Asked of each page of theirs, and by Django it took as long to write as the rest of the question.
        theirs = RawSQL("SELECT organisation_id FROM accounts_membership WHERE user_id = %s", [user.pk])
        return self.filter(Q(created_by=user) | Q(event__organisation__in=theirs))

    def visible_to(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that a member of staff may see: all for the national team, their régions' for a regional examiner."""
        if not (user.is_active and user.is_staff and user.has_perm("labels.view_application")):
            return self.none()
        if user.has_perm("labels.examine_everywhere"):
            return self
        return self.filter(region__in=user.regions.all())

    def counted_for(self, user: "User | AnonymousUser") -> "ApplicationQuerySet":
        """Those that a member of staff may read figures of: as ``visible_to``, and all for who sees none of them."""
        if not (user.is_active and user.is_staff and user.has_perm("labels.view_figures")):
            return self.none()
        return self.visible_to(user) if user.has_perm("labels.view_application") else self

    def editable(self) -> "ApplicationQuerySet":
        """Those that their organisers may still change."""
        return self.filter(state__in=EDITABLE)

    def untouched(self, user: User) -> "ApplicationQuerySet":
        """Drafts that ``user`` began and in which nothing was ever saved."""
        return self.filter(created_by=user, state=State.DRAFT, version=0, event__title="")

    def filed(self) -> "ApplicationQuerySet":
        """Those that reached an examiner and were not taken back."""
        return self.exclude(state__in=(State.DRAFT, State.WITHDRAWN))

    def waiting(self) -> "ApplicationQuerySet":
        """What an examiner has to decide: those submitted, and those labelled whose change waits."""
        return self.filter(due_on__isnull=False)

    def with_revision(self) -> "ApplicationQuerySet":
        """Labelled ones whose organiser asks for a change that waits to be examined."""
        return self.filter(state=State.APPROVED, revisions__state="pending")

    def late(self, today: date | None = None) -> "ApplicationQuerySet":
        """Those whose answer was promised for before ``today``."""
        return self.waiting().filter(promised_on__lt=today or timezone.localdate())

    def to_remind(self, edition: Edition, due: int) -> "ApplicationQuerySet":
        """Drafts with something typed, reminded of fewer than ``due`` times; for the first, those left alone."""
        empty = Q(contact_name="", event__title="", event__description="", event__purpose="", event__starts_on=None)
        drafts = self.filter(state=State.DRAFT, event__edition=edition, reminders__lt=due).exclude(empty)
        return drafts if due > 1 else drafts.filter(updated_at__lt=timezone.now() - LEFT_ALONE)

    def for_desk(self) -> "ApplicationQuerySet":
        return self.select_related("event__edition", "event__organisation", "event__commune", "event__format")

    def for_own_desk(self) -> "ApplicationQuerySet":
        """With all that a row of the organiser's desk shows, in a constant number of queries."""
        from labels.models.history import Transition

        returns = Transition.objects.filter(action=Action.RETURN)
        return self.for_desk().prefetch_related(
            "event__slots", "revisions", models.Prefetch("transitions", returns, to_attr="returns")
        )

    def in_desk_order(self, current: Edition | None) -> "ApplicationQuerySet":
        """The current edition first, then the latest; in each, what waits for the organiser, and by date."""
        ranks = (models.When(state=state, then=rank) for rank, state in enumerate(DESK_ORDER))
        return self.order_by(
            models.Case(models.When(event__edition=current, then=0), default=1),
            "-event__edition__year",
            models.Case(*ranks, default=len(DESK_ORDER)),
            F("event__starts_on").asc(nulls_last=True),
            "-pk",
        )

    def in_state(self, state: State) -> "ApplicationQuerySet":
        return self.filter(state=state)

    def count_by_group(self) -> dict[tuple[int, str], int]:
        """How many there are, by year of edition and state."""
        rows = self.order_by().values_list("event__edition__year", "state").annotate(models.Count("pk"))
        return {(year, state): count for year, state, count in rows}

    def for_verdict(self) -> "ApplicationQuerySet":
        return self.select_related(
            "event__edition",
            "event__organisation",
            "event__format",
            "event__commune",
            "event__region",
            "region",
            "created_by",
            "assigned_to",
        ).prefetch_related("event__slots", "event__audiences", "event__sectors", "event__edition__audiences")
