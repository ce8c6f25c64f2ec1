"""Two workers send the morning's digests at once, on the real database: each examiner reads one."""

from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from core.outbox import Mail
from labels.models import State
from labels.tasks import send_digests
from tests import factories
from tests.labels.test_tasks import MONDAY


def _send(gate: Barrier) -> None:
    try:
        gate.wait(timeout=10)
        send_digests()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_post_one_digest_to_each() -> None:
    examiners = [factories.regional("28") for _ in range(8)]
    factories.application(state=State.SUBMITTED)
    gate = Barrier(2)
    workers = [Thread(target=_send, args=(gate,)) for _ in range(2)]

    with time_machine.travel(MONDAY):
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)

    posted = Mail.objects.filter(key__startswith="digest-").order_by("pk").values_list("to", flat=True)
    assert sorted(posted) == sorted([*(user.email for user in examiners), "traits@exemple.gouv.fr"])
