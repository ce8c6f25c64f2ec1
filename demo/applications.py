"""Applications in every state for the edition that is open, each brought there by the workflow's own moves."""

from collections.abc import Sequence
from datetime import time, timedelta
from random import Random

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from demo.catalogue import PURPOSE, SAFETY, TRADES, describe
from demo.signins import SIGN_INS, SignIn
from events.models import Audience, Edition, Event, Format, Sector, Slot
from labels.models import Action, Application, Condition, State
from labels.permissions import COMMUNICATION, NATIONAL, REGIONAL
from labels.workflow import perform
from places.models import Commune, Region

# How many of each, and where; the rest of a state's applications follow the list again.
STATES: list[tuple[State, int]] = [
    (State.APPROVED, 24),
    (State.SUBMITTED, 14),
    (State.RETURNED, 4),
    (State.REFUSED, 3),
    (State.DRAFT, 4),
    (State.WITHDRAWN, 2),
    (State.REVOKED, 1),
    (State.CANCELLED, 2),
]
TOWNS = ["76351", "97411", "14118", "69381", "59350", "44109", "67482", "31555", "33063", "97302", "35238", "13201"]
_DOUBTFUL = [
    ("Entrée 5 €, gratuit pour les moins de 12 ans.", "Visite et dégustation à la conserverie"),
    ("Atelier réservé aux salariés du groupe et à leurs familles.", "Journée des familles"),
    ("Concours de pâtisserie amateur et marché de producteurs.", "Fête du goût"),
]


def make_accounts() -> dict[str, User]:
    """The sign-ins of ``demo.signins``, by address."""
    accounts = {}
    for sign_in in SIGN_INS:
        user, is_new = User.objects.get_or_create(
            email=sign_in.email,
            defaults={"name": sign_in.name, "is_staff": sign_in.password is not None},
        )
        if is_new:
            user.set_password(sign_in.password)
            user.is_superuser = sign_in.email.startswith("admin@")
            user.save()
            if user.is_staff and not user.is_superuser:
                user.groups.add(Group.objects.get(name=_group_of(sign_in)))
            user.regions.set(Region.objects.filter(code__in=sign_in.regions))
        accounts[sign_in.email] = user
    return accounts


def _group_of(sign_in: SignIn) -> str:
    if sign_in.email.startswith("communication@"):
        return COMMUNICATION
    return REGIONAL if sign_in.regions else NATIONAL


# Numbers that pass the checks and that nobody has.
_ORGANISATIONS: list[tuple[str, str, dict[str, str]]] = [
    (
        "entreprise@demo.example",
        "Fonderie du Port (démo)",
        {
            "kind": Organisation.Kind.COMPANY,
            "siret": "99999999800019",
            "address": "12 rue des Docks",
            "commune_id": "76351",
        },
    ),
    (
        "lycee@demo.example",
        "Lycée Marie-Curie (démo)",
        {"kind": "etablissement-scolaire", "uai": "9990001X", "address": "3 rue du Lycée", "commune_id": "97411"},
    ),
]


def load(edition: Edition, accounts: dict[str, User]) -> int:
    """Write the applications; the number of them. Mails are posted as they would be."""
    random = Random(f"applications of {edition.year}")
    organisers = [
        (accounts[email], Organisation.objects.get_or_create(name=name, defaults=identity)[0])
        for email, name, identity in _ORGANISATIONS
    ]
    for user, organisation in organisers:
        Membership.objects.get_or_create(user=user, organisation=organisation)
    examiner = accounts["national@demo.example"]
    wanted = [state for state, count in STATES for _ in range(count)]
    for rank, state in enumerate(wanted):
        user, organisation = organisers[rank % len(organisers)]
        event = _event(edition, organisation, random, rank, is_doubtful=state in _QUESTIONED and rank % 3 == 0)
        application = Application.objects.create(
            reference=edition.next_reference(), event=event, created_by=user, contact_name=user.name
        )
        _bring_to(application, state, user, examiner)
    for rank, (user, organisation) in enumerate(organisers):
        _give_events_of_before(edition, user, organisation, rank)
    return len(wanted)


def _give_events_of_before(edition: Edition, user: User, organisation: Organisation, rank: int) -> None:
    """Three events of the edition before, so that there is something to ask for again."""
    before = Application.objects.filter(
        state=State.APPROVED, event__commune__isnull=False, event__edition__week_starts_on__lt=edition.week_starts_on
    ).order_by("-event__edition__year", "pk")
    for application in before.select_related("event")[3 * rank : 3 * rank + 3]:
        Application.objects.filter(pk=application.pk).update(created_by=user, contact_name=user.name)
        Event.objects.filter(pk=application.event_id).update(organisation=organisation)
        application.event.index()


_QUESTIONED = (State.SUBMITTED, State.RETURNED, State.REFUSED)


def _event(edition: Edition, organisation: Organisation, random: Random, rank: int, *, is_doubtful: bool) -> Event:
    commune = Commune.objects.get(code=TOWNS[rank % len(TOWNS)])
    trade = TRADES[rank % len(TRADES)]
    slug = ["visite-entreprise", "portes-ouvertes", "atelier", "job-dating", "forum-metiers"][rank % 5]
    title, description = describe(random, slug, trade, organisation.name.removesuffix(" (démo)"), commune.name)
    if is_doubtful:
        sentence, title = _DOUBTFUL[rank // 3 % len(_DOUBTFUL)]
        description = f"{sentence}\n\n{description}"
    event = Event(
        edition=edition,
        organisation=organisation,
        title=title,
        description=description,
        purpose=PURPOSE,
        format=Format.objects.get(slug=slug),
        price=0,
        venue=f"Site de {commune.name}",
        address=f"{rank + 1} rue de l’Industrie",
        registration=Event.Registration.NONE,
        safety_equipment=SAFETY[rank % len(SAFETY)],
        directions=f"Bus 3, arrêt Rue de l’Industrie, à {2 + rank % 8} minutes à pied ; les cars se garent devant.",
        is_accessible=rank % 2 == 0,
    )
    event.set_place(commune)
    event.is_point_confirmed = True
    event.save()
    event.audiences.set(Audience.objects.filter(slug__in=["scolaires", "jeunes", "grand-public"]))
    event.sectors.set(Sector.objects.filter(slug=trade.sector))
    _add_slots(event, rank)
    event.index()
    return event


def _add_slots(event: Event, rank: int) -> None:
    """Slots to come where the window still allows, so that the first visitor finds something to visit."""
    edition = event.edition
    first = max(timezone.localdate() + timedelta(days=1), edition.week_starts_on)
    last = edition.window_ends_on
    defaults = {"time_zone": event.time_zone, "capacity": [None, 20, 60][rank % 3]}
    for offset in range(1 + rank % 3):
        day = min(first + timedelta(days=rank % 9 + offset), last)
        Slot.objects.get_or_create(event=event, date=day, start_time=time(9), end_time=time(12), defaults=defaults)


def _bring_to(application: Application, state: State, organiser: User, examiner: User) -> None:
    for action, note, conditions in _WAYS[state]:
        by = organiser if action in (Action.SUBMIT, Action.WITHDRAW, Action.CANCEL) else examiner
        perform(application, action, by=by, note=note, conditions=conditions)


_SUBMIT: tuple[Action, str, Sequence[str]] = (Action.SUBMIT, "", ())
_APPROVE: tuple[Action, str, Sequence[str]] = (Action.APPROVE, "", ())
_WAYS: dict[State, list[tuple[Action, str, Sequence[str]]]] = {
    State.DRAFT: [],
    State.SUBMITTED: [_SUBMIT],
    State.APPROVED: [_SUBMIT, _APPROVE],
    State.RETURNED: [
        _SUBMIT,
        (Action.RETURN, "Précisez ce que l’événement montre de l’industrie.", [Condition.INDUSTRY]),
    ],
    State.REFUSED: [_SUBMIT, (Action.REFUSE, "L’entrée est payante pour une partie du public.", [Condition.FREE])],
    State.WITHDRAWN: [_SUBMIT, (Action.WITHDRAW, "", ())],
    State.REVOKED: [_SUBMIT, _APPROVE, (Action.REVOKE, "Une billetterie a été ouverte.", [Condition.FREE])],
    State.CANCELLED: [_SUBMIT, _APPROVE, (Action.CANCEL, "L’atelier est fermé pour maintenance.", ())],
}
