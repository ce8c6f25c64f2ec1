"""The log: written once, with who and from where, by nobody changed, erased after a year and by nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, models, transaction
from django.test import RequestFactory

from accounts import audit
from accounts.audit import AuditEntry, record
from accounts.models import User
from core import retention
from tests import factories
from tests.purging import purged

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(at: datetime = NOW, by: User | None = None) -> AuditEntry:
    with time_machine.travel(at, tick=False):
        return record(by, "test.deed", "Fait", about="SI2026-000001", details={"mots": ["a", "b"]})


def plain() -> "models.QuerySet[AuditEntry]":
    """The rows without the promises of their model."""
    return models.QuerySet(AuditEntry)


def test_a_member_of_staff_is_named_an_organiser_is_not() -> None:
    staff, organiser = factories.regional(email="r@exemple.gouv.fr"), factories.organiser()

    assert [entry(by=user).by_name for user in (staff, organiser, None)] == ["r@exemple.gouv.fr", "", ""]


def test_the_address_is_that_of_the_request_being_answered() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    seen: list[AuditEntry] = []

    audit.remember_request(lambda _: seen.append(entry()))(request)  # type: ignore[arg-type,return-value]

    assert (seen[0].address, entry().address) == ("203.0.113.7", None)


WAYS: dict[str, Callable[[AuditEntry], object]] = {
    "save": lambda written: written.save(),
    "delete": lambda written: written.delete(),
    "update": lambda written: AuditEntry.objects.update(summary="Autre"),
    "delete many": lambda written: AuditEntry.objects.all().delete(),
    "update by": lambda written: AuditEntry.objects.filter(pk=written.pk).update(by=None),
    "bulk update": lambda written: AuditEntry.objects.bulk_update([written], ["summary"]),
    "update or create": lambda written: AuditEntry.objects.update_or_create(pk=written.pk, defaults={"by_name": "x"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_model_refuses_every_way_to_change_or_erase(way: str) -> None:
    written = entry()
    written.summary = "Autre"

    with pytest.raises(TypeError), transaction.atomic():
        WAYS[way](written)

    assert AuditEntry.objects.values_list("summary", flat=True).get() == "Fait"


def test_an_account_erased_leaves_its_entries_with_the_name_it_had() -> None:
    staff = factories.regional(email="r@exemple.gouv.fr")
    entry(by=staff)

    staff.delete()

    left = AuditEntry.objects.get()
    assert (left.by, left.by_name, left.summary) == (None, "r@exemple.gouv.fr", "Fait")


def test_an_entry_goes_after_a_year_and_not_before() -> None:
    """By the clock of the machine, which is also the database's."""
    now = datetime.now(UTC)
    entry(now - timedelta(days=365, minutes=5))
    kept = entry(now - timedelta(days=364, hours=23))

    count = purged(retention.LOG)

    assert count == 1
    assert AuditEntry.objects.get() == kept


@pytest.mark.postgresql
@pytest.mark.parametrize("change", [{"summary": "Autre"}, {"by_name": ""}, {"details": {}}, {"address": "203.0.113.7"}])
def test_the_database_itself_refuses_to_change_an_entry(change: dict[str, object]) -> None:
    entry(datetime.now(UTC), by=factories.national(email="n@exemple.gouv.fr"))

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        plain().update(**change)
    with pytest.raises(DatabaseError, match="kept for a year"), transaction.atomic():
        plain().all().delete()
    with pytest.raises(DatabaseError, match="kept for a year"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry")

    assert AuditEntry.objects.get().summary == "Fait"


@pytest.mark.postgresql
def test_the_database_does_not_let_a_deed_change_hands() -> None:
    entry(datetime.now(UTC), by=factories.national())

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        plain().update(by=factories.regional())
