"""What an organiser posts at each step of the form, complete and valid, without any script."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from events.models import Edition
from labels.models import Application
from tests import factories

ORGANISATION = {
    "name": "Fonderie du Port",
    "kind": "entreprise",
    "siret": "552 081 317 66522",
    "website": "www.exemple.fr",
    "contact_name": "Camille Martin",
    "contact_phone": "0692 12 34 56",
}
EVENT = {
    "title": "Visite de la fonderie",
    "format": "visite-entreprise",
    "description": "Entrée libre. Découverte des ateliers de moulage et des métiers de la fonderie.",
    "purpose": "Faire découvrir les métiers de l’industrie métallurgique.",
    "sectors": ["metallurgie"],
}
PLACE = {
    "attendance": "sur-place",
    "slots-TOTAL_FORMS": "1",
    "slots-INITIAL_FORMS": "0",
    "slots-0-date": "2026-11-17",
    "slots-0-start_time": "09:00",
    "slots-0-end_time": "12:00",
    "slots-0-capacity": "120",
    "venue": "Fonderie du Port",
    "address": "12 rue des Docks",
    "commune": "le havre",
    "directions": "Tramway A, arrêt Docks.",
}
PUBLICS = {
    "audiences": ["scolaires", "grand-public"],
    "levels": ["college"],
    "group_size": "30",
    "safety_equipment": "Casque prêté.",
    "price": "0",
    "registration": "lien",
    "registration_url": "https://www.exemple.fr/inscription",
    "is_accessible": "on",
}
STEPS: dict[str, dict[str, Any]] = {
    "organisme": ORGANISATION,
    "evenement": EVENT,
    "dates-et-lieu": PLACE,
    "publics": PUBLICS,
}


def edition_of_2026() -> Edition:
    """The edition whose window goes from 1 November to 7 December 2026, open to applications whatever the day."""
    now = timezone.now()
    return factories.edition(
        2026, applications_open_at=now - timedelta(days=30), applications_close_at=now + timedelta(days=10)
    )


def begun(client: Client, user: User) -> Application:
    """A draft of ``user``, signed in, begun through the page that begins one."""
    factories.commune()
    edition_of_2026()
    client.force_login(user)
    client.post("/organisateurs/demandes/nouvelle/")
    return Application.objects.latest("pk")


def filled(client: Client, user: User) -> Application:
    """A draft with every step answered, by posting them in their order."""
    draft = begun(client, user)
    for step, data in STEPS.items():
        client.post(f"/organisateurs/demandes/{draft.reference}/{step}/", {**data, "action": "continue"})
    return Application.objects.get(pk=draft.pk)


def address(application: Application, rest: str = "") -> str:
    return f"/organisateurs/demandes/{application.reference}/{rest}"


def send(client: Client, application: Application, step: str, action: str = "continue", **changes: Any) -> Any:
    """Post the complete answers of ``step`` with ``changes``; None takes an answer away."""
    data = {**STEPS[step], **changes, "action": action}
    return client.post(
        address(application, f"{step}/"), {name: value for name, value in data.items() if value is not None}
    )


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def anchors(response: Any) -> list[str]:
    return [flaw.anchor for flaw in response.context["flaws"]]
