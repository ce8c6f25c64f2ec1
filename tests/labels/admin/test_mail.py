"""The mails that an examiner may read: those about the applications of their régions, never a code."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.audit import AuditEntry
from accounts.models import User
from core import outbox
from core.outbox import Mail
from labels.links import Link
from labels.models import Application, State
from labels.permissions import COMMUNICATION
from tests import factories
from tests.labels.admin.desk import signed_in, text_of

pytestmark = pytest.mark.django_db

MAILS = reverse("admin:core_mail_changelist")


def about(application: Application | None, key: str, **fields: object) -> Mail:
    reference = application.reference if application else ""
    mail = outbox.post(key=key, to=f"{key}@exemple.fr", subject=f"Objet {key}", text="Texte", about=reference)
    Mail.objects.filter(pk=mail.pk).update(**fields)
    return mail


def page_of(mail: Mail) -> str:
    return reverse("admin:core_mail_change", args=[mail.pk])


@pytest.fixture
def mails(here: Application, elsewhere: Application) -> dict[str, Mail]:
    Mail.objects.all().delete()
    return {
        "ici": about(here, "ici", state=Mail.State.FAILED),
        "ailleurs": about(elsewhere, "ailleurs", state=Mail.State.FAILED),
        "divers": about(None, "divers", state=Mail.State.FAILED),
        "code": about(here, "code", state=Mail.State.FAILED, is_secret=True),
    }


def test_a_regional_examiner_lists_and_searches_the_mails_of_their_regions(
    examiner: User, mails: dict[str, Mail]
) -> None:
    client = signed_in(examiner)

    listed = [list(client.get(MAILS, query).context["cl"].result_list) for query in ({}, {"q": "exemple.fr"})]

    assert listed == [[mails["ici"]], [mails["ici"]]]


@pytest.mark.parametrize("view", ["change", "history", "delete"])
@pytest.mark.parametrize("key", ["ailleurs", "divers", "code"])
def test_no_other_mail_exists_for_them(key: str, view: str, examiner: User, mails: dict[str, Mail]) -> None:
    url = reverse(f"admin:core_mail_{view}", args=[mails[key].pk])

    response = signed_in(examiner).get(url)

    assert response.status_code == 404
    assert key not in text_of(response)


def test_only_theirs_are_sent_again_which_is_logged(
    examiner: User, here: Application, mails: dict[str, Mail], mailoutbox: list[object]
) -> None:
    data = {"action": "send_again", "_selected_action": [mail.pk for mail in mails.values()], "index": 0}

    signed_in(examiner).post(MAILS, data)

    waiting = Mail.objects.exclude(state=Mail.State.FAILED)
    assert list(waiting) == [mails["ici"]]
    (entry,) = AuditEntry.objects.filter(action="mail.resend")
    assert (entry.by, entry.about, entry.details) == (examiner, here.reference, {"mail": mails["ici"].pk})


def test_a_mail_that_was_not_refused_is_neither_sent_again_nor_logged(examiner: User, here: Application) -> None:
    sent = about(here, "parti", state=Mail.State.SENT)

    signed_in(examiner).post(MAILS, {"action": "send_again", "_selected_action": [sent.pk], "index": 0})

    assert Mail.objects.get(pk=sent.pk).state == Mail.State.SENT
    assert not AuditEntry.objects.filter(action="mail.resend").exists()


def test_the_national_team_reads_all(mails: dict[str, Mail]) -> None:
    listed = signed_in(factories.national()).get(MAILS).context["cl"].result_list

    assert set(listed) == set(mails.values())


def test_communication_reads_none(mails: dict[str, Mail]) -> None:
    user = factories.organiser(is_staff=True)
    user.groups.add(Group.objects.get(name=COMMUNICATION))
    client = signed_in(user)

    assert [client.get(url).status_code for url in (MAILS, page_of(mails["ici"]))] == [403, 404]


def test_the_list_takes_as_many_queries_for_one_mail_as_for_many(
    examiner: User, here: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Mail.objects.all().delete()
    client = signed_in(examiner)

    for count in (1, 20):
        for rank in range(count):
            about(here, f"courriel-{count}-{rank}", state=Mail.State.SENT)
        with django_assert_num_queries(6):
            client.get(MAILS)


def test_a_mail_follows_its_application_to_another_region(
    examiner: User, here: Application, mails: dict[str, Mail]
) -> None:
    other = factories.application(state=State.DRAFT, commune=factories.commune("69381"))
    Application.objects.filter(pk=here.pk).update(region=other.region)

    assert signed_in(examiner).get(page_of(mails["ici"])).status_code == 404
    assert signed_in(factories.regional("84")).get(page_of(mails["ici"])).status_code == 200


def test_the_link_that_accepts_a_correction_is_shown_to_its_addressee_alone(
    here: Application, settings: Settings
) -> None:
    settings.DEMO = False
    link = Link.PROPOSAL.to("1-2")
    mail = about(here, "correction", text=f"Acceptez-la :\n{link}\nMerci.")

    shown = signed_in(factories.national()).get(page_of(mail))

    assert "Acceptez-la : [lien personnel] Merci." in text_of(shown)
    assert link not in shown.content.decode()
