"""Organisations that stand twice under one SIRET are joined before the database refuses it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from tests import factories

# The tables change: nothing of it may be left to a transaction that is undone.
pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("accounts", "0003_numbers_and_invitations")]
AFTER = [("accounts", "0005_one_organisation_a_number")]
SIRET = "55208131766522"


def migrated(targets: list[tuple[str, str]]) -> Any:
    """The models as they are once ``targets`` are reached, forwards or backwards."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def _back_at_the_latest() -> Any:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_back_at_the_latest")
def test_the_first_organisation_of_a_siret_takes_the_events_of_the_others_and_nobody_is_let_in() -> None:
    owner, other = factories.organiser(), factories.organiser()
    kept = factories.organisation(member=owner, name="Fonderie du Port")
    double = factories.organisation(member=other, name="FONDERIE")
    alone = factories.organisation(member=other, siret="35600000049837")
    nameless = [factories.organisation(siret="") for _ in range(2)]
    event = factories.event(organisation=double, title="Visite de la fonderie")
    before = migrated(BEFORE).get_model("accounts", "Organisation")
    before.objects.filter(pk__in=[kept.pk, double.pk]).update(siret=SIRET)

    after = migrated(AFTER).get_model("accounts", "Organisation")

    assert set(after.objects.values_list("pk", flat=True)) == {kept.pk, alone.pk, *(item.pk for item in nameless)}
    event.refresh_from_db()
    assert event.organisation_id == kept.pk
    assert "fonderie du port" in event.search_text and "le havre" in event.search_text
    assert list(after.objects.get(pk=kept.pk).members.values_list("pk", flat=True)) == [owner.pk]
    with pytest.raises(IntegrityError):
        after.objects.create(name="Encore", siret=SIRET)
