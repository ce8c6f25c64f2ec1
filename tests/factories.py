"""Rows for tests, with traits that read as the situation they stand for."""

from datetime import date, datetime, time, timedelta
from io import StringIO
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from editorial.models import Correspondent, Partner, Resource
from events.models import Audience, Edition, Event, Format, Sector, Slot
from labels.models import Application, State
from labels.permissions import COMMUNICATION, NATIONAL, REGIONAL
from places.gazetteer import time_zone_of
from places.models import Commune, Departement, Region

PASSWORD = "une phrase de passe longue de sept mots"
_rank = count()

_PLACES = {
    # code: (name, post codes, département, région, latitude, longitude)
    "76351": ("Le Havre", "76600", ("76", "Seine-Maritime"), ("28", "Normandie"), 49.4938, 0.1077),
    "76217": ("Dieppe", "76200", ("76", "Seine-Maritime"), ("28", "Normandie"), 49.9207, 1.0857),
    "14118": ("Caen", "14000", ("14", "Calvados"), ("28", "Normandie"), 49.1829, -0.3707),
    "69381": ("Lyon 1er Arrondissement", "69001", ("69", "Rhône"), ("84", "Auvergne-Rhône-Alpes"), 45.7699, 4.8292),
    "97411": ("Saint-Denis", "97400", ("974", "La Réunion"), ("04", "La Réunion"), -20.8789, 55.4481),
    "01053": ("Bourg-en-Bresse", "01000", ("01", "Ain"), ("84", "Auvergne-Rhône-Alpes"), 46.20513, 5.22523),
    "2A004": ("Ajaccio", "20000 20090 20167", ("2A", "Corse-du-Sud"), ("94", "Corse"), 41.91865, 8.73688),
    "97105": ("Basse-Terre", "97100", ("971", "Guadeloupe"), ("01", "Guadeloupe"), 15.99718, -61.73226),
    "97416": ("Saint-Pierre", "97410 97432", ("974", "La Réunion"), ("04", "La Réunion"), -21.34163, 55.47777),
    "97608": ("Dzaoudzi", "97615", ("976", "Mayotte"), ("06", "Mayotte"), -12.78788, 45.27037),
    "97801": ("Saint-Martin", "97150", None, None, 18.068, -63.082),
    "97302": ("Cayenne", "97300", ("973", "Guyane"), ("03", "Guyane"), 4.9372, -52.326),
    "97502": ("Saint-Pierre", "97500", None, None, 46.7786, -56.1773),
    "98818": ("Nouméa", "98800", None, None, -22.2758, 166.458),
}


def commune(code: str = "76351") -> Commune:
    """A real commune, with its région and département, without loading the 35 014."""
    name, postcodes, departement, region, latitude, longitude = _PLACES[code]
    if region:
        Region.objects.get_or_create(code=region[0], defaults={"name": region[1]})
    if departement and region:
        Departement.objects.get_or_create(
            code=departement[0], defaults={"name": departement[1], "region_id": region[0]}
        )
    return Commune.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "postcodes": f" {postcodes}",
            "departement_id": departement[0] if departement else None,
            "region_id": region[0] if region else None,
            "latitude": latitude,
            "longitude": longitude,
            "population": 10_000,
            "time_zone": time_zone_of(code),
        },
    )[0]


def organiser(**fields: Any) -> User:
    """Someone who signs in by code."""
    defaults = {"email": f"organisateur{next(_rank)}@exemple.fr", "name": "Camille Martin"}
    return User.objects.create_user(**{**defaults, **fields})


def _examiner(group: str, **fields: Any) -> User:
    if not Group.objects.filter(name=group).exists():
        call_command("make_groups", stdout=StringIO())
    user = organiser(is_staff=True, password=PASSWORD, **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def regional(*codes: str, **fields: Any) -> User:
    """An examiner of the régions with these INSEE codes (Normandie by default)."""
    user = _examiner(REGIONAL, **{"name": "Rachida Régionale", **fields})
    for code in codes or ("28",):
        region, _ = Region.objects.get_or_create(code=code, defaults={"name": f"Région {code}"})
        user.regions.add(region)
    return user


def national(**fields: Any) -> User:
    return _examiner(NATIONAL, **{"name": "Nadia Nationale", **fields})


def communication(**fields: Any) -> User:
    return _examiner(COMMUNICATION, **{"name": "Coline Communication", **fields})


def resource(**fields: Any) -> Resource:
    """A text that teachers read since yesterday."""
    rank = next(_rank)
    defaults: dict[str, Any] = {
        "title": f"Préparer une visite {rank}",
        "slug": f"preparer-une-visite-{rank}",
        "kind": Resource.Kind.ADVICE,
        "for_teachers": True,
        "summary": "Avant de monter dans le car.",
        "text": "" if fields.keys() & {"address", "file"} else "## Choisir\n\n- tôt",
        "published_from": timezone.now() - timedelta(days=1),
    }
    return Resource.objects.create(**{**defaults, **fields})


def partner(**fields: Any) -> Partner:
    defaults: dict[str, Any] = {
        "name": f"Fédération {next(_rank)}",
        "kind": Partner.Kind.FEDERATION,
        "published_from": timezone.now() - timedelta(days=1),
    }
    return Partner.objects.create(**{**defaults, **fields})


def correspondent(**fields: Any) -> Correspondent:
    """The service of Normandie, unless told otherwise."""
    if "role" not in fields:
        fields.setdefault("region", commune().region)
    return Correspondent.objects.create(**{"service": f"DREETS {next(_rank)}", **fields})


def organisation(*, member: User | None = None, **fields: Any) -> Organisation:
    """A company, owned by ``member``."""
    defaults = {"name": f"Fonderie du Port {next(_rank)}", "kind": Organisation.Kind.COMPANY}
    result = Organisation.objects.create(**{**defaults, **fields})
    if member:
        Membership.objects.create(user=member, organisation=result)
    return result


def edition(year: int | None = None, **fields: Any) -> Edition:
    """An edition; without ``year``, the one whose window holds today and whose applications are open."""
    if year is None:
        today = timezone.localdate()
        year = today.year
        monday = today - timedelta(days=today.weekday())
    else:
        monday = date(year, 11, 18) - timedelta(days=date(year, 11, 18).weekday())
    sunday = monday + timedelta(days=6)
    defaults: dict[str, Any] = {
        "number": year - 2011,
        "year": year,
        "theme": "Agir pour une industrie d’avenir",
        "week_starts_on": monday,
        "week_ends_on": sunday,
        "window_starts_on": monday - timedelta(days=15),
        "window_ends_on": sunday + timedelta(days=15),
        "applications_open_at": timezone.now() - timedelta(days=30),
        "applications_close_at": timezone.now() + timedelta(days=10),
        **fields,
    }
    if year != timezone.localdate().year and "applications_open_at" not in fields:
        tz = timezone.get_current_timezone()
        defaults["applications_open_at"] = datetime(year, 9, 16, tzinfo=tz)
        defaults["applications_close_at"] = datetime(year, 11, 12, tzinfo=tz)
    return Edition.objects.get_or_create(year=year, defaults=defaults)[0]


def event(**fields: Any) -> Event:
    """A complete event that meets the four conditions, not public yet; ``capacity`` is that of each slot."""
    slots: list[tuple[date, time, time]] | None = fields.pop("slots", None)
    capacity: int | None = fields.pop("capacity", None)
    audiences: list[str] = fields.pop("audiences", ["scolaires", "grand-public"])
    place = fields.pop("commune", commune())
    fields.setdefault("edition", None)
    fields["edition"] = fields["edition"] or edition()
    result = Event(
        **{
            "title": "Visite de la fonderie",
            "description": "Entrée libre. Découverte des ateliers de moulage et des métiers de la fonderie.",
            "purpose": "Faire découvrir les métiers de l’industrie métallurgique.",
            "format": Format.objects.get(slug="visite-entreprise"),
            "price": 0,
            "venue": "Fonderie du Port",
            "address": "12 rue des Docks",
            "registration": Event.Registration.NONE,
            **fields,
        }
    )
    if result.organisation is None:
        result.organisation = organisation()
    if result.attendance != Event.Attendance.ONLINE:
        result.set_place(place)
    result.save()
    result.audiences.set(Audience.objects.filter(slug__in=audiences))
    result.sectors.set(Sector.objects.filter(slug="metallurgie"))
    for day, start, end in slots or [(result.edition.week_starts_on, time(9), time(12))]:
        Slot.objects.create(
            event=result, date=day, start_time=start, end_time=end, capacity=capacity, time_zone=result.time_zone
        )
    result.index()
    return result


def application(*, state: State = State.DRAFT, by: User | None = None, **fields: Any) -> Application:
    """An application in ``state``, reached through the workflow's own moves; ``fields`` are the event's."""
    from labels.models import Action, Condition
    from labels.workflow import perform

    owner = by or organiser()
    if "organisation" not in fields:
        fields["organisation"] = organisation(member=owner)
    its_event = event(**fields)
    result = Application.objects.create(
        reference=its_event.edition.next_reference(), event=its_event, created_by=owner, contact_name="Camille Martin"
    )
    if state == State.DRAFT:
        return result
    if state == State.WITHDRAWN:
        perform(result, Action.WITHDRAW, by=owner)
        return result
    perform(result, Action.SUBMIT, by=owner)
    examiner = User.objects.filter(email="traits@exemple.gouv.fr").first() or national(email="traits@exemple.gouv.fr")
    match state:
        case State.APPROVED | State.CANCELLED | State.REVOKED:
            perform(result, Action.APPROVE, by=examiner)
        case State.REFUSED:
            perform(result, Action.REFUSE, by=examiner, note="Payant.", conditions=[Condition.FREE])
        case State.RETURNED:
            perform(result, Action.RETURN, by=examiner, note="Précisez les dates.", conditions=[Condition.DATES])
    if state == State.CANCELLED:
        perform(result, Action.CANCEL, by=owner, note="L’atelier est fermé.")
    if state == State.REVOKED:
        perform(result, Action.REVOKE, by=examiner, note="Payant.", conditions=[Condition.FREE])
    return result
