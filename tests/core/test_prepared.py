"""Questions written once find what the querysets that they were written from find."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.prepared import Prepared
from events.models import Event, Slot
from labels.models import Application
from places.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db
_JOINED = ("event__edition", "event__organisation", "event__commune", "event__region", "created_by")


def by_reference(reference: str) -> models.QuerySet[Application]:
    return Application.objects.select_related(*_JOINED).filter(reference=reference)


def values_of(row: models.Model | None) -> dict[str, Any] | None:
    return None if row is None else {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def as_read(application: Application) -> list[dict[str, Any] | None]:
    event = application.event
    others = (event, event.edition, event.organisation, event.commune, event.region, application.created_by)
    return [values_of(row) for row in (application, *others)]


@pytest.fixture
def bare() -> Application:
    application = factories.application(price=None)
    Event.objects.filter(pk=application.event_id).update(organisation=None, commune=None, region=None)
    return application


@pytest.fixture
def full() -> Application:
    application = factories.application(price=Decimal("2.50"), is_full=True)
    Application.objects.filter(pk=application.pk).update(submitted_at=timezone.now() - timedelta(days=3))
    return application


def test_each_row_is_as_its_queryset_reads_it_with_all_that_is_joined(
    full: Application, bare: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prepared = Prepared(by_reference, reference=str)

    for reference in (full.reference, bare.reference, full.reference):
        expected = as_read(by_reference(reference).get())
        with django_assert_num_queries(1):
            found = as_read(prepared.get(reference=reference))
        assert found == expected
        assert [type(value) for row in found if row for value in row.values()] == [
            type(value) for row in expected if row for value in row.values()
        ]
    assert by_reference(bare.reference).get().event.organisation is None


def test_a_row_that_is_read_is_stored_and_may_be_saved(full: Application) -> None:
    found = Prepared(by_reference, reference=str).get(reference=full.reference)

    found.contact_name = "Colette"
    found.save(update_fields=["contact_name"])

    assert Application.objects.get(pk=full.pk).contact_name == "Colette"
    assert (found._state.adding, found._state.db) == (False, "default")
    assert found == full


def test_rows_come_all_and_in_their_order(full: Application) -> None:
    for days in (2, 1, 3):
        day = timezone.localdate() + timedelta(days=days)
        Slot.objects.create(event=full.event, date=day, start_time=time(9), end_time=time(10))

    found = Prepared(lambda event: Slot.objects.filter(event=event), event=int).rows(event=full.event_id)

    assert [slot.date for slot in found] == [slot.date for slot in full.event.slots.all()]
    assert len(found) > 3


def test_what_nobody_has_is_the_model_s_own_error(full: Application) -> None:
    prepared = Prepared(by_reference, reference=str)

    assert prepared.rows(reference="SI1999-000001") == []
    with pytest.raises(Application.DoesNotExist):
        prepared.get(reference="' OR 1=1 --")


@pytest.mark.parametrize(
    "build",
    [
        lambda key: Event.objects.filter(title=str(key)[:3]),
        lambda key: Event.objects.filter(pk=key + 1),
        lambda key: Event.objects.filter(title__icontains=key),
        lambda key: Event.objects.all(),
    ],
)
def test_a_question_that_does_not_ask_for_its_value_as_it_is_is_refused(
    build: Callable[[int], models.QuerySet[Event]],
) -> None:
    with pytest.raises(ValueError, match="key"):
        Prepared(build, key=int).rows(key=1)


def test_the_question_is_written_once(full: Application) -> None:
    written = []

    def build(code: str) -> models.QuerySet[Commune]:
        written.append(code)
        return Commune.objects.filter(code=code)

    prepared = Prepared(build, code=str)

    codes = [factories.commune(code).code for code in ("76351", "69381")]

    assert [prepared.get(code=code).code for code in codes] == codes
    assert len(written) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_rows_are_held_in_a_transaction_alone_at_the_second_asking_too() -> None:
    code = factories.commune().code
    prepared = Prepared(lambda code: Commune.objects.select_for_update().filter(code=code), code=str)
    with transaction.atomic():
        assert prepared.get(code=code).code == code

    with pytest.raises(transaction.TransactionManagementError):
        prepared.get(code=code)


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_first_at_once_each_find_their_own() -> None:
    codes = [factories.commune(code).code for code in ("76351", "69381", "97411", "97302")] * 10
    prepared = Prepared(lambda code: Commune.objects.filter(code=code), code=str)

    def ask(code: str) -> str:
        try:
            return prepared.get(code=code).code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, codes)) == codes
