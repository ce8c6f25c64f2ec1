"""Nobody decides on an application of an organisation they belong to, whichever way they try; and reversals."""

import pytest
from pytest_django import Settings

from accounts.models import Membership, User
from core.outbox import Mail
from labels.models import Action, Application, State, Transition
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import confirm, decide, organisation_of, owner_of, signed_in, state_of, text_of

pytestmark = pytest.mark.django_db

REASON = {"note": "Payant.", "conditions": ["free"], "is_examined": "on"}


def joins(user: User, application: Application) -> None:
    Membership.objects.create(user=user, organisation=organisation_of(application))


def revised() -> Application:
    application = factories.application(state=State.APPROVED)
    perform(application, Action.REVISE, by=owner_of(application), changes={"title": "Visite de nuit"})
    return application


@pytest.fixture(params=["regional", "national", "superuser"])
def insider(request: pytest.FixtureRequest) -> User:
    makers = {"regional": factories.regional, "national": factories.national}
    maker = makers.get(request.param)
    return maker() if maker else User.objects.create_superuser("chef@exemple.gouv.fr", "x")


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (Action.APPROVE, State.SUBMITTED),
        (Action.RETURN, State.SUBMITTED),
        (Action.REFUSE, State.SUBMITTED),
        (Action.REVOKE, State.APPROVED),
        (Action.CANCEL, State.APPROVED),
        (Action.REVERSE, State.REFUSED),
    ],
)
def test_one_by_one(action: Action, state: State, insider: User) -> None:
    application = factories.application(state=state)
    joins(insider, application)

    response = decide(signed_in(insider), application, action, **REASON)

    assert (response.status_code, state_of(application)) == (403, state)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN, Action.REFUSE])
def test_in_bulk(action: Action, insider: User) -> None:
    own, other = (factories.application(state=State.SUBMITTED) for _ in range(2))
    joins(insider, own)
    client = signed_in(insider)

    text = text_of(client.get(confirm(client, action, own, other, **REASON).url, follow=True))

    assert "1 demande laissée de côté : de vous ou de votre organisation." in text
    assert state_of(own) == State.SUBMITTED != state_of(other)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.DECLINE])
def test_a_change_of_ones_own(action: Action, insider: User) -> None:
    application = revised()
    joins(insider, application)

    response = decide(signed_in(insider), application, action, **REASON)

    assert response.status_code == 403
    assert application.revisions.get().is_pending


def test_an_undo_by_who_joined_meanwhile(insider: User, settings: Settings) -> None:
    settings.DECISION_MAIL_DELAY = 300
    application = factories.application(state=State.SUBMITTED)
    perform(application, Action.APPROVE, by=insider)
    joins(insider, application)

    response = decide(signed_in(insider), application, Action.UNDO)

    assert (response.status_code, state_of(application)) == (403, State.APPROVED)


def test_a_reversal_corrects_what_was_told() -> None:
    refused = factories.application(state=State.REFUSED)

    decide(signed_in(factories.national()), refused, Action.REVERSE, note="La gratuité a été établie.")

    reversal = Transition.objects.latest("pk")
    mail = Mail.objects.get(key=reversal.mail_key)
    assert mail.to == owner_of(refused).email
    assert mail.subject == "Demande réexaminée – Visite de la fonderie"
    text = " ".join(mail.text.split())
    assert "L’équipe nationale est revenue sur la décision prise pour votre demande de label." in text
    assert "Cette décision est annulée et la demande est de nouveau à l’examen." in text
    assert "La gratuité a été établie." in text
    assert "n’est plus publié" not in text


def test_a_reversal_without_a_reason_or_of_what_is_not_decided_changes_nothing() -> None:
    client = signed_in(factories.national())
    refused, waiting = (factories.application(state=state) for state in (State.REFUSED, State.SUBMITTED))

    without_reason = decide(client, refused, Action.REVERSE)
    undecided = decide(client, waiting, Action.REVERSE, note="Erreur.")

    assert "Indiquez le motif." in text_of(without_reason)
    assert undecided.status_code == 409
    assert (state_of(refused), state_of(waiting)) == (State.REFUSED, State.SUBMITTED)
    assert not Transition.objects.filter(action=Action.REVERSE).exists()


def test_who_was_too_late_finds_what_they_wrote_and_that_no_second_mail_left(examiner: User, here: Application) -> None:
    seen = Application.objects.get(pk=here.pk)
    perform(here, Action.APPROVE, by=factories.national())
    mails = Mail.objects.count()

    response = decide(signed_in(examiner), seen, Action.REFUSE, conditions=["dates", "free"], note="Mes mots.")

    text = text_of(response)
    assert response.status_code == 409
    assert "Votre décision (« Refuser ») sur la demande" in text
    assert "aucun second courriel n’est parti" in text
    assert "Label accordé , par Nadia Nationale, le" in text
    assert "Conditions non remplies : Dates, Gratuité Mes mots." in text
    assert Mail.objects.count() == mails
