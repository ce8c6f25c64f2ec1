"""An application entrusted to the examiners of another région: who sees it before and after, and what is logged."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.audit import AuditEntry
from core.outbox import Mail
from events.models import Event
from labels.models import Action, Application, State
from labels.workflow import MoveRefused, NotePending, perform
from places.models import Region
from tests import factories

pytestmark = pytest.mark.django_db
WHY = "Le siège de l’organisateur est à Lyon."


@pytest.fixture
def application() -> Application:
    factories.commune("69381")
    return factories.application(state=State.SUBMITTED)


def test_an_application_moved_leaves_one_region_for_the_other_and_says_so(application: Application) -> None:
    here, there = factories.regional("28"), factories.regional("84")
    Application.objects.filter(pk=application.pk).update(assigned_to=here)
    application.refresh_from_db()
    mails = Mail.objects.count()

    transition = perform(application, Action.MOVE, by=here, note=WHY, changes={"region": "84"})

    application.refresh_from_db()
    assert (application.state, application.region_id, application.is_moved) == (State.SUBMITTED, "84", True)
    assert application.assigned_to is None
    assert not Application.objects.visible_to(here).exists()
    assert Application.objects.visible_to(there).get() == application
    assert (transition.before, transition.changes, transition.note) == ({"region": "28"}, {"region": "84"}, WHY)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.by, entry.action, entry.about) == (here, "application.move", application.reference)
    assert Mail.objects.count() == mails


def test_an_application_moved_stays_there_whatever_is_decided_and_may_come_back(application: Application) -> None:
    there, national = factories.regional("84"), factories.national()
    perform(application, Action.MOVE, by=national, note=WHY, changes={"region": "84"})
    perform(application, Action.APPROVE, by=there)
    assert (application.region_id, application.due_on) == ("84", None)

    perform(application, Action.MOVE, by=there, note="Retour.", changes={"region": "28"})

    assert (application.region_id, application.is_moved) == ("28", False)


def test_the_national_team_takes_and_gives_what_has_no_region() -> None:
    online = factories.application(state=State.SUBMITTED, attendance=Event.Attendance.ONLINE)
    factories.commune()
    examiner = factories.regional("28")
    assert online.region is None

    perform(online, Action.MOVE, by=factories.national(), note=WHY, changes={"region": "28"})
    perform(online, Action.MOVE, by=examiner, note="À vous.", changes={"region": None})

    assert (online.region, online.is_moved) == (None, False)
    assert not Application.objects.visible_to(examiner).exists()


@pytest.mark.parametrize("code", ["28", "00", ""])
def test_it_moves_to_another_region_that_exists(code: str, application: Application) -> None:
    with pytest.raises(MoveRefused):
        perform(application, Action.MOVE, by=factories.regional("28"), note=WHY, changes={"region": code})

    application.refresh_from_db()
    assert (application.region_id, application.transitions.count()) == ("28", 1)


def test_a_reason_is_asked_for_and_a_stranger_refused(application: Application) -> None:
    with pytest.raises(NotePending):
        perform(application, Action.MOVE, by=factories.regional("28"), changes={"region": "84"})
    with pytest.raises(PermissionDenied):
        perform(application, Action.MOVE, by=factories.regional("84"), note=WHY, changes={"region": "84"})
    with pytest.raises(PermissionDenied):
        perform(application, Action.MOVE, by=factories.organiser(), note=WHY, changes={"region": "84"})

    assert Region.objects.get(applications=application).code == "28"


def test_the_queue_follows_a_change_of_place_that_waits(application: Application) -> None:
    perform(application, Action.APPROVE, by=factories.national())
    owner = application.created_by
    assert application.due_on is None and owner

    perform(application, Action.REVISE, by=owner, changes={"title": "Un autre titre de visite"})

    (revision,) = application.revisions.all()
    assert application.promised_on == revision.promised_on
    assert application.due_on == min(revision.promised_on, application.event.edition.week_starts_on)
    perform(application, Action.DECLINE, by=factories.national(), note="Non.", conditions=["industry"])
    assert application.due_on is None
