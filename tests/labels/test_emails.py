"""What organisers and examiners read in their mails, with a title and a reason made to break them."""

import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, Organisation, User
from core.outbox import Mail
from events.models import Event
from labels import digests
from labels.emails import send_digest, tell_organiser
from labels.models import Action, Application, Condition, State, Transition
from labels.workflow import perform
from tests import factories

pytestmark = pytest.mark.django_db

TITLE = "L'usine <b>« A & B »</b> {{ x }}"
NOTE = "Le tarif de 5 € n'est pas <gratuit> & doit être retiré.\nMerci d'écrire « gratuit »."
CONDITIONS = [Condition.FREE, Condition.DATES]
SITE = "http://127.0.0.1:8000"
# Action: where it starts from, and what its mail must say besides title, reference and link.
FACTS: dict[Action, tuple[State, list[str]]] = {
    Action.SUBMIT: (State.DRAFT, ["Réponse promise au plus tard"]),
    Action.APPROVE: (State.SUBMITTED, ["Numéro de label", "{label}", "{page}"]),
    Action.RETURN: (State.SUBMITTED, ["Conditions du label à revoir", "{reasons}", "même après la date limite"]),
    Action.REFUSE: (State.SUBMITTED, ["Conditions non remplies", "{reasons}", f"{SITE}/contact/"]),
    Action.WITHDRAW: (State.SUBMITTED, ["Vous avez retiré votre demande"]),
    Action.CANCEL: (State.APPROVED, ["{label}", "{page}", "{note}", "« Annulé »"]),
    Action.REVOKE: (State.APPROVED, ["{label}", "Conditions non remplies", "{reasons}", "n’est plus publié"]),
    Action.REVERSE: (State.APPROVED, ["{note}", "de nouveau à l’examen", "l’événement n’est plus publié"]),
    Action.REVISE: (State.APPROVED, ["{label}", "{page}", "garde la version labellisée"]),
    Action.ACCEPT: (State.APPROVED, ["{label}", "{page}", "elle est en ligne"]),
    Action.DECLINE: (State.APPROVED, ["{label}", "{page}", "{reasons}", "garde son label"]),
}
BY_OWNER = {Action.SUBMIT, Action.WITHDRAW, Action.CANCEL, Action.REVISE}
WITH_REASONS = {Action.RETURN, Action.REFUSE, Action.REVOKE, Action.DECLINE}


class _Reader(HTMLParser):
    """The text that a mail reader shows, its tags, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(html.partition("<body")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.words.append(" " if tag == "br" else "")
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return _flat("".join(self.words))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _mail_of(action: Action, **fields: Any) -> tuple[Mail, Application]:
    """The mail of ``action``, taken on an application that a careless person filled in."""
    state, _ = FACTS[action]
    owner = factories.organiser(name="Zoé & Cie", email="zoe@exemple.fr")
    application = factories.application(state=state, by=owner, title=TITLE, **fields)
    examiner = factories.national()
    if action in {Action.ACCEPT, Action.DECLINE}:
        perform(application, Action.REVISE, by=owner, changes={"title": "Un autre titre"})
    transition = perform(
        application,
        action,
        by=owner if action in BY_OWNER else examiner,
        note=NOTE,
        conditions=CONDITIONS if action in WITH_REASONS else [],
        changes={"title": "Un autre titre"} if action == Action.REVISE else None,
    )
    application.refresh_from_db()
    return Mail.objects.get(key=transition.mail_key), application


def _expected(action: Action, application: Application) -> list[str]:
    event = application.event
    facts = [event.title, application.reference]
    parts: dict[str, list[Any]] = {
        "{label}": [event.label_number],
        "{page}": [SITE + event.get_absolute_url()],
        "{note}": [_flat(NOTE)],
        "{reasons}": ["Dates", "Gratuité", _flat(NOTE)],
    }
    for fact in FACTS[action][1]:
        facts += parts.get(fact, [fact])
    return [*facts, f"{SITE}/organisateurs/demandes/{application.reference}/"]


@pytest.mark.parametrize("action", FACTS)
def test_the_text_says_all_of_it_as_it_was_written(action: Action) -> None:
    mail, application = _mail_of(action)

    text = _flat(mail.text)
    assert [fact for fact in _expected(action, application) if _flat(fact) not in text] == []
    assert text.startswith("Bonjour Zoé & Cie,")
    assert re.findall(r"&\w+;|&#\d+;|\{[{%]|\bNone\b", mail.text.replace("{{ x }}", "")) == []


@pytest.mark.parametrize("action", FACTS)
def test_the_html_says_the_same_and_takes_no_tag_from_people(action: Action) -> None:
    mail, application = _mail_of(action)

    read = _Reader(mail.html)
    said = read.text + " " + " ".join(read.links)
    assert [fact for fact in _expected(action, application) if _flat(fact) not in said] == []
    assert read.tags.isdisjoint({"b", "gratuit", "script", "img", "form"})
    assert "Bonjour Zoé & Cie," in read.text
    assert re.findall(r"&\w+;|\{[{%]|\bNone\b", read.text.replace("{{ x }}", "")) == []


@pytest.mark.parametrize("action", FACTS)
def test_the_state_and_the_reason_are_read_without_signing_in(action: Action, client: Client) -> None:
    mail, application = _mail_of(action)

    links = [link for link in _Reader(mail.html).links if link.startswith(f"{SITE}/suivi/")]
    assert len(links) == 1 and links[0] in mail.text
    page = client.get(links[0].removeprefix(SITE))
    assert (page.status_code, application.reference in page.content.decode()) == (200, True)


@pytest.mark.parametrize("action", FACTS)
def test_nothing_says_that_nobody_reads_the_answer(action: Action) -> None:
    mail, _ = _mail_of(action)

    assert re.findall("automatique|ne pas répondre|pas lues", mail.text + mail.html) == []
    assert "Répondez à ce message" in mail.text and "Répondez à ce message" in mail.html


@pytest.mark.parametrize("action", FACTS)
def test_the_subject_is_one_line_that_names_the_event(action: Action) -> None:
    mail, application = _mail_of(action)

    assert mail.subject.endswith(f" – {application.event.title}")
    assert application.reference not in mail.subject
    assert mail.subject == _one_line(mail.subject)
    assert mail.to == "zoe@exemple.fr"


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()).strip()


@pytest.mark.parametrize("action", FACTS)
def test_the_lines_of_the_text_hold_in_a_narrow_window(action: Action) -> None:
    mail, _ = _mail_of(action)

    ours = [line for line in mail.text.splitlines() if "http" not in line and TITLE not in line]
    assert [line for line in ours if len(line) > 76] == []
    assert "\n\n\n" not in mail.text
    assert not mail.text.startswith("\n")


@pytest.mark.parametrize("action", FACTS)
def test_somebody_without_a_name_is_greeted_without_one(action: Action) -> None:
    _, application = _mail_of(action)
    User.objects.filter(email="zoe@exemple.fr").update(name="")
    Mail.objects.all().delete()

    tell_organiser(Transition.objects.filter(application=application).latest("pk"))

    mail = Mail.objects.get()
    assert mail.text.startswith("Bonjour,\n\n")
    assert "Bonjour," in _Reader(mail.html).text


def test_the_receipt_gives_the_promised_date_in_french() -> None:
    submitted_at = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Europe/Paris"))
    with time_machine.travel(submitted_at, tick=False):
        mail, application = _mail_of(Action.SUBMIT)

    assert application.promised_on == date(2026, 12, 2)
    assert "Réponse promise au plus tard : mercredi 2 décembre 2026\n" in _plain(mail.text)
    assert "Réponse promise au plus tard : mercredi 2 décembre 2026." in _plain(_Reader(mail.html).text)


def _plain(text: str) -> str:
    """With ordinary spaces, to compare sentences rather than typography."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_corrected_application_is_received_as_corrected() -> None:
    owner = factories.organiser()
    application = factories.application(state=State.RETURNED, by=owner)
    transition = perform(application, Action.SUBMIT, by=owner)

    mail = Mail.objects.get(key=transition.mail_key)
    assert "votre demande de label, corrigée, pour l’événement" in _flat(mail.text)
    assert "votre demande de label, corrigée." in _Reader(mail.html).text


def test_one_condition_is_named_in_the_singular() -> None:
    application = factories.application(state=State.SUBMITTED)
    transition = perform(application, Action.REFUSE, by=factories.national(), note="Payant.", conditions=["free"])

    mail = Mail.objects.get(key=transition.mail_key)
    assert "\nCondition non remplie :\n- Gratuité\n" in _plain(mail.text)
    assert "Condition non remplie" in _Reader(mail.html).text


def test_an_event_cancelled_by_an_examiner_is_not_said_to_be_cancelled_by_its_organiser() -> None:
    application = factories.application(state=State.APPROVED)
    transition = perform(application, Action.CANCEL, by=factories.national(), note="Site fermé.")

    text = Mail.objects.get(key=transition.mail_key).text
    assert "Votre événement vient d’être marqué comme annulé." in text
    assert "Vous avez annulé" not in text


def test_a_return_that_is_reversed_says_nothing_of_publication() -> None:
    application = factories.application(state=State.RETURNED)
    transition = perform(application, Action.REVERSE, by=factories.national(), note="Par erreur.")

    mail = Mail.objects.get(key=transition.mail_key)
    assert "publié" not in mail.text
    assert "publié" not in mail.html


@pytest.mark.parametrize("action", [Action.SUBMIT, Action.APPROVE])
def test_an_online_event_is_not_promised_a_place_on_the_map(action: Action) -> None:
    mail, _ = _mail_of(action, attendance=Event.Attendance.ONLINE)

    assert "carte" not in mail.text
    assert "carte" not in mail.html


def _morning() -> digests.Morning:
    today = timezone.localdate()
    return digests.Morning(today, digests.country(today))


def test_the_digest_names_what_waits_and_what_is_late() -> None:
    factories.commune()
    examiner = factories.regional("28", name="Zoé & Cie")
    late = factories.application(state=State.SUBMITTED, title=TITLE)
    soon = factories.application(state=State.SUBMITTED, title="Portes ouvertes")
    today = timezone.localdate()
    Application.objects.filter(pk=late.pk).update(promised_on=today - timedelta(days=1))
    Application.objects.filter(pk=soon.pk).update(promised_on=today + timedelta(days=3))

    sent = send_digest(examiner, _morning())

    mail = Mail.objects.get(to=examiner.email)
    read = _Reader(mail.html)
    assert sent
    assert mail.subject == "2 demandes à décider, dont 1 en retard"
    assert "2 demandes de label attendent une décision dans vos régions" in mail.text
    assert "- En retard : 1\n" in _plain(mail.text)
    assert f"- {late.reference} – {TITLE}\n  Normandie, réponse promise" in mail.text
    assert mail.text.count("(en retard)") == mail.html.count("(en retard)") == 1
    assert [text.index(late.reference) < text.index(soon.reference) for text in (mail.text, read.text)] == [True, True]
    assert TITLE in read.text
    assert f"{SITE}/admin/labels/application/" in mail.text
    assert f"{SITE}/admin/labels/application/" in read.links
    assert "PLUS URGENTES" not in mail.text


def test_one_application_that_waits_is_told_in_the_singular() -> None:
    examiner = factories.regional("28")
    factories.application(state=State.SUBMITTED)

    send_digest(examiner, _morning())

    mail = Mail.objects.get(to=examiner.email)
    assert mail.subject == "1 demande à décider"
    assert "1 demande de label attend une décision" in mail.text


def test_a_long_queue_is_told_by_its_twenty_most_urgent() -> None:
    examiner = factories.regional("28")
    for _ in range(21):
        factories.application(state=State.SUBMITTED)

    send_digest(examiner, _morning())

    mail = Mail.objects.get(to=examiner.email)
    assert mail.subject == "21 demandes à décider"
    assert mail.text.count("\n- SI") == 20
    assert "LES 20 PLUS URGENTES" in mail.text
    assert "Les 20 plus urgentes" in _Reader(mail.html).text


# Who is written to


def _organisation_of(application: Application) -> Organisation:
    assert application.event.organisation
    return application.event.organisation


def test_the_author_alone_is_told_while_their_account_lives() -> None:
    application = factories.application(state=State.SUBMITTED)
    author = application.created_by
    assert author
    Membership.objects.create(user=factories.organiser(), organisation=_organisation_of(application))
    Mail.objects.all().delete()

    perform(application, Action.APPROVE, by=factories.national())

    assert [mail.to for mail in Mail.objects.all()] == [author.email]


@pytest.mark.parametrize("is_erased", [True, False])
def test_owners_are_told_where_the_author_is_gone_and_an_undo_takes_every_copy_back(
    is_erased: bool, settings: Settings
) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED)
    organisation = _organisation_of(application)
    owners = [factories.organiser(), factories.organiser()]
    for owner in owners:
        Membership.objects.create(user=owner, organisation=organisation)
    Membership.objects.create(user=factories.organiser(), organisation=organisation, role=Membership.Role.MEMBER)
    author = User.objects.filter(applications=application)
    author.delete() if is_erased else author.update(is_active=False)
    application = Application.objects.get(pk=application.pk)
    Mail.objects.all().delete()
    examiner = factories.national()

    perform(application, Action.APPROVE, by=examiner)
    assert {mail.to for mail in Mail.objects.all()} == {owner.email for owner in owners}
    perform(application, Action.UNDO, by=examiner)

    assert {mail.state for mail in Mail.objects.all()} == {Mail.State.CANCELLED}


def test_a_member_is_told_where_no_owner_is_left() -> None:
    application = factories.application(state=State.SUBMITTED)
    member = factories.organiser()
    Membership.objects.create(user=member, organisation=_organisation_of(application), role=Membership.Role.MEMBER)
    User.objects.filter(applications=application).delete()
    application = Application.objects.get(pk=application.pk)
    Mail.objects.all().delete()

    perform(application, Action.APPROVE, by=factories.national())

    assert [mail.to for mail in Mail.objects.all()] == [member.email]


def test_a_colleague_who_withdraws_is_not_taken_for_the_reader() -> None:
    application = factories.application(state=State.SUBMITTED)
    colleague = factories.organiser()
    Membership.objects.create(user=colleague, organisation=_organisation_of(application))

    transition = perform(application, Action.WITHDRAW, by=colleague)

    assert "Votre demande de label a été retirée." in Mail.objects.get(key=transition.mail_key).text
