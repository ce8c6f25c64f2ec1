"""The log at the desk: who reads which of its entries, from where people came, and that nobody changes it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from re import findall

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.audit import AuditEntry, record
from accounts.models import User
from accounts.staff import rights_of
from events.admin.kept import KeptAdmin
from events.consequences import Facts
from labels.admin import audit, journal
from labels.admin.log_words import DETAILS, FAMILIES
from labels.admin.presets import PresetForm
from labels.models import Action, Application
from labels.permissions import COMMUNICATION
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import Page, decide, owner_of, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db

LOG = reverse("admin:accounts_auditentry_changelist")
ADDRESS = "203.0.113.7"


def entry_page(entry: AuditEntry) -> str:
    return reverse("admin:accounts_auditentry_change", args=[entry.pk])


def journal_of(application: Application) -> str:
    return reverse("admin:labels_application_journal", args=[application.pk])


def listed(response: Page) -> list[AuditEntry]:
    return list(response.context["cl"].result_list)


def decided(application: Application, by: User, action: Action = Action.APPROVE) -> AuditEntry:
    """A decision taken from ``ADDRESS``."""
    client = signed_in(by)
    client.defaults["REMOTE_ADDR"] = ADDRESS
    assert decide(client, application, action, is_examined="on").status_code == 302
    return AuditEntry.objects.latest("pk")


@pytest.fixture
def both(here: Application, elsewhere: Application) -> tuple[AuditEntry, AuditEntry]:
    """A decision here and one elsewhere, of the national team's."""
    national = factories.national(email="nadia@exemple.gouv.fr")
    return decided(here, national), decided(elsewhere, national)


def test_a_region_reads_what_is_about_its_applications_and_ones_own_deeds(
    examiner: User, here: Application, both: tuple[AuditEntry, AuditEntry]
) -> None:
    own = record(examiner, "export.csv", "Export de la file")
    record(factories.regional("84"), "export.csv", "Export de la file")

    entries = listed(signed_in(examiner).get(LOG))

    submitted = AuditEntry.objects.get(action="application.submit", about=here.reference)
    assert entries == [own, both[0], submitted]


@pytest.mark.parametrize("query", ["q={there}", "action=application.approve", "periode=aujourdhui", "q=nadia"])
def test_no_filter_nor_search_tells_of_another_region(
    query: str, examiner: User, elsewhere: Application, both: tuple[AuditEntry, AuditEntry]
) -> None:
    response = signed_in(examiner).get(f"{LOG}?{query.format(there=elsewhere.reference)}")

    assert both[1] not in listed(response)
    assert elsewhere.reference not in "".join(map(str, listed(response)))


def test_another_regions_entry_does_not_exist(examiner: User, both: tuple[AuditEntry, AuditEntry]) -> None:
    client = signed_in(examiner)

    assert [client.get(entry_page(entry)).status_code for entry in both] == [200, 404]


def test_the_address_is_told_to_the_national_team_alone(
    examiner: User, here: Application, both: tuple[AuditEntry, AuditEntry]
) -> None:
    pages = [LOG, entry_page(both[0]), journal_of(here)]

    regional = [ADDRESS in text_of(signed_in(examiner).get(page)) for page in pages]
    national = [ADDRESS in text_of(signed_in(factories.national()).get(page)) for page in pages]

    assert both[0].address == ADDRESS
    assert (regional, national) == ([False] * 3, [True] * 3)


def test_communication_reads_nothing(here: Application, both: tuple[AuditEntry, AuditEntry]) -> None:
    user = factories.organiser(is_staff=True)
    user.groups.add(Group.objects.get(name=COMMUNICATION))
    client = signed_in(user)

    assert [client.get(page).status_code for page in (LOG, entry_page(both[0]), journal_of(here))] == [403, 404, 404]


def test_who_reads_applications_but_not_the_log_has_no_journal(reader: User, here: Application) -> None:
    client = signed_in(reader)

    assert client.get(journal_of(here)).status_code == 403
    assert journal_of(here) not in client.get(page_of(here)).content.decode()


@pytest.mark.parametrize("role", ["regional", "national", "superuser"])
def test_nobody_changes_or_erases_an_entry(role: str, both: tuple[AuditEntry, AuditEntry]) -> None:
    makers = {
        "regional": factories.regional,
        "national": factories.national,
        "superuser": lambda: User.objects.create_superuser("chef@exemple.gouv.fr", "x"),
    }
    client, count = signed_in(makers[role]()), AuditEntry.objects.count()
    erase = reverse("admin:accounts_auditentry_delete", args=[both[0].pk])
    selected = {"action": "delete_selected", "_selected_action": [both[0].pk], "post": "yes"}

    answers = [
        client.post(entry_page(both[0]), {"summary": "Autre"}),
        client.post(erase, {"post": "yes"}),
        client.get(erase),
        client.post(LOG, selected),
        client.delete(entry_page(both[0])),
        client.put(entry_page(both[0])),
    ]

    assert [answer.status_code for answer in answers] == [405] * 6
    assert client.post(reverse("admin:accounts_auditentry_add"), {"summary": "Faux"}).status_code == 403
    assert AuditEntry.objects.filter(summary=both[0].summary).count() == 2
    assert AuditEntry.objects.count() == count


def test_an_entry_is_read_in_words_with_a_way_to_its_application(here: Application) -> None:
    national = factories.national(email="nadia@exemple.gouv.fr")
    entry = record(national, "mail.resend", "Courriel remis", about=here.reference, details={"copies": ["<b>", 2]})

    page = signed_in(national).get(entry_page(entry))

    assert f'<a href="{page_of(here)}">{here.reference}</a>' in page.content.decode()
    text = text_of(page)
    for words in ("nadia@exemple.gouv.fr", "Courriel remis", "copies : <b>, 2"):
        assert words in text
    assert "Historique" not in text


def test_the_log_is_filtered_by_action_person_period_and_reference(
    here: Application, both: tuple[AuditEntry, AuditEntry]
) -> None:
    national = User.objects.get(email="nadia@exemple.gouv.fr")
    with time_machine.travel(datetime(2026, 3, 15, 12, tzinfo=UTC)):
        old = record(national, "mail.resend", "Courriel remis")
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        client = signed_in(factories.national())

        def found(query: str) -> list[AuditEntry]:
            return listed(client.get(f"{LOG}?{query}"))

        assert found("action=mail") == [old]
        assert found("periode=2026-03") == [old]
        assert found("periode=30-jours&action=mail") == []
        assert found(f"personne={national.pk}") == [old, both[1], both[0]]
        assert found("action=application.approve") == [both[1], both[0]]
        assert found(f"q={here.reference.lower()}&action=application.approve") == [both[0]]
        assert found("q=NADIA&action=mail") == [old]


@pytest.mark.parametrize("query", ["q=%00", "action=%00", "personne=x", "periode=2026-99", "p=99999", "by=1"])
def test_a_broken_query_string_is_no_failure(query: str) -> None:
    client = signed_in(factories.national())

    assert client.get(f"{LOG}?{query}").status_code == (400 if query == "by=1" else 200)


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "1\0"])
def test_an_entry_that_does_not_exist_is_not_found(key: str) -> None:
    page = reverse("admin:accounts_auditentry_change", args=["0"]).replace("/0/", f"/{key}/")

    assert signed_in(factories.national()).get(page).status_code == 404


def test_a_regional_examiner_is_offered_the_people_who_act_on_what_they_see(examiner: User) -> None:
    factories.regional("84", name="Autre Région")
    factories.national(name="Nadia Nationale")

    (people,) = [
        spec for spec in signed_in(examiner).get(LOG).context["cl"].filter_specs if isinstance(spec, audit.PersonFilter)
    ]

    assert sorted(label for _, label in people.lookup_choices) == ["Nadia Nationale", "Rachida Régionale"]


def test_the_journal_of_an_application_tells_all_that_was_done_to_it(examiner: User, here: Application) -> None:
    decided(here, examiner)
    owner = owner_of(here)
    here.refresh_from_db()
    perform(here, Action.CANCEL, by=owner, note="Fermé.")

    page = signed_in(examiner).get(journal_of(here))

    done = [(doer, entry.summary) for entry, doer, _ in page.context["rows"]]
    assert done == [
        (str(owner), "Événement annulé"),
        (examiner.email, "Label accordé"),
        (str(owner), "Demande déposée"),
    ]


def test_another_regions_journal_does_not_exist(examiner: User, elsewhere: Application) -> None:
    assert signed_in(examiner).get(journal_of(elsewhere)).status_code == 404


def test_a_long_journal_says_where_the_rest_is(
    here: Application, examiner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "AT_MOST", 2)
    for _ in range(2):
        record(examiner, "mail.resend", "Courriel remis", about=here.reference)

    page = signed_in(examiner).get(journal_of(here))

    assert len(page.context["rows"]) == 2
    assert f"{LOG}?q={here.reference}" in page.content.decode()


def test_pages_take_as_many_queries_for_one_entry_as_for_many(
    examiner: User, here: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(examiner)
    for _ in range(2):
        with django_assert_num_queries(7):
            client.get(LOG)
        with django_assert_num_queries(7):
            client.get(journal_of(here))
        for person in (examiner, factories.national(), owner_of(here)):
            record(person, "mail.resend", "Courriel remis", about=here.reference)


def test_the_count_is_bounded(examiner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "COUNTED_AT_MOST", 3)
    for _ in range(5):
        record(examiner, "mail.resend", "Courriel remis")

    assert signed_in(examiner).get(LOG).context["cl"].result_count == 3


def test_every_action_that_is_logged_is_offered_as_a_filter() -> None:
    root = Path(settings.BASE_DIR)
    sources = [path for app in ("accounts", "core", "events", "labels", "pages") for path in (root / app).rglob("*.py")]
    logged = {
        family
        for path in sources
        for family in findall(r"record\(\s*[^,()]+(?:\([^()]*\))?,\s*f?\"([a-z_]+)\.", path.read_text())
    }

    # What the admin keeps of public pages is logged under the name of its model.
    logged |= {model._meta.model_name for model, owner in site._registry.items() if isinstance(owner, KeptAdmin)}
    assert logged >= {"application", "mail", "edition"}
    assert logged <= FAMILIES.keys()


def test_what_an_entry_tells_of_an_edition_or_an_account_has_names_in_french() -> None:
    edition = factories.edition()
    account = factories.regional("28")
    names = {*Facts.of(edition, edition.audiences.all()).as_json(), *rights_of(account), *PresetForm.Meta.fields}

    assert names <= DETAILS.keys()


@pytest.mark.parametrize("typed", ["\x01", "\0", "e" + "\u0301" * 5])
def test_a_search_that_no_text_may_hold_is_refused_in_words(typed: str, both: tuple[AuditEntry, AuditEntry]) -> None:
    response = signed_in(factories.national()).get(LOG, {"q": typed})

    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def test_the_journal_tells_who_took_its_contacts_away_and_the_entry_of_others_is_no_link(
    examiner: User, here: Application, elsewhere: Application
) -> None:
    national, there = factories.national(email="nadia@exemple.gouv.fr"), factories.regional("84")
    export = reverse("admin:labels_application_export")
    for person, contacts in ((national, "avec"), (national, ""), (there, "avec"), (examiner, "avec")):
        signed_in(person).post(f"{export}?etat=toutes", {"format": "csv", "contacts": contacts}).getvalue()

    page = signed_in(examiner).get(journal_of(here))

    told = [(doer, is_readable) for entry, doer, is_readable in page.context["rows"] if "export" in entry.action]
    assert told == [(examiner.email, True), (national.email, False)]
    assert "Demandes exportées avec les coordonnées (2)" in text_of(page)


@pytest.mark.parametrize(
    ("keys", "told"), [([], ""), ([3], "3"), ([5, 1, 2, 3, 9, 10], "1-3,5,9-10"), (range(1, 55_001), "1-55000")]
)
def test_many_keys_are_kept_in_few_words(keys: Iterable[int], told: str) -> None:
    kept = set(keys)

    assert journal.spans(kept) == told
    assert {key for key in range(60_000 if len(kept) > 9 else 20) if journal.holds(told, key)} == kept
