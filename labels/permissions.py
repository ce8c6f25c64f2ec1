"""Who may do what to an application: predicates, and the groups of staff they rest on."""

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import User
from labels.models import Application

Predicate = Callable[[User, Application], bool]

NATIONAL = "Équipe nationale"
REGIONAL = "Examinateurs régionaux"
COMMUNICATION = "Communication"

_EXAMINER = {
    "labels.view_application",
    "labels.examine_application",
    "labels.view_transition",
    "labels.view_figures",
    "accounts.view_auditentry",
    "core.view_mail",
    "events.view_report",
    "events.change_report",
}
_VERBS = ("view", "add", "change", "delete")
_PUBLISHER = {f"editorial.{verb}_{model}" for model in ("resource", "partner") for verb in _VERBS}
GROUPS: dict[str, set[str]] = {
    # Figures, and what the portal publishes beside the events: no application, nobody's name.
    COMMUNICATION: {"labels.view_figures"} | _PUBLISHER,
    REGIONAL: _EXAMINER,
    NATIONAL: _EXAMINER
    | _PUBLISHER
    | {
        "labels.examine_everywhere",
        "labels.apply_for_others",
        *(f"labels.{verb}_preset" for verb in ("view", "add", "change")),
        "accounts.manage_staff",
        "accounts.erase_organisers",
        "events.view_edition",
        "events.add_edition",
        "events.change_edition",
        *(
            f"events.{verb}_{model}"
            for model in ("format", "audience", "sector", "level")
            for verb in ("view", "add", "change")
        ),
        *(f"editorial.{verb}_correspondent" for verb in _VERBS),
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
    if application.created_by_id == user.pk or belongs_to_its_organisation(user, application):
        return False
    return sees(user, application)


def sees(user: User, application: Application) -> bool:
    """Is an examiner of its région or of the national team, be it of their own organisation's: who hands it over."""
    is_examiner = user.has_perm("labels.examine_application")
    return is_examiner and Application.objects.visible_to(user).filter(pk=application.pk).exists()


def examines_nationally(user: User, application: Application) -> bool:
    return user.has_perm("labels.examine_everywhere") and examines(user, application)


def owns_or_examines(user: User, application: Application) -> bool:
    return owns(user, application) or examines(user, application)


@transaction.atomic
def make_groups() -> dict[str, int]:
    """Create or correct the groups of staff; how many permissions each holds. Raises KeyError for one that is none."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, names in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([known[permission] for permission in names])
    return {name: len(names) for name, names in GROUPS.items()}
