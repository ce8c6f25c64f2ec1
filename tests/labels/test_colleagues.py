"""Those who share an organisation: invited, let in, promoted, removed, gone."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import invitations, members
from accounts.models import Invitation, Membership, Organisation, User
from core import retention
from core.outbox import Mail
from labels import organisations
from labels.models import Action, Application, Condition, State
from labels.workflow import perform
from tests import factories
from tests.purging import purged

pytestmark = pytest.mark.django_db

OWNER, MEMBER = Membership.Role.OWNER, Membership.Role.MEMBER


@pytest.fixture
def owner() -> User:
    return factories.organiser(name="Olive Responsable")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    return factories.organisation(member=owner, name="Fonderie du Port")


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in(owner)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(organisation: Organisation, **fields: Any) -> User:
    user = factories.organiser(**fields)
    Membership.objects.create(user=user, organisation=organisation, role=MEMBER)
    return user


def address(organisation: Organisation, rest: str = "") -> str:
    return f"/organisateurs/organismes/{organisation.pk}/{rest}"


def invite(client: Client, organisation: Organisation, email: str = "colette@exemple.fr", role: str = "member") -> Any:
    return client.post(address(organisation, "inviter/"), {"email": email, "role": role})


def link(mail: Mail | None = None) -> str:
    text = (mail or Mail.objects.latest("pk")).text
    return next(line for line in text.splitlines() if "/invitations/" in line).removeprefix("http://127.0.0.1:8000")


def roles(organisation: Organisation) -> dict[str, str]:
    return {item.user.email: item.role for item in organisation.memberships.select_related("user")}


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Invitations


def test_an_invited_colleague_reads_the_invitation_then_accepts_it(client: Client, organisation: Organisation) -> None:
    sent = invite(client, organisation, "Colette@Exemple.fr")
    colleague = factories.organiser(email="colette@exemple.fr")
    page = signed_in(colleague).get(link())
    before = roles(organisation)
    accepted = signed_in(colleague).post(link())

    assert (sent.status_code, sent["Location"]) == (303, address(organisation))
    assert "Olive Responsable vous invite" in page.content.decode()
    assert colleague.email not in before
    assert (accepted.status_code, accepted["Location"]) == (303, address(organisation))
    assert roles(organisation)[colleague.email] == "member"
    assert not Invitation.objects.exists()
    assert signed_in(colleague).get(link()).status_code == 410


def test_the_mail_of_an_invitation_is_french_in_text_and_html(client: Client, organisation: Organisation) -> None:
    invite(client, organisation)

    mail = Mail.objects.get()
    assert mail.to == "colette@exemple.fr"
    assert mail.subject == "Invitation à rejoindre Fonderie du Port – Semaine de l’industrie"
    assert "Olive Responsable vous invite" in mail.text
    assert "Olive Responsable vous invite" in mail.html
    assert f'href="http://127.0.0.1:8000{link()}"' in mail.html


def test_an_invitation_says_the_same_whether_or_not_the_address_has_an_account(
    client: Client, organisation: Organisation
) -> None:
    factories.organiser(email="connue@exemple.fr")
    answers = []
    for email in ("connue@exemple.fr", "inconnue@exemple.fr"):
        response = client.post(address(organisation, "inviter/"), {"email": email, "role": "member"}, follow=True)
        answers.append([text.replace(email, "…") for text in said(response)])
    connue, inconnue = Mail.objects.order_by("pk")

    assert answers[0] == answers[1] == ["Une invitation est envoyée à …. Elle est valable quatorze jours."]
    assert connue.text.replace(link(connue), "…") == inconnue.text.replace(link(inconnue), "…")


def test_an_invitation_is_for_the_address_that_it_was_sent_to(client: Client, organisation: Organisation) -> None:
    invite(client, organisation)
    stranger = signed_in(factories.organiser(email="autre@exemple.fr"))

    page = stranger.get(link())
    assert (page.status_code, stranger.post(link()).status_code) == (403, 403)
    assert "Fonderie du Port" not in page.content.decode()
    assert list(roles(organisation)) == [organisation.owners.get().email]


def test_an_invitation_waits_until_its_reader_has_signed_in(client: Client, organisation: Organisation) -> None:
    invite(client, organisation)

    response = Client().get(link())

    assert (response.status_code, response["Location"]) == (302, f"/connexion/?next={link().replace(':', '%3A')}")


@pytest.mark.parametrize("days", [13, 15])
def test_an_invitation_is_good_for_fourteen_days(client: Client, organisation: Organisation, days: int) -> None:
    invite(client, organisation)
    colleague = factories.organiser(email="colette@exemple.fr")

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        status = signed_in(colleague).get(link()).status_code
        erased = purged(retention.INVITATION)

    assert (status, erased) == ((200, 0) if days == 13 else (410, 1))


def test_a_cancelled_invitation_opens_nothing(client: Client, organisation: Organisation) -> None:
    invite(client, organisation)
    pk = Invitation.objects.get().pk
    cancelled = client.post(address(organisation, f"invitations/{pk}/"))
    colleague = signed_in(factories.organiser(email="colette@exemple.fr"))

    assert cancelled.status_code == 303
    assert colleague.post(link()).status_code == 410
    assert len(roles(organisation)) == 1


@pytest.mark.parametrize(
    "token", ["x", "%00", signing.dumps(1, salt="autre"), "a" * 5000], ids=["x", "nul", "other", "long"]
)
def test_a_link_that_we_did_not_sign_is_nowhere(client: Client, token: str) -> None:
    assert client.get(f"/organisateurs/invitations/{token}/").status_code == 404


def test_inviting_again_renews_the_invitation_with_one_mail_an_hour(client: Client, organisation: Organisation) -> None:
    invite(client, organisation)
    invite(client, organisation, role="owner")
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        invite(client, organisation, role="owner")

    invitation = Invitation.objects.get()
    assert invitation.role == "owner"
    assert invitation.expires_at > timezone.now() + timedelta(days=20)
    assert Mail.objects.count() == 2


def test_one_organisation_sends_twenty_invitations_a_day(client: Client, organisation: Organisation) -> None:
    statuses = [invite(client, organisation, f"c{number}@exemple.fr").status_code for number in range(21)]

    assert statuses == [303] * 20 + [429]
    assert Mail.objects.count() == 20


def test_one_person_sends_no_more_by_having_more_organisations(
    client: Client, organisation: Organisation, owner: User
) -> None:
    other = factories.organisation(member=owner)
    for number in range(10):
        invite(client, organisation, f"c{number}@exemple.fr")
        invite(client, other, f"d{number}@exemple.fr")

    refused = invite(client, other, "e@exemple.fr")

    assert (refused.status_code, Mail.objects.count()) == (429, 20)


def test_one_address_is_written_to_five_times_a_day_whoever_invites_it() -> None:
    statuses = []
    for _ in range(6):
        owner = factories.organiser()
        sent = invite(signed_in(owner), factories.organisation(member=owner), "Victime@exemple.fr")
        statuses.append(sent.status_code)

    assert (statuses, Mail.objects.count()) == ([303] * 5 + [429], 5)


@pytest.mark.parametrize(
    "email",
    ["", "a@localhost", "a@b.fr\u202e", "é@b.fr", "a@b.fr,c@d.fr", "A <a@b.fr>", "a\0@b.fr", "a" * 65 + "@b.fr"],
)
def test_a_broken_address_is_refused_beside_its_field(client: Client, organisation: Organisation, email: str) -> None:
    response = invite(client, organisation, email)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["email"]
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(client: Client, organisation: Organisation, owner: User) -> None:
    response = invite(client, organisation, owner.email.upper())

    assert response.context["form"].errors == {"email": ["Cette personne fait déjà partie de l’organisme."]}


def test_a_role_that_is_none_is_refused(client: Client, organisation: Organisation) -> None:
    assert list(invite(client, organisation, role="chef").context["form"].errors) == ["role"]


# Members


def test_a_colleague_shares_the_applications_and_may_go_on_with_them(organisation: Organisation, owner: User) -> None:
    application = factories.application(by=owner, organisation=organisation)
    colleague = signed_in(member(organisation))

    assert application.reference in colleague.get("/organisateurs/").content.decode()
    assert colleague.get(f"/organisateurs/demandes/{application.reference}/evenement/").status_code == 200


@pytest.mark.parametrize("rest", ["inviter/", "ajouter/", "membres/{pk}/role/", "membres/{pk}/retirer/"])
def test_only_owners_rule(organisation: Organisation, owner: User, rest: str) -> None:
    colleague = signed_in(member(organisation))
    path = address(organisation, rest.format(pk=organisation.memberships.get(user=owner).pk))

    response = colleague.post(path, {"email": "a@exemple.fr", "role": "member", "is_confirmed": "on"})

    assert response.status_code == 403
    assert len(roles(organisation)) == 2
    assert "Inviter un collègue" not in colleague.get(address(organisation)).content.decode()


@pytest.mark.parametrize("rest", ["", "inviter/", "ajouter/", "quitter/", "membres/1/role/", "invitations/1/"])
def test_a_stranger_finds_no_organisation(organisation: Organisation, rest: str) -> None:
    stranger = signed_in(factories.organiser())
    call = stranger.post if rest else stranger.get

    assert call(address(organisation, rest)).status_code == 404
    assert call(f"/organisateurs/organismes/{'9' * 40}/{rest}").status_code == 404


def test_the_members_of_another_organisation_are_out_of_reach(client: Client, organisation: Organisation) -> None:
    other = factories.organisation(member=factories.organiser())
    theirs = other.memberships.get()
    waiting = invitations.send(other, "a@exemple.fr", "member", theirs.user)

    paths = [f"membres/{theirs.pk}/role/", f"membres/{theirs.pk}/retirer/", f"invitations/{waiting.pk}/"]
    statuses = [
        client.post(address(organisation, path), {"role": "member", "is_confirmed": "on"}).status_code for path in paths
    ]

    assert statuses == [404] * 3
    assert (roles(other), Invitation.objects.count()) == ({theirs.user.email: "owner"}, 1)


def test_an_owner_names_another_and_steps_back(client: Client, organisation: Organisation, owner: User) -> None:
    colleague = member(organisation)
    mine, theirs = organisation.memberships.order_by("pk")

    refused = client.post(address(organisation, f"membres/{mine.pk}/role/"), {"role": "member"}, follow=True)
    client.post(address(organisation, f"membres/{theirs.pk}/role/"), {"role": "owner"})
    client.post(address(organisation, f"membres/{mine.pk}/role/"), {"role": "member"})

    assert said(refused) == ["Un organisme garde toujours au moins un responsable\u00a0: nommez-en un autre d’abord."]
    assert roles(organisation) == {owner.email: "member", colleague.email: "owner"}


def test_a_broken_role_changes_nothing(client: Client, organisation: Organisation, owner: User) -> None:
    mine = organisation.memberships.get()
    response = client.post(address(organisation, f"membres/{mine.pk}/role/"), {"role": "\0"}, follow=True)

    assert said(response) == ["Choisissez un rôle de la liste."]
    assert roles(organisation) == {owner.email: "owner"}


def test_a_removed_member_is_asked_about_first_and_sees_nothing_any_more(
    client: Client, organisation: Organisation, owner: User
) -> None:
    colleague = member(organisation)
    application = factories.application(state=State.SUBMITTED, by=colleague, organisation=organisation)
    path = address(organisation, f"membres/{organisation.memberships.get(user=colleague).pk}/retirer/")

    asked = client.post(path)
    before = roles(organisation)
    done = client.post(path, {"is_confirmed": "on"})

    assert (asked.status_code, done.status_code) == (200, 303)
    assert len(before) == 2
    assert roles(organisation) == {owner.email: "owner"}
    assert list(Application.objects.of(colleague)) == []
    application.refresh_from_db()
    assert application.created_by == owner
    assert [step.by for step in application.transitions.all()] == [colleague]


def test_who_leaves_hands_over_and_the_oldest_member_answers_for_the_organisation(
    client: Client, organisation: Organisation, owner: User
) -> None:
    first, second = member(organisation), member(organisation)
    application = factories.application(state=State.SUBMITTED, by=owner, organisation=organisation)
    elsewhere = factories.application(by=owner)

    asked = client.post(address(organisation, "quitter/"))
    done = client.post(address(organisation, "quitter/"), {"is_confirmed": "on"})

    assert (asked.status_code, done.status_code) == (200, 303)
    assert roles(organisation) == {first.email: "owner", second.email: "member"}
    assert list(Application.objects.of(owner)) == [elsewhere]
    application.refresh_from_db()
    assert application.created_by == first
    assert client.get(address(organisation)).status_code == 404


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_oldest_open_account_takes_over_from_who_leaves(
    client: Client, organisation: Organisation, owner: User, is_closed: bool
) -> None:
    second = factories.organiser(is_active=not is_closed)
    Membership.objects.create(user=second, organisation=organisation, role=OWNER)
    third = member(organisation)
    application = factories.application(by=owner, organisation=organisation)

    client.post(address(organisation, "quitter/"), {"is_confirmed": "on"})

    application.refresh_from_db()
    assert application.created_by == (third if is_closed else second)


def test_a_decision_not_told_yet_is_told_to_who_takes_over_from_who_leaves(
    client: Client, organisation: Organisation, owner: User, settings: Any
) -> None:
    colleague = member(organisation, name="Colette Collègue")
    application = factories.application(state=State.SUBMITTED, by=owner, organisation=organisation)
    Mail.objects.update(state=Mail.State.SENT)
    settings.DECISION_MAIL_DELAY = 300
    examiner, changes = factories.national(), {"title": "Visite gratuite"}
    decision = perform(
        application, Action.RETURN, by=examiner, note="Précisez.", conditions=[Condition.FREE], changes=changes
    )

    client.post(address(organisation, "quitter/"), {"is_confirmed": "on"})

    told, mail = Mail.objects.order_by("pk")
    assert (mail.key, mail.to, mail.state) == (decision.mail_key, colleague.email, Mail.State.WAITING)
    assert timedelta(seconds=200) < mail.send_after - timezone.now() <= timedelta(seconds=300)
    assert f"/correction/{decision.pk}-{colleague.pk}." in mail.text
    assert told.to == owner.email


def test_a_decision_that_is_leaving_is_told_once(organisation: Organisation, owner: User) -> None:
    member(organisation)
    application = factories.application(state=State.APPROVED, by=owner, organisation=organisation)
    Mail.objects.update(state=Mail.State.SENDING)
    before = list(Mail.objects.order_by("pk").values_list("pk", "to"))

    organisations.leave(organisation, owner)

    assert list(Mail.objects.filter(about=application.reference).order_by("pk").values_list("pk", "to")) == before


def test_the_last_member_does_not_leave(client: Client, organisation: Organisation, owner: User) -> None:
    response = client.post(address(organisation, "quitter/"), {"is_confirmed": "on"}, follow=True)

    assert said(response) == ["Vous êtes la seule personne de cet organisme\u00a0: invitez d’abord un collègue."]
    assert roles(organisation) == {owner.email: "owner"}


def test_who_owns_one_organisation_does_not_own_another(organisation: Organisation, owner: User) -> None:
    colleague = member(organisation)
    factories.organisation(member=colleague)

    assert list(organisation.owners) == [owner]


# Those who applied in its name


def test_an_owner_lets_in_who_applied_in_the_organisations_name(
    client: Client, organisation: Organisation, owner: User
) -> None:
    applicant = factories.organiser(name="Ali Déposant")
    factories.application(by=applicant, organisation=organisation)
    page = client.get(address(organisation)).content.decode()

    client.post(address(organisation, "ajouter/"), {"user": applicant.pk})

    assert "Ali Déposant" in page
    assert roles(organisation) == {owner.email: "owner", applicant.email: "member"}
    assert "sans en être membres" not in client.get(address(organisation)).content.decode()


@pytest.mark.parametrize("value", ["", "0", "\0", "9" * 40, "x"])
def test_nobody_else_is_let_in(client: Client, organisation: Organisation, value: str) -> None:
    stranger = factories.organiser()

    statuses = [
        client.post(address(organisation, "ajouter/"), {"user": user}).status_code for user in (value, stranger.pk)
    ]

    assert statuses == [303, 303]
    assert len(roles(organisation)) == 1


def test_joining_twice_is_joining_once(organisation: Organisation, owner: User) -> None:
    members.join(organisation, owner, MEMBER)

    assert roles(organisation) == {owner.email: "owner"}


# Pages


def test_my_organisations_are_listed(client: Client, organisation: Organisation) -> None:
    factories.organisation(name="Celle d’un autre", member=factories.organiser())
    page = client.get("/organisateurs/organismes/").content.decode()

    assert "Fonderie du Port" in page
    assert "Celle d’un autre" not in page


def test_the_page_of_an_organisation_asks_the_same_of_the_database_whatever_its_size(
    client: Client, organisation: Organisation, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        member(organisation)
        factories.application(by=factories.organiser(), organisation=organisation)
        invitations.send(organisation, f"c{_}@exemple.fr", "member", organisation.owners.get())

    with django_assert_num_queries(7):
        client.get(address(organisation))


def _remove(client: Client, where: str, statuses: list[int]) -> None:
    statuses.append(client.post(where, {"is_confirmed": "on"}).status_code)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_one_stays(
    organisation: Organisation, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.organiser()
    Membership.objects.create(user=other, organisation=organisation, role=OWNER)
    gate, statuses, leave = Barrier(2), list[int](), organisations.leave

    def meet(*args: Any) -> None:
        with suppress(BrokenBarrierError):
            gate.wait(timeout=1)
        leave(*args)

    monkeypatch.setattr(organisations, "leave", meet)
    pks = {item.user_id: item.pk for item in organisation.memberships.all()}
    pairs = [(owner, other), (other, owner)]
    threads = [
        Thread(
            target=_remove, args=(signed_in(by), address(organisation, f"membres/{pks[gone.pk]}/retirer/"), statuses)
        )
        for by, gone in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(statuses), organisation.memberships.count()) == ([303, 404], 1)
