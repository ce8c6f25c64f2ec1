"""What the page of an application leads to beside a decision, for who may do it."""

from typing import Any

from accounts.models import User
from labels import permissions
from labels.admin.corrections import CORRECTS
from labels.admin.on_behalf import copied_into
from labels.models import Application, State


def offered(application: Application, user: User) -> dict[str, Any]:
    """The names that the partial « Autres actions » reads; empty when there is nothing to offer."""
    may_copy = user.has_perm("labels.apply_for_others") and application.state != State.DRAFT
    return {
        "corrects": application.state in CORRECTS and permissions.examines(user, application),
        "copied_into": copied_into(application) if may_copy else None,
        "erases": user.is_superuser,
    }
