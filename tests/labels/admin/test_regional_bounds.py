"""Another région's application does not exist: at no address of the desk, in no list, file or completion.

The addresses are those of the resolver: one that is added later is tried too.
"""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from accounts.audit import AuditEntry
from accounts.models import User
from core.outbox import Mail
from events.images import draw
from events.models import Event
from events.pictures import attach
from labels.models import Application, Note, Revision, State, Transition
from tests import factories, pictures
from tests.labels.admin.desk import QUEUE, owner_of, signed_in, text_of

pytestmark = pytest.mark.django_db

TITLE = "Atelier secret du Rhône"


def _named(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in resolver.url_patterns:
        found += _named(entry) if isinstance(entry, URLResolver) else [entry]
    return found


def _of_the_desk() -> dict[str, set[str]]:
    """The addresses of applications at the desk, with the arguments that each takes."""
    return {
        str(pattern.name): set(pattern.pattern.converters)
        for pattern in _named(get_resolver())
        if str(pattern.name).startswith("labels_application_")
    }


ADDRESSES = _of_the_desk()
OF_ONE = sorted(name for name, arguments in ADDRESSES.items() if "object_id" in arguments)
OF_MANY = sorted(name for name, arguments in ADDRESSES.items() if not arguments)


def address(name: str, application: Application, other: Application) -> str:
    mail = Mail.objects.filter(about=application.reference).earliest("pk")
    known = {"object_id": application.pk, "other": other.pk, "mail": mail.pk}
    return reverse(f"admin:{name}", kwargs={key: known[key] for key in ADDRESSES[name]})


def stored() -> list[Any]:
    """All that a deed could change."""
    return [
        list(Application.objects.order_by("pk").values()),
        list(Event.objects.order_by("pk").values()),
        *(model.objects.count() for model in (Transition, Note, Revision, AuditEntry)),
        list(Mail.objects.order_by("pk").values("state", "key")),
    ]


def leaks(response: Any, application: Application) -> list[str]:
    body = b"".join(response) if response.streaming else response.content
    said = body.decode(errors="replace")
    return [secret for secret in secrets_of(application) if secret in said]


def secrets_of(application: Application) -> list[str]:
    return [TITLE, application.reference, owner_of(application).email, str(application.event.organisation)]


@pytest.fixture
def client(examiner: User) -> Client:
    return signed_in(examiner)


def test_the_addresses_are_found() -> None:
    """What follows tries those of the resolver: these at least are there."""
    assert {"labels_application_change", "labels_application_decision", "labels_application_journal"} <= set(OF_ONE)
    assert {"labels_application_changelist", "labels_application_export"} <= set(OF_MANY)
    assert set(OF_ONE) | set(OF_MANY) == set(ADDRESSES)


@pytest.mark.parametrize("name", OF_ONE)
def test_another_regions_application_is_not_found_at_any_address(
    name: str, client: Client, here: Application, elsewhere: Application
) -> None:
    url = address(name, elsewhere, here)

    response = client.get(url)

    # An address that is posted to says so before it looks at what for.
    assert response.status_code in {404, 405}
    assert leaks(response, elsewhere) == []


@pytest.mark.parametrize("name", OF_ONE)
def test_nothing_is_done_to_it_at_any_address(
    name: str, client: Client, here: Application, elsewhere: Application
) -> None:
    data = {
        "version": elsewhere.version,
        "action": "approve",
        "is_examined": "on",
        "note": "Payant.",
        "text": "À rappeler lundi.",
        "conditions": ["free"],
        "region": "28",
        "reason": "Erreur.",
        "reference": elsewhere.reference,
    }
    before = stored()

    response = client.post(address(name, elsewhere, here), data)

    assert response.status_code in {403, 404, 405}
    assert leaks(response, elsewhere) == []
    assert stored() == before


@pytest.mark.parametrize("name", [name for name in OF_ONE if "other" in ADDRESSES[name]])
def test_it_is_not_set_beside_ones_own(name: str, client: Client, here: Application, elsewhere: Application) -> None:
    response = client.get(address(name, here, elsewhere))

    assert response.status_code == 404
    assert leaks(response, elsewhere) == []


@pytest.mark.parametrize("query", ["", "?etat=toutes", "?etat=toutes&region=84", "?q=secret&etat=toutes"])
@pytest.mark.parametrize("name", OF_MANY)
def test_no_list_no_search_and_no_file_holds_it(
    name: str, query: str, client: Client, here: Application, elsewhere: Application
) -> None:
    response = client.get(reverse(f"admin:{name}") + query)

    assert leaks(response, elsewhere) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_holds_it(kind: str, client: Client, here: Application, elsewhere: Application) -> None:
    url = reverse("admin:labels_application_export") + "?etat=toutes"

    response = client.post(url, {"format": kind, "contacts": "avec"})

    told = read(kind, response.getvalue())
    assert here.reference in told and owner_of(here).email in told
    assert [secret for secret in secrets_of(elsewhere) if secret in told] == []
    (entry,) = AuditEntry.objects.filter(action="application.export")
    assert entry.details["rows"] == 1


def read(kind: str, data: bytes) -> str:
    if kind == "csv":
        return data.decode()
    rows = load_workbook(BytesIO(data)).worksheets[0].values
    return " ".join(str(value) for row in rows for value in row)


def test_no_completion_names_its_organisation(client: Client, here: Application, elsewhere: Application) -> None:
    completion, theirs = reverse("admin:labels_application_organisations"), str(elsewhere.event.organisation)

    answers = [client.get(completion, {"q": query}).content.decode() for query in (theirs, theirs[:8], "fonderie", "")]

    assert str(here.event.organisation) in answers[2]
    assert [theirs in answer for answer in answers] == [False] * 4


@pytest.mark.parametrize("model", ["labels/application", "accounts/organisation", "accounts/user", "core/mail"])
def test_djangos_own_completion_answers_nothing(model: str, client: Client, elsewhere: Application) -> None:
    app, name = model.split("/")
    query = {"app_label": app, "model_name": name, "field_name": "event", "term": "secret"}

    response = client.get(reverse("admin:autocomplete"), query)

    assert response.status_code in {403, 404}


def test_actions_of_the_list_leave_it_where_it_is(client: Client, here: Application, elsewhere: Application) -> None:
    (choices,) = [
        action["choices"] for action in [{"choices": client.get(QUEUE).context["action_form"].fields["action"].choices}]
    ]
    actions = [value for value, _ in choices if value]
    before = stored()

    for action in actions:
        response = client.post(f"{QUEUE}?etat=toutes", {"action": action, "_selected_action": [elsewhere.pk]})
        assert leaks(response, elsewhere) == []

    assert len(actions) >= 4
    assert stored() == before


@pytest.mark.parametrize("name", ["labels_application_bulk", "labels_application_bulk_region"])
def test_what_is_confirmed_in_bulk_leaves_it_where_it_is(
    name: str, client: Client, here: Application, elsewhere: Application
) -> None:
    versions = f"{elsewhere.pk}:{elsewhere.version}"
    before = stored()

    response = client.post(
        reverse(f"admin:{name}"), {"action": "approve", "versions": versions, "region": "28", "note": "À nous."}
    )

    assert stored() == before
    assert leaks(response, elsewhere) == []
    assert "hors de vos régions" in text_of(client.get(QUEUE))


def test_its_picture_is_not_served_without_the_address_that_a_page_of_it_signs(
    client: Client, elsewhere: Application
) -> None:
    picture = attach(elsewhere.event, draw(BytesIO(pictures.image())), kind="image", alt="L’atelier")

    assert client.get(picture.file.url).status_code == 404


def test_it_is_not_told_among_neighbours_nor_likely_duplicates(client: Client) -> None:
    """The same organiser, title and day, in two régions."""
    owner = factories.organiser()
    organisation = factories.organisation(member=owner, name="Aciéries réunies")
    mine = factories.application(state=State.SUBMITTED, by=owner, organisation=organisation, title=TITLE)
    other = factories.application(
        state=State.SUBMITTED, by=owner, organisation=organisation, title=TITLE, commune=factories.commune("69381")
    )

    page = client.get(reverse("admin:labels_application_change", args=[mine.pk])).content.decode()

    assert other.reference not in page
    assert f"/{other.pk}/change/" not in page
