"""What the DGE's team edits: previewed before it is stored, refused beside the field, logged, and by whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import User
from core import retention
from core.uploads import LARGEST_FILE
from editorial.documents import keep
from editorial.models import Correspondent, Partner, Resource
from tests import factories, pictures
from tests.editorial import files
from tests.purging import purged

pytestmark = pytest.mark.django_db

ADD = "/admin/editorial/resource/add/"
TYPED = {
    "title": "Préparer sa visite",
    "slug": "preparer-sa-visite",
    "kind": "conseils",
    "for_visitors": "on",
    "summary": "Quoi porter, quoi apporter.",
    "text": "## Avant\n\n- S’inscrire",
    "position": "3",
}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(factories.national())
    return client


def _change(row: Any) -> str:
    return reverse(f"admin:editorial_{row._meta.model_name}_change", args=[row.pk])


def _pdf(name: str = "dossier.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.pdf() if data is None else data, "application/pdf")


def _png() -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", pictures.image(), "image/png")


def _errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return {name: list(errors) for name, errors in answer.context["adminform"].form.errors.items()}


# Stored --------------------------------------------------------------------------------------------------------------


def test_a_resource_is_stored_with_its_files_and_logged(desk: Client) -> None:
    sent = {**TYPED, "document": _pdf("../../étrange <b>.pdf"), "image_file": _png(), "image_alt": "Un tour"}
    answer = desk.post(ADD, {**sent, "published_from": "2026-11-01T09:00"})

    row = Resource.objects.get()
    assert answer.status_code == 302
    with default_storage.open(str(row.file.name)) as file:
        assert file.read() == files.pdf()
    assert (row.file_size, row.image_width, row.image_alt) == (len(files.pdf()), 10, "Un tour")
    # Of the file's own name nothing is kept: it is downloaded under that of the resource.
    assert "trange" not in f"{row.file.name}{row.image.name}"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.summary, entry.about) == (
        "resource.add",
        "Ajout\u00a0: ressource",
        "Préparer sa visite",
    )


def test_a_change_keeps_the_files_that_nobody_touched_and_drops_those_asked(desk: Client) -> None:
    image, file = keep(pictures.image(), "png"), keep(files.pdf(), "pdf")
    row = factories.resource(image=image, image_alt="Un tour", text="Texte", file=file, file_size=9)

    desk.post(_change(row), {**TYPED, "image_alt": "Un tour"})
    row.refresh_from_db()
    assert (row.title, row.image.name, row.file.name) == ("Préparer sa visite", image, file)

    desk.post(_change(row), {**TYPED, "image_alt": "Un tour", "remove_image": "on", "remove_document": "on"})
    row.refresh_from_db()
    assert (row.image.name, row.image_alt, row.image_width, row.file.name, row.file_size) == ("", "", None, "", 0)
    removal, change = AuditEntry.objects.filter(action="resource.change")
    assert "Titre" in change.details["fields"]
    assert removal.details == {"fields": ["Retirer le fichier", "Retirer l’image"]}


def test_files_that_were_replaced_are_erased_once_a_day_old(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [keep(pictures.image(), "png"), keep(files.pdf(), "pdf"), keep(pictures.image(), "png")]
    factories.resource(image=kept[0], image_alt="Un tour", file=kept[1], file_size=9)
    factories.partner(image=kept[2], image_alt="UIMM")
    replaced = keep(files.pdf(), "pdf")
    assert purged(retention.FILE) == 0

    later = timezone.now() + retention.FILE.kept + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    purged(retention.FILE)

    assert [default_storage.exists(name) for name in (*kept, replaced)] == [True, True, True, False]


# Previewed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "template"), [("page", "resource"), ("espace", "visitors")])
def test_a_preview_shows_what_is_typed_and_stores_nothing(desk: Client, where: str, template: str) -> None:
    sent = {**TYPED, "document": _pdf(), "image_file": _png(), "image_alt": "Un tour", "_preview": where}
    before = _stored_files()

    page = desk.post(ADD, sent)

    html = page.content.decode()
    assert page.templates[0].name == f"editorial/{template}.html"
    assert "Aperçu de «\u00a0Préparer sa visite\u00a0»" in html
    assert 'src="data:image/png;base64,' in html
    assert (Resource.objects.count(), AuditEntry.objects.count(), _stored_files()) == (0, 0, before)


def test_a_preview_of_what_is_public_leaves_the_public_version_alone(desk: Client) -> None:
    row = factories.resource(title="Ancien titre", position=1)
    other = factories.resource(title="Autre", position=2)

    page = desk.post(_change(row), {**TYPED, "for_teachers": "on", "position": "9", "_preview": "espace"})

    (section,) = page.context["sections"]
    assert [str(shown) for shown in section.rows] == ["Autre", "Préparer sa visite"]
    row.refresh_from_db()
    assert (row.title, other.position) == ("Ancien titre", 2)
    assert "Ancien titre" in Client().get("/ressources/enseignants/").content.decode()


def test_a_stored_image_that_is_not_public_shows_in_its_preview_and_on_its_form(desk: Client) -> None:
    row = factories.partner(image=keep(pictures.image(), "png"), image_alt="UIMM", published_from=None)

    form = desk.get(_change(row)).content.decode()
    preview = desk.post(
        _change(row), {"name": "UIMM", "kind": "federation", "position": 0, "image_alt": "UIMM", "_preview": "page"}
    ).content.decode()

    assert "data:image/png;base64," in form
    assert "data:image/png;base64," in preview


def test_a_preview_of_what_is_wrong_says_what_is(desk: Client) -> None:
    assert _errors(desk.post(ADD, {**TYPED, "title": "", "_preview": "page"})) == {
        "title": ["Ce champ est obligatoire."]
    }


def _stored_files() -> list[str]:
    return sorted(default_storage.listdir("editorial")[1])


# Refused -------------------------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no space": ({"for_visitors": ""}, "for_teachers", "au moins un espace"),
    "a document without its file": ({"kind": "document"}, "document", "Choisissez le fichier"),
    "a link without its address": ({"kind": "lien"}, "address", "Donnez l’adresse"),
    "a video that is not on the web": ({"kind": "video", "address": "javascript:alert(1)"}, "address", "https://"),
    "advice without a text": ({"text": ""}, "text", "Écrivez le texte"),
    "headings that leave out a level": ({"text": "### Trois"}, "text", "n’en sautez pas"),
    "a length that is none": ({"duration": "longue"}, "duration", "3:45"),
    "a length of days": ({"duration": "99:00:00"}, "duration", "3:45"),
    "an image without words": ({"image_file": pictures.image()}, "image_alt", "Dites ce que montre l’image"),
    "an image with words that say nothing": (
        {"image_file": pictures.image(), "image_alt": "IMG_0001.png"}, "image_alt", "ne dit pas ce que l’on voit",
    ),
    "words without an image": ({"image_alt": "Un tour"}, "image_file", "Choisissez l’image"),
    "an end before the beginning": (
        {"published_from": "2026-11-02T09:00", "published_until": "2026-11-01T09:00"}, "published_until", "finit avant",
    ),
    "an end without a beginning": ({"published_until": "2026-11-01T09:00"}, "published_from", "à partir de quand"),
    "the year 1": ({"published_from": "0001-01-01T00:00"}, "published_from", "l’année"),
    "a control character": ({"title": "Visite\u0007"}, "title", "caractère de contrôle"),
    "a drawing": ({"document": pictures.SVG}, "document", "ni un PDF ni une image"),
    "a page that calls itself a PDF": ({"document": b"<html><script>"}, "document", "ni un PDF ni une image"),
    "EICAR": ({"document": pictures.EICAR}, "document", "ni un PDF ni une image"),
    "a PDF that runs": ({"document": files.pdf(b"/S /JavaScript")}, "document", "contient un programme"),
    "an empty file": ({"document": b""}, "document", "vide"),
    "a file too large": ({"document": files.START + bytes(LARGEST_FILE)}, "document", "8 Mo au plus"),
    "a drawing as image": ({"image_file": pictures.SVG, "image_alt": "Un tour"}, "image_file", "dessin SVG"),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "field", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    desk: Client, sent: dict[str, Any], field: str, words: str
) -> None:
    as_files = {
        name: SimpleUploadedFile("../visite.pdf", value, "application/pdf") if isinstance(value, bytes) else value
        for name, value in sent.items()
    }
    before = _stored_files()

    answer = desk.post(ADD, {**TYPED, **as_files})

    errors = _errors(answer)
    assert list(errors) == [field]
    assert words in errors[field][0].replace("\u00a0", " ")
    shown = answer.content.decode()
    assert [value for name, value in TYPED.items() if name in {"slug", "summary"} and value not in shown] == []
    assert (Resource.objects.count(), _stored_files()) == (0, before)


def test_a_full_disk_is_told_beside_the_file_and_changes_nothing(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    row = factories.resource(title="Ancien titre")

    def full(*args: Any) -> str:
        raise OSError("no space left")

    monkeypatch.setattr("editorial.forms.published.keep", full)
    answer = desk.post(_change(row), {**TYPED, "document": _pdf()})

    assert list(_errors(answer)) == ["document"]
    row.refresh_from_db()
    assert (row.title, row.file.name) == ("Ancien titre", "")


def test_an_address_that_is_taken_is_said(desk: Client) -> None:
    factories.resource(slug=TYPED["slug"])

    assert list(_errors(desk.post(ADD, TYPED))) == ["slug"]


CORRESPONDENT = {"role": "region", "region": "28", "service": "DREETS Normandie", "position": "0"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"region": ""}, "region"),
        ({"role": "presse"}, "region"),
        ({"phone": "06 12 34 56 78"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "industrie@"}, "email"),
        ({"website": "ftp://exemple.fr"}, "website"),
    ],
)
def test_a_correspondent_is_a_service_and_never_a_person(desk: Client, sent: dict[str, str], field: str) -> None:
    factories.commune()
    address = reverse("admin:editorial_correspondent_add")

    refused = desk.post(address, {**CORRESPONDENT, **sent})

    assert list(_errors(refused)) == [field]
    assert desk.post(address, CORRESPONDENT).status_code == 302
    assert Correspondent.objects.get().region_id == "28"


def test_a_correspondent_is_previewed_among_those_of_all_regions(desk: Client) -> None:
    factories.commune()
    row = factories.correspondent(service="DREETS Normandie", position=1)
    factories.correspondent(service="Rectorat", position=2)
    typed = {**CORRESPONDENT, "service": "DREETS de Normandie", "position": "3", "phone": "02 35 00 00 00"}

    page = desk.post(_change(row), {**typed, "_preview": "page"})

    html = page.content.decode()
    shown = {region: [str(s.service) for s in services] for region, services in page.context["correspondents"]}
    assert shown["Normandie"] == ["Rectorat", "DREETS de Normandie"]
    assert "Aperçu de «\N{NO-BREAK SPACE}DREETS de Normandie (Normandie)\N{NO-BREAK SPACE}»" in html
    assert '<a href="tel:+33235000000">02 35 00 00 00</a>' in html
    public = desk.get("/contact/").content.decode()
    assert "DREETS de Normandie" not in public and "Aperçu de" not in public


def test_a_contact_of_the_press_is_previewed_where_the_press_reads_it(desk: Client) -> None:
    factories.correspondent(role=Correspondent.Role.PRESS, service="Bureau de presse")
    typed = {"role": "presse", "region": "", "service": "Service de presse", "position": "0", "_preview": "page"}

    page = desk.post(reverse("admin:editorial_correspondent_add"), typed)

    assert [str(contact.service) for contact in page.context["contacts"]] == ["Bureau de presse", "Service de presse"]
    assert "Aperçu de «\N{NO-BREAK SPACE}Service de presse\N{NO-BREAK SPACE}»" in page.content.decode()
    assert Correspondent.objects.count() == 1


def test_a_correspondent_that_is_refused_is_not_previewed(desk: Client) -> None:
    factories.commune()

    refused = desk.post(
        reverse("admin:editorial_correspondent_add"), {**CORRESPONDENT, "region": "", "_preview": "page"}
    )

    assert list(_errors(refused)) == ["region"]
    assert "S’ouvre dans un autre onglet" in refused.content.decode()


# Who -----------------------------------------------------------------------------------------------------------------

#                              anon org regional communication national superuser
EDITED = {
    "resource": ("A", "A", "403", "302", "302", "302"),
    "partner": ("A", "A", "403", "302", "302", "302"),
    "correspondent": ("A", "A", "403", "403", "302", "302"),
}
DEEDS = ("add", "change", "delete", "preview")
ROLES = ("anonymous", "organiser", "regional", "communication", "national", "superuser")
SENT: dict[str, dict[str, str]] = {
    "resource": TYPED,
    "partner": {"name": "UIMM", "kind": "federation", "position": "0"},
    "correspondent": CORRESPONDENT,
}


@pytest.mark.parametrize(
    ("model", "role", "expected", "deed"),
    [
        (model, role, cell, deed)
        for model, row in EDITED.items()
        for role, cell in zip(ROLES, row, strict=True)
        for deed in DEEDS
    ],
)
def test_each_role_may_edit_what_is_due(model: str, role: str, expected: str, deed: str) -> None:
    row = getattr(factories, model)()
    factories.commune()
    client, before = _client(role), type(row).objects.values().get()
    verb = "change" if deed == "preview" else deed
    address = reverse(f"admin:editorial_{model}_{verb}", args=[] if verb == "add" else [row.pk])
    data = {"post": "yes"} if deed == "delete" else SENT[model]

    answer = client.post(address, {**data, "_preview": "page"} if deed == "preview" else data)

    outcome = "A" if answer.status_code == 302 and "/admin/login/" in answer["Location"] else str(answer.status_code)
    is_allowed = expected == "302"
    assert outcome == ("200" if is_allowed and deed == "preview" else expected)
    is_changed = list(type(row).objects.values()) != [before]
    assert is_changed is (is_allowed and deed != "preview")


def _client(role: str) -> Client:
    client = Client()
    makers: dict[str, Any] = {
        "organiser": factories.organiser,
        "regional": factories.regional,
        "communication": factories.communication,
        "national": factories.national,
        "superuser": lambda: User.objects.create_superuser("chef@exemple.gouv.fr", "x"),
    }
    if role in makers:
        client.force_login(makers[role]())
    return client


@pytest.mark.parametrize("model", [Resource, Partner, Correspondent])
def test_a_list_of_the_admin_costs_the_same_however_long(
    desk: Client, model: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        getattr(factories, model._meta.model_name)()

    with django_assert_max_num_queries(7):
        desk.get(reverse(f"admin:editorial_{model._meta.model_name}_changelist"))


def test_filters_take_the_values_they_offer(desk: Client) -> None:
    factories.resource(title="Pour la presse", for_press=True, kind=Resource.Kind.RELEASE)
    factories.resource(title="Pour la classe")

    found = desk.get("/admin/editorial/resource/?espace=presse&nature=communique")
    unknown = desk.get("/admin/editorial/resource/?espace=%00&nature=x")

    assert [row.title for row in found.context["cl"].result_list] == ["Pour la presse"]
    assert len(unknown.context["cl"].result_list) == 2
