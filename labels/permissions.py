"""Who may do what to an application: predicates, and the groups of staff they rest on."""

from collections.abc import Callable

from accounts.models import User
from labels.models import Application

Predicate = Callable[[User, Application], bool]

NATIONAL = "Équipe nationale"
REGIONAL = "Examinateurs régionaux"

_EXAMINER = {"labels.view_application", "labels.examine_application", "labels.view_transition"}
GROUPS: dict[str, set[str]] = {
    REGIONAL: _EXAMINER,
    NATIONAL: _EXAMINER
    | {
        "labels.examine_everywhere",
        "events.view_edition",
        "events.add_edition",
        "events.change_edition",
        *(
            f"events.{verb}_{model}"
            for model in ("format", "audience", "sector", "level")
            for verb in ("view", "add", "change")
        ),
        "core.view_mail",
        "accounts.view_organisation",
        "accounts.join_organisations",
    },
}


def owns(user: User, application: Application) -> bool:
    """Applied themselves, or belongs to the organisation that did."""
    if user.is_staff or not user.is_active:
        return False
    return application.created_by_id == user.pk or belongs_to_its_organisation(user, application)


def belongs_to_its_organisation(user: User, application: Application) -> bool:
    organisation = application.event.organisation
    return organisation is not None and user.memberships.filter(organisation=organisation).exists()


def examines(user: User, application: Application) -> bool:
    """May decide: an examiner of its région or of the national team, and of another organisation (four eyes)."""
    if not user.has_perm("labels.examine_application"):
        return False
    if application.created_by_id == user.pk or belongs_to_its_organisation(user, application):
        return False
    return Application.objects.visible_to(user).filter(pk=application.pk).exists()


def examines_nationally(user: User, application: Application) -> bool:
    return user.has_perm("labels.examine_everywhere") and examines(user, application)


def owns_or_examines(user: User, application: Application) -> bool:
    return owns(user, application) or examines(user, application)
