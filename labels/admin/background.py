"""Who applies: the organisation as it is known, and what else it asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from accounts.models import Organisation, User
from core.templatetags.french import moment, siret
from labels.admin.desk import STATE
from labels.board import EVERY_STATE
from labels.models import Application, State

AT_MOST = 10


@dataclass(frozen=True)
class Background:
    facts: list[tuple[str, Any]]
    counts: list[tuple[str, int]]
    latest: list[Application]
    total: int
    queue_url: str


def background_of(application: Application, user: User) -> Background | None:
    """What ``user`` may know of the organisation's other applications; None where there is no organisation."""
    if (organisation := application.event.organisation) is None:
        return None
    theirs = Application.objects.visible_to(user).filter(event__organisation=organisation).exclude(pk=application.pk)
    counted = dict(theirs.order_by().values_list("state").annotate(Count("pk")))
    return Background(
        facts=list(_facts(organisation)),
        counts=[(state.label, counted[state]) for state in State if state in counted],
        latest=list(theirs.select_related("event__edition").order_by("-pk")[:AT_MOST]),
        total=sum(counted.values()),
        queue_url=f"{reverse('admin:labels_application_changelist')}"
        f"?organisation={organisation.pk}&{STATE}={EVERY_STATE}",
    )


def _facts(organisation: Organisation) -> Iterator[tuple[str, Any]]:
    yield "Nom", organisation.name
    yield "Nature", organisation.get_kind_display()
    if organisation.uai:
        yield "UAI", organisation.uai
    if organisation.siret or not organisation.uai:
        yield "SIRET", siret(organisation.siret)
    checked = organisation.checked_at
    yield "Vérifiée au répertoire de l’État", f"le {moment(checked)}" if checked else "jamais"
    yield "Site internet", organisation.website
