"""What an operator's Prometheus reads at ``/sante/mesures``: requests, mails, the queue and its decisions.

Requests are counted in each process and added up over those of one server (``PROMETHEUS_MULTIPROC_DIR``); the rest is
read from the database when it is asked for. No figure tells of a person.
"""

import os
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.outbox import Mail
from labels.models import Application, Transition

REQUESTS = Counter("semaine_requests", "Requests answered.", ["route", "status"])
SECONDS = Histogram(
    "semaine_request_seconds", "Time to answer.", ["route"], buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
)


def count(route: str, status: int, seconds: float) -> None:
    """One request, by the name of its address: what a stranger types must not name a series."""
    REQUESTS.labels(route, status).inc()
    SECONDS.labels(route).observe(seconds)


class Work(Collector):
    """Mails and applications as they stand, in four queries."""

    def collect(self) -> Iterator[Metric]:
        yield from _mails()
        yield from _applications()


def _mails() -> Iterator[Metric]:
    states = dict(Mail.objects.order_by().values_list("state").annotate(Count("pk")))
    mails = GaugeMetricFamily("semaine_mails", "Mails of the outbox by state.", labels=["state"])
    for state in Mail.State:
        mails.add_metric([state.value], states.get(state.value, 0))
    yield mails
    oldest = Mail.objects.due().aggregate(since=Min("send_after"))["since"]
    yield GaugeMetricFamily(
        "semaine_mail_oldest_unsent_seconds",
        "Since when the mail that waits longest should have left; 0 when none is due.",
        value=(timezone.now() - oldest).total_seconds() if oldest else 0,
    )


def _applications() -> Iterator[Metric]:
    waiting = Application.objects.waiting().order_by().aggregate(count=Count("pk"), since=Min("submitted_at"))
    yield GaugeMetricFamily("semaine_applications_waiting", "Applications to decide.", value=waiting["count"])
    age = (timezone.now() - waiting["since"]).total_seconds() if waiting["since"] else 0
    yield GaugeMetricFamily("semaine_application_oldest_waiting_seconds", "Age of the oldest of them.", value=age)
    # Erasure takes some away: no counter of Prometheus's.
    moves = GaugeMetricFamily("semaine_transitions", "Moves of applications, decisions among them.", labels=["action"])
    for action, number in Transition.objects.order_by().values_list("action").annotate(Count("pk")):
        moves.add_metric([action], number)
    yield moves


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For who bears ``METRICS_TOKEN``; to all others there is nothing here."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(generate_latest(_processes()) + generate_latest(_work()), content_type=CONTENT_TYPE_LATEST)


def _processes() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _work() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Work())
    return registry
