"""The purge: one table of what leaves at its time, for the command and for the night alike.

Each rule erases by small transactions and looks at each row again once it is its own, so that a purge may stop at any
moment, be run again, or run twice at once.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts import leftovers as of_accounts
from accounts.models import Invitation, User
from core import old_mails, retention, strays
from core.retention import Retention
from editorial import leftovers as of_editors
from events import pictures
from events.models import Report
from labels import contacts, erasure, leftovers, removal
from labels.workflow import MoveRefused

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rows:
    """``due`` are the rows whose time is over; ``erase`` takes some of them in a transaction and says how many went."""

    retention: Retention
    due: Callable[[], QuerySet[Any]]
    erase: Callable[[QuerySet[Any]], int]
    batch: int = 200

    def count(self) -> int:
        return self.due().count()

    def apply(self) -> int:
        return sum(self._erase(keys) for keys in self._batches())

    def _batches(self) -> Iterator[list[Any]]:
        """The keys in their order, each once: a row that stays is not tried again before the next purge."""
        due = self.due().order_by("pk")
        keys = list(due.values_list("pk", flat=True)[: self.batch])
        while keys:
            yield keys
            keys = list(due.filter(pk__gt=keys[-1]).values_list("pk", flat=True)[: self.batch])

    @transaction.atomic
    def _erase(self, keys: list[Any]) -> int:
        """What another purge holds is that one's; what came back into use meanwhile is due no more."""
        held = (
            self.due().filter(pk__in=keys).order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)
        )
        mine = [row.pk for row in held]
        return self.erase(QuerySet(held.model).filter(pk__in=mine)) if mine else 0


@dataclass(frozen=True)
class Files:
    retention: Retention
    due: Callable[[], list[str]]

    def count(self) -> int:
        return len(self.due())

    def apply(self) -> int:
        return strays.erase(self.due())


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _erase_accounts(users: QuerySet[User]) -> int:
    """One that a colleague's deed holds up waits for the next night."""
    count = 0
    for user in users:
        try:
            erasure.erase(user, is_asked=False)
        except MoveRefused:
            logger.warning("account %s is left to the next purge", user.pk)
        else:
            count += 1
    return count


Rule = Rows | Files
RULES: tuple[Rule, ...] = (
    Rows(retention.NEVER_USED, leftovers.never_used, leftovers.forget),
    Rows(retention.DRAFT, leftovers.drafts, removal.take_out),
    Rows(retention.APPLICATION, leftovers.unlabelled, removal.take_out),
    Rows(retention.CONTACT, leftovers.with_contacts, contacts.forget),
    Rows(retention.WARNED, leftovers.to_warn, leftovers.warn),
    Rows(retention.ACCOUNT, leftovers.to_erase, _erase_accounts, batch=1),
    Rows(retention.MAIL, old_mails.left, old_mails.mask),
    Rows(retention.FAILED_MAIL, old_mails.refused, old_mails.mask),
    Rows(retention.CODE, old_mails.codes, old_mails.mask),
    Rows(retention.REPORT, Report.objects.over, _delete),
    Rows(retention.INVITATION, Invitation.objects.over, _delete),
    Rows(retention.LOG, of_accounts.log, _delete),
    Rows(retention.ADMIN_LOG, of_accounts.admin_log, _delete),
    Rows(retention.SESSION, of_accounts.sessions, _delete),
    *(Rows(retention.ATTEMPT, partial(of_accounts.sign_ins, model), _delete) for model in of_accounts.SIGN_INS),
    Rows(retention.FACTOR, of_accounts.factor_attempts, _delete),
    Files(retention.FILE, pictures.unused),
    Files(retention.FILE, of_editors.unused),
)


@dataclass(frozen=True)
class Line:
    """What is due, or went, under one period; ``failed`` where it stopped on the way."""

    retention: Retention
    count: int
    failed: bool = False


def foresee() -> list[Line]:
    """How much is due under each period; nothing is changed."""
    return [Line(kept, sum(rule.count() for rule in _under(kept))) for kept in retention.ALL]


def run() -> list[Line]:
    """Apply every rule; one that fails is logged, and keeps none of the others from its work."""
    lines = [_apply(kept) for kept in retention.ALL]
    told = ", ".join(f"{line.retention.what}: {line.count}" for line in lines if line.count) or "nothing"
    logger.info("purge: %s", told)
    return lines


def _apply(kept: Retention) -> Line:
    count = 0
    for rule in _under(kept):
        try:
            count += rule.apply()
        except Exception:
            logger.exception("purge stopped: %s", kept.what)
            return Line(kept, count, failed=True)
    return Line(kept, count)


def _under(kept: Retention) -> list[Rule]:
    return [rule for rule in RULES if rule.retention is kept]
